"""Runs over time as SVG: what is on it, that equal charts are equal, that nothing escapes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.engine.states import State
from jobnet.pictures.gantt import (
    ROWS_MAX,
    TICKS_MAX,
    WIDTH,
    Bar,
    Chart,
    Row,
    gantt_svg,
    tick_label,
    ticks,
)

NIGHT = datetime(2026, 5, 29, 13, 0, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def chart(
    *rows: Row, seconds: float = 7200, title: str = "night", zone: str = "Asia/Tokyo"
) -> Chart:
    return Chart(
        title=title,
        state=State.NORMAL,
        zone=ZoneInfo(zone),
        start=NIGHT,
        end=NIGHT + timedelta(seconds=seconds),
        rows=rows,
    )


def row(name: str, first: float, last: float, state: State = State.RUNNING) -> Row:
    bar = Bar(
        state=state, start=NIGHT + timedelta(seconds=first), end=NIGHT + timedelta(seconds=last)
    )
    return Row(name=name, depth=0, state=State.NORMAL, bars=(bar,))


def bars(svg: str) -> list[tuple[float, float]]:
    """Return where the bars begin and how wide they are; the ground is none."""
    rects = list(ET.fromstring(svg).iter(f"{SVG}rect"))[1:]  # noqa: S314 - written by ourselves
    return [(float(each.get("x", "")), float(each.get("width", ""))) for each in rects]


def words(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


def test_a_bar_is_as_long_as_its_time_and_begins_where_the_one_before_ends() -> None:
    svg = gantt_svg([chart(row("load", 0, 1800), row("report", 1800, 7200))])

    (left, width), (next_left, next_width) = bars(svg)
    assert next_left == pytest.approx(left + width, abs=0.2)
    assert next_width == pytest.approx(3 * width, abs=0.3)


def test_every_part_has_its_name_and_its_state_as_a_word() -> None:
    svg = gantt_svg([chart(row("load", 0, 60), Row(name="never", depth=1, state=State.NOT_RUN))])

    assert {"night", "load", "never", "Normal", "Not run"} <= set(words(svg))
    assert "from 2026-05-29 22:00:00 JST" in words(svg)


def test_a_part_that_took_no_time_is_a_point() -> None:
    svg = gantt_svg([chart(Row(name="ask", depth=0, state=State.NORMAL, ended=NIGHT))])

    assert len(list(ET.fromstring(svg).iter(f"{SVG}circle"))) == 1  # noqa: S314


def test_equal_charts_are_equal_bytes() -> None:
    one = [chart(row("load", 0, 60)), chart(row("load", 5, 60), title="other")]

    assert gantt_svg(one) == gantt_svg(one)


def test_charts_stand_below_each_other() -> None:
    one = gantt_svg([chart(row("load", 0, 60))])
    two = gantt_svg([chart(row("load", 0, 60)), chart(row("load", 0, 60))])

    assert len(bars(two)) == 2 * len(bars(one))
    assert int(ET.fromstring(two).get("height", "")) > int(  # noqa: S314
        ET.fromstring(one).get("height", "")  # noqa: S314
    )


@pytest.mark.parametrize(
    "name", ["<script>x</script>", "\"' onload='x'", "]]>&lt;", "a\x00\x1b[2J\ud800b", "W" * 5000]
)
def test_names_are_only_text(name: str) -> None:
    svg = gantt_svg([chart(row(name, 0, 60), title=name)])

    tags = {each.tag.removeprefix(SVG) for each in ET.fromstring(svg).iter()}  # noqa: S314
    assert tags <= {"svg", "title", "rect", "g", "path", "text", "circle"}
    svg.encode("utf-8")


def test_a_chart_with_more_parts_than_fit_says_how_many_are_left_out() -> None:
    svg = gantt_svg([chart(*(row(f"p{n}", 0, 1) for n in range(ROWS_MAX + 5)))])

    assert "... 5 more parts" in words(svg)


@given(
    seconds=st.floats(0, 10**8), zone=st.sampled_from(["UTC", "Asia/Kathmandu", "Europe/Berlin"])
)
def test_ticks_are_few_in_order_and_inside(seconds: float, zone: str) -> None:
    one = chart(seconds=seconds, zone=zone)

    found = ticks(one)

    assert len(found) <= TICKS_MAX + 1
    assert all(one.start <= at <= max(one.end, one.start) for at in found)
    assert all(before < after for before, after in pairwise(found))


def test_ticks_are_round_on_the_wall() -> None:
    one = chart(zone="Asia/Kathmandu", seconds=6 * 3600)

    labels = [tick_label(one, at) for at in ticks(one)]

    assert labels[0] == "19:00"
    assert all(label.endswith(":00") for label in labels)


@given(first=st.floats(-100, 10**6), last=st.floats(-100, 10**6))
def test_no_bar_leaves_the_picture(first: float, last: float) -> None:
    svg = gantt_svg([chart(row("load", first, max(first, last)))])

    assert all(x >= 0 and width >= 2 and x + width <= WIDTH for x, width in bars(svg))
