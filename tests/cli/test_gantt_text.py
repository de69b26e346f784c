"""The run over time in characters: as wide as asked for, every stretch in its place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from jobnet.cli.gantt_text import gantt_lines
from jobnet.engine.states import State
from jobnet.pictures.gantt import Bar, Chart, Row
from rich.cells import cell_len

NIGHT = datetime(2026, 5, 29, 13, 0, tzinfo=UTC)


def bar(state: State, first: float, last: float) -> Bar:
    return Bar(
        state=state, start=NIGHT + timedelta(minutes=first), end=NIGHT + timedelta(minutes=last)
    )


def lines(*rows: Row, width: int = 60, is_unicode: bool = False) -> list[str]:
    chart = Chart(
        title="night",
        state=State.NORMAL,
        zone=ZoneInfo("UTC"),
        start=NIGHT,
        end=NIGHT + timedelta(hours=1),
        rows=rows,
    )
    return [line.plain for line in gantt_lines(chart, width=width, is_unicode=is_unicode)]


def row(name: str, *bars: Bar, state: State = State.NORMAL, **more: object) -> Row:
    return Row(name=name, depth=0, state=state, bars=bars, **more)  # type: ignore[arg-type]


def test_each_stretch_has_its_mark_and_its_length() -> None:
    waited = bar(State.WAITING, 0, 30)

    _, line = lines(row("load", waited, bar(State.RUNNING, 30, 60)), width=59)

    assert line.count(".") == line.count("#") == 16
    assert line.index(".") < line.index("#")
    assert line.endswith(" Normal")


def test_the_shortest_stretch_is_seen_and_a_part_without_time_is_a_sign() -> None:
    short = row("short", bar(State.RUNNING, 59.99, 60))
    point = row("point", ended=NIGHT)

    _, first, second = lines(short, point)

    assert first.count("#") == 1
    assert second.split() == ["point", "+", "Normal"]


@pytest.mark.parametrize("width", [20, 60, 200])
@pytest.mark.parametrize("name", ["load", "月次バックアップ" * 9, "x" * 300, "a\x1b[2Jb"])
def test_names_of_any_width_keep_the_columns(width: int, name: str) -> None:
    _, one, other = lines(
        row(name, bar(State.RUNNING, 0, 60)), row("x", bar(State.RUNNING, 0, 60)), width=width
    )

    assert cell_len(one.split("#")[0]) == cell_len(other.split("#")[0])
    assert "\x1b" not in one


def test_the_scale_has_round_times() -> None:
    scale, *_ = lines(row("load", bar(State.RUNNING, 0, 60)), width=100)

    assert scale.split() == ["13:00", "13:10", "13:20", "13:30", "13:40", "13:50"]
