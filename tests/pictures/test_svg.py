"""The SVG of networks and runs: what is on it, and that nothing from outside can do more."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.engine.states import State
from jobnet.ids import PartId
from jobnet.pictures import outline_of_network, to_svg
from jobnet.pictures.looks import LOOKS, word_of
from jobnet.pictures.outline import Lane, Outline, Role, Step

from tests.engine.building import bundle, job, network, parallel
from tests.pictures.making import FILE, picture
from tests.pictures.reading import NETWORKS, ROOT, drawn, parsed, texts, titles

HOSTILE = {
    "markup": '<script>alert(1)</script><image href="http://example.com/x"/>',
    "quotes": "\"' onload='alert(1)' x=\"",
    "entity": "&lt;&#60;&bogus;&",
    "cdata": "]]><!-- --><?xml version='1.0'?>",
    "controls": "a\x00b\x1b[2Jc\r\nd\x7f\x85",
    "surrogate": "a\ud800b\uffffc",
    "turned round": "abc\u202egnp.exe\u2066",
    "right to left": "النسخ الاحتياطي الشهري " * 5,
    "wide": "月次バックアップ" * 30,
    "huge": "W" * 10_000,
    "nothing": "",
    "white": " \n\t ",
}
ELEMENTS = {"svg", "title", "desc", "rect", "g", "path", "text", "circle"}


def outline(*steps: Step, **more: object) -> Outline:
    given: dict[str, object] = {"title": "Night", "subtitles": (), **more}
    return Outline(lane=Lane(role=Role.FLOW, label="", steps=steps), **given)  # type: ignore[arg-type]


def step(name: str = "load", **more: object) -> Step:
    return Step(key=name, id=PartId("load"), name=name, kind="job", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(State))
def test_a_state_is_a_word_a_symbol_and_a_colour(state: State) -> None:
    look = LOOKS[state]

    svg = to_svg(outline(step(state=state, standing="3m12s")))

    [shown] = [each for each in parsed(svg).iter() if each.text == f"{word_of(state)}, 3m12s"]
    [symbol, *_] = [each for each in parsed(svg).iter() if each.get("d") == look.symbol]
    assert shown.get("fill") == look.tone.line
    assert symbol.get("stroke") == look.tone.line


@pytest.mark.parametrize("kind", ["symbol", "word"])
def test_no_two_states_look_the_same(kind: str) -> None:
    looks = [(LOOKS[state].symbol, word_of(state)) for state in State if state is not State.PLANNED]

    seen = {look[0] if kind == "symbol" else look[1] for look in looks}

    shared = 1 if kind == "symbol" else 0  # LOST and PROMPTING ask, in red and in purple
    assert len(seen) == len(looks) - shared


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_is_shown_and_does_nothing(text: str) -> None:
    main = network(job("load"), parallel("both", job("one"), job("two")), title=text, calendar=text)
    given = outline_of_network(bundle(main))
    lanes = (Lane(role=Role.BRANCH, label=text[:300], steps=(step(text[:300]),)),)

    for svg in (
        to_svg(given),
        to_svg(outline(step(given.title, lanes=lanes * 2, says=given.title, message=given.title))),
    ):
        root = parsed(svg)
        assert {each.tag.rpartition("}")[2] for each in root.iter()} <= ELEMENTS
        assert not any(
            name.startswith(("on", "href", "{")) for each in root.iter() for name in each.attrib
        )
        assert len(svg) < 30_000


def test_a_picture_refers_to_nothing_outside_of_itself() -> None:
    svg = to_svg(drawn(NETWORKS / "every_part.yml"))

    without_namespace = svg.replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"http|url\(|href|src=|@import|<style| id=|<!", without_namespace)


def test_a_picture_is_told_to_those_who_cannot_see_it() -> None:
    svg = to_svg(outline(step("load", state=State.LOST), title="Night", state=State.LOST))

    root = parsed(svg)

    assert root.get("role") == "img"
    assert [each.tag.rpartition("}")[2] for each in root][:2] == ["title", "desc"]
    assert root[0].text == "Night"
    assert root[1].text == "1 parts; the run is Lost; 1 Lost."


def test_the_title_of_a_part_holds_what_its_box_has_no_room_for() -> None:
    words = "a message that no box has room for, however wide it is drawn " * 3

    svg = to_svg(outline(step("load", says=words, message="no space left", state=State.ABNORMAL)))

    assert words.strip() not in texts(svg)
    assert titles(svg)[-1].splitlines() == [
        "load",
        "Job load",
        words.strip(),
        "Abnormal",
        "no space left",
    ]


def test_what_has_not_been_entered_is_dashed() -> None:
    ran, rested = step("ran", state=State.NORMAL), step("rested", state=State.NOT_RUN)

    def boxes(one: Step) -> list[str | None]:
        return [each.get("stroke-dasharray") for each in parsed(to_svg(outline(one))).iter()]

    assert not any(boxes(ran))
    assert any(boxes(rested))


def test_warnings_stand_above_the_picture() -> None:
    svg = to_svg(outline(step(), warnings=("The definition has changed.",)))

    assert "The definition has changed." in texts(svg)


def test_the_same_network_gives_the_same_bytes() -> None:
    first = to_svg(drawn(NETWORKS / "every_part.yml"))

    second = to_svg(drawn(NETWORKS / "every_part.yml"))

    assert first == second


def test_a_network_without_parts_is_a_picture_too() -> None:
    svg = to_svg(outline())

    assert parsed(svg).get("width")


@given(text=st.text(max_size=60))
def test_any_text_gives_well_formed_xml(text: str) -> None:
    network_of = network(job("load"), title=text)

    svg = to_svg(outline_of_network(bundle(network_of)))

    assert parsed(svg).tag.endswith("svg")


def test_two_thousand_parts_are_drawn_in_well_under_a_second() -> None:
    flows = tuple(
        tuple(job(f"part{column}_{row}", on_error="continue") for row in range(50))
        for column in range(40)
    )
    given = outline_of_network(bundle(network(parallel("all", *flows))))
    began = time.process_time()

    svg = to_svg(given)

    assert time.process_time() - began < 1.0
    assert svg.count("<g>") >= 2_000


def test_the_picture_of_the_readme_is_up_to_date() -> None:
    drawn_now = picture()

    kept = FILE.read_text(encoding="utf-8")

    assert kept == drawn_now, "draw it anew: .venv/bin/python -m tests.pictures.making"
    assert "docs/pictures/monthly-backup.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
