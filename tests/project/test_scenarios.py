"""Scenarios are read with all of their problems at once, at their places, and options like them."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobnet.calendars import parse_clock_time
from jobnet.definition import Bundle
from jobnet.engine.states import State
from jobnet.errors.simulation import ScenarioRefused, SimulationOptionRefused
from jobnet.project import bundle, read_file, select_network
from jobnet.project.composing import DEPTH_MAX
from jobnet.project.scenarios import Given, read_given, read_scenarios, said_of

NETWORK = """
kind: network
name: net
hosts: db
flow:
  - {id: load, ansible.builtin.command: load}
  - {id: ask, dialog: {message: Go?, choices: {go: 0}}}
  - {id: report, ansible.builtin.command: report}
"""
TABLE = {
    "given: {fial: {load: 1}}": "1:9: given: `fial` is not known here. Did you mean `fail`?",
    "given: {fail: {laod: 1}}": "1:16: given.fail: No part is called `laod`. Did you mean `load`?",
    "given: {fail: {load: 0}}": "1:22: given.fail.load: 0 is not between 1 and 2147483647.",
    "given: {fail: {load: bad}}": "1:22: given.fail.load: 'bad' is no whole number.",
    "given: {duration: {load: 20}}": "1:26: given.duration.load: 20 has no unit. Write 20s or 10m.",
    "given: {lose: [report, repot]}": "1:24: given.lose: No part is called `repot`. Did you mean",
    "given: {at: yesterday}": "1:13: given.at: 'yesterday' is no time. Write it as 2026-05-29",
    "given: {at: 2026-02-30T10:00}": "1:13: given.at: '2026-02-30T10:00' is no time.",
    "given: {day: 29.5.2026}": "1:14: given.day: '29.5.2026' is no date. Write it as 2026-12-31.",
    "given: {output: {load: 3}}": "1:24: given.output.load: A mapping belongs here.",
    "given: []": "1:8: given: A mapping belongs here.",
    "expect: {state: abnormall}": "1:17: expect.state: `abnormall` is not known here. Did you mean",
    "expect: {parts: {load: norml}}": "1:24: expect.parts.load: `norml` is not known here. Did you",
    "expect: {parts: {load: {held: 3}}}": "expect.parts.load.held: '3' is neither yes nor no.",
    "expect: {parts: {load: {hold: yes}}}": "`hold` is not known here. Did you mean `held`?",
    "expect: {order: [load, repot]}": "1:24: expect.order: No part is called `repot`. Did you mean",
    "expect: {by: {load: 2200}}": '1:21: expect.by.load: 2200 is a number. Write "22:00".',
    "expect: {alerts: [late_ned]}": "1:19: expect.alerts[0]: `late_ned` is not known here. Did you",
    "expect: {no_alerts: lat_end}": "`lat_end` is not known here. Did you mean `late_end`?",
    "exepct: {}": "1:1: `exepct` is not known here. Did you mean `expect`?",
    "- given: {}\n- 3": "2:3: A scenario is a mapping. Write `given:`.",
    "": "There is no scenario in this file. Write `given:` and `expect:`.",
    "given: {": "This is no YAML:",
}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    file = tmp_path_factory.mktemp("project") / "net.yml"
    file.write_text(NETWORK)
    reading = read_file(file)
    return bundle(reading, select_network(reading))


def problems(folder: Path, text: str, network: Bundle) -> list[str]:
    file = folder / "scenarios.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioRefused) as refused:
        read_scenarios(str(file), network)
    return [str(problem).removeprefix(f"{file}:").strip() for problem in refused.value.problems]


@pytest.mark.parametrize("text", TABLE)
def test_a_problem_is_told_at_its_place(text: str, tmp_path: Path, network: Bundle) -> None:
    (told,) = problems(tmp_path, text, network)

    assert TABLE[text] in told


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path, network: Bundle) -> None:
    text = "given: {fail: {laod: 1}}\nexpect: {state: bad}\n---\ngiven: {lose: nobody}\n"

    told = problems(tmp_path, text, network)

    assert [each.split(":")[0] for each in told] == ["1", "2", "4"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path, network: Bundle) -> None:
    with pytest.raises(ScenarioRefused, match="cannot be opened"):
        read_scenarios(str(tmp_path / "none.yml"), network)


def test_documents_and_lists_are_scenarios(tmp_path: Path, network: Bundle) -> None:
    file = tmp_path / "scenarios.yml"
    file.write_text("- {name: one}\n- {}\n---\nexpect: {parts: {load: normal}}\n")

    found = read_scenarios(str(file), network)

    assert [each.name for each in found] == ["one", "line 2", "line 4"]
    assert found[2].expect.parts["load"].state is State.NORMAL


def test_a_scenario_gives_what_stands_in_it(tmp_path: Path, network: Bundle) -> None:
    file = tmp_path / "scenarios.yml"
    file.write_text(
        "given: {at: 2026-05-29T22:00, day: 2026-05-28, params: {n: 1}, fail: {load#2: 3},"
        " lose: report, duration: {load: 1h}, answer: {ask: {choice: go, form: {why: so}}},"
        " output: {load: {rows: [1]}}, artifact: {load: a.txt}, usual: {load: 5m}}"
    )

    (found,) = read_scenarios(str(file), network)

    assert found.given == Given(
        at="2026-05-29T22:00",
        day="2026-05-28",
        params={"n": 1},
        fail={"load#2": 3},
        lose={"report": None},
        duration={"load": timedelta(hours=1)},
        answers=("ask=go", "ask.why=so"),
        outputs={"load": {"rows": [1]}},
        artifacts={"load": ("a.txt",)},
        usual={"load": timedelta(minutes=5)},
    )


def test_options_give_the_same_as_a_file(network: Bundle) -> None:
    options = [
        ("fail", "load", "3"),
        ("lose", "report", ""),
        ("duration", "load", "1h"),
        ("output", "load", "rows=[1]"),
        ("output", "load", "note=two: three: four"),
        ("artifact", "load", "a.txt"),
        ("artifact", "load", "b.txt"),
    ]

    found = read_given(network, options=options, answers=["ask=go"])

    assert found == Given(
        fail={"load": 3},
        lose={"report": None},
        duration={"load": timedelta(hours=1)},
        answers=("ask=go",),
        outputs={"load": {"rows": [1], "note": "two: three: four"}},
        artifacts={"load": ("a.txt", "b.txt")},
    )


def test_orders_are_written_in_one_line_or_as_a_mapping(tmp_path: Path, network: Bundle) -> None:
    file = tmp_path / "scenarios.yml"
    file.write_text(
        "given:\n"
        "  lose: {load: '26:10'}\n"
        "  node_lost_after: 5m\n"
        "  orders:\n"
        "    - 02:15 skip load\n"
        "    - 02:20 comment - called the bank\n"
        "    - {at: '02:30', order: change_result, part: load, value: normal, exit_code: 3}\n"
    )

    (found,) = read_scenarios(str(file), network)

    assert found.given.lose == {"load": parse_clock_time("26:10")}
    assert found.given.node_lost_after == timedelta(minutes=5)
    assert [str(order) for order in found.given.orders] == [
        "02:15 skip load",
        "02:20 comment called the bank",
        "02:30 change-result load normal",
    ]
    assert found.given.orders[2].exit_code == 3


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("02:15 skip laod", "orders: No part is called `laod`. Did you mean `load`?"),
        ("02:15 skip", "skip needs a part. Write `02:15 skip PART`"),
        ("02:15 kill", ""),
        ("02:15 explode load", "'explode' is no order. Write one of answer"),
        ("2015 skip load", "orders[0]: '2015' is no clock time"),
        ("02:15 answer ask", "answer needs a choice. Write `02:15 answer ask CHOICE`"),
        ("02:15 skip load now", "skip takes no value"),
        ("", "orders"),
    ],
)
def test_an_order_that_nobody_could_give_is_refused_at_its_place(
    order: str, words: str, network: Bundle
) -> None:
    options = [("orders", order, "")]
    if not words:
        assert read_given(network, options=options, answers=()).orders
        return

    with pytest.raises(SimulationOptionRefused) as refused:
        read_given(network, options=options, answers=())

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("fail", "laod", "1"), "fail: No part is called `laod`. Did you mean `load`?"),
        (("fail", "load", "often"), "fail.load: 'often' is no whole number"),
        (("duration", "load", "20"), "duration.load: 20 has no unit. Write 20s"),
        (("lose", "", ""), "lose"),
    ],
)
def test_an_option_that_says_nothing_is_refused(
    option: tuple[str, str, str], words: str, network: Bundle
) -> None:
    with pytest.raises(SimulationOptionRefused) as refused:
        read_given(network, options=[option], answers=())

    assert words in str(refused.value)


def test_what_a_scenario_gives_comes_before_what_was_typed() -> None:
    typed = Given(at="2026-05-29T22:00", day="2026-05-01", fail={"a": 1, "b": 1}, lose={"c": None})
    own = Given(at="2026-05-30T22:00", fail={"a": 2}, lose={"d": None}, answers=("x=2",))

    assert own.over(typed) == Given(
        at="2026-05-30T22:00",
        day="2026-05-01",
        fail={"a": 2, "b": 1},
        lose={"c": None, "d": None},
        answers=("x=2",),
    )


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["load", "load#2", "batch.load", "batch.load#2"], "batch.load#2"),
        (["load", "load#2", "batch.load"], "load#2"),
        (["load", "batch.load", "load#3"], "batch.load"),
        (["load", "other.load"], "load"),
        (["other.load", "oad"], None),
        ([], None),
    ],
)
def test_the_name_that_says_most_counts(names: list[str], found: str | None) -> None:
    assert said_of(names, "batch.load", 2) == found


def laugh(name: str, before: str) -> str:
    return f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"


HOSTILE = {
    "deep": "given: " + "[" * (DEPTH_MAX + 9) + "]" * (DEPTH_MAX + 9),
    "many": "- {}\n" * 1_001,
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(map(laugh, "bcdefghi", "abcdefgh")),
    "binary": "given: {fail: {\x00: 1}}",
    "controls": 'given: {fail: {"\\u001b[2J": 1}}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words(name: str, tmp_path: Path, network: Bundle) -> None:
    told = problems(tmp_path, HOSTILE[name], network)

    assert told
    assert all(line.isprintable() for line in told)


WORDS = st.sampled_from(["given", "expect", "fail", "load", "state", "parts", "at", "by", "order"])
TREES = st.recursive(
    st.one_of(WORDS, st.integers(), st.none(), st.booleans(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=TREES)
def test_any_content_is_scenarios_or_refused(tree: object, tmp_path: Path, network: Bundle) -> None:
    file = tmp_path / "scenarios.yml"
    file.write_text(repr(tree).replace("None", "null"), encoding="utf-8")

    told: tuple[object, ...] = ()
    found: tuple[object, ...] = ()
    try:
        found = read_scenarios(str(file), network)
    except ScenarioRefused as refused:
        told = refused.problems

    assert bool(found) != bool(told)
