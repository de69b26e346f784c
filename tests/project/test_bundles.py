"""Which network is meant, and what a run of it pins: every name resolved, or told."""

from pathlib import Path

import pytest
from jobnet.definition import Notify, SubNetwork, walk
from jobnet.errors.project import (
    DefinitionRefused,
    NetworkAmbiguous,
    NetworkNotFound,
    ParamsRefused,
)
from jobnet.project import bundle, convert_params, lint, read_file, read_project, select_network

from tests.project.written import EXAMPLES, network, read


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def net(name: str, flow: str = "[{wait_for: 1s}]", more: str = "") -> str:
    return f"kind: network\nname: {name}\n{more}flow: {flow}\n"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_can_be_bundled_and_has_no_unexpected_warning(path: Path) -> None:
    reading = read_file(path)

    if reading.networks:
        assert bundle(reading, select_network(reading)).network.flow
    expected = ["not_yet"] if path.stem == "attributes" else []
    assert [one.code for one in lint(reading)] == expected


def test_the_network_named_like_the_file_is_meant(tmp_path: Path) -> None:
    reading = read(tmp_path, net("a") + "---\n" + net("nightly"), name="nightly.yml")

    assert select_network(reading) == "nightly"
    assert select_network(reading, "a") == "a"


def test_else_the_only_one_that_no_other_calls(tmp_path: Path) -> None:
    reading = read(tmp_path, net("a", "[{block: [{network: b}]}]") + "---\n" + net("b"))

    assert select_network(reading) == "a"


def test_else_they_are_listed(tmp_path: Path) -> None:
    reading = read(tmp_path, net("a") + "---\n" + net("b"))

    with pytest.raises(NetworkAmbiguous, match=r"\(a, b\); name one: .*net.yml:a"):
        select_network(reading)
    with pytest.raises(NetworkNotFound, match=r"no network 'c'. Known here: a, b"):
        select_network(reading, "c")


def test_a_file_without_network_is_said(tmp_path: Path) -> None:
    with pytest.raises(NetworkNotFound, match="has no network"):
        select_network(read(tmp_path, "kind: queue\nname: q\n"))


def test_names_are_found_beside_the_file_and_above_it(tmp_path: Path) -> None:
    (tmp_path / "ansible.cfg").touch()
    write(tmp_path, "ops.yml", "kind: notification\nname: ops\nto: [{mail: a@b.c}]\n")
    write(tmp_path, "x/y/called.yml", net("called", "[{wait_for: 1s}]", "calendar: work\n"))
    write(tmp_path, "x/work.yml", "kind: calendar\nname: work\nextends: all\n")
    write(tmp_path, "all.yml", "kind: calendar\nname: all\n")
    flow = "[{network: called}, {notify: {to: [ops, 'x@y.z'], message: hi}}]"
    reading = read_file(write(tmp_path, "x/y/main.yml", net("main", flow)))

    made = bundle(reading, select_network(reading))

    assert made.main == "x/y/main"
    assert sorted(made.networks) == ["x/y/called", "x/y/main"]
    assert made.networks[made.main].called_networks == ("x/y/called",)
    assert made.calendars["x/work"].extends == "all"
    assert made.networks["x/y/called"].calendar == "x/work"  # type: ignore[index]
    addresses = [
        one.text
        for part in walk(made.network.flow)
        if isinstance(part.body, Notify)
        for one in part.body.to
    ]
    assert addresses == ["ops", "x@y.z"]


def test_the_own_folder_wins_and_another_is_written_out(tmp_path: Path) -> None:
    (tmp_path / "ansible.cfg").touch()
    write(tmp_path, "b.yml", net("b"))
    write(tmp_path, "x/b.yml", net("b"))
    write(tmp_path, "z/b.yml", net("b"))
    file = write(tmp_path, "x/a.yml", net("a", "[{network: b}, {network: z/b}]"))
    reading = read_file(file)

    made = bundle(reading, select_network(reading))

    called = [part.body.network for part in made.network.flow if isinstance(part.body, SubNetwork)]
    assert called == ["x/b", "z/b"]


def test_a_document_that_names_its_folder_is_found_anywhere(tmp_path: Path) -> None:
    (tmp_path / "ansible.cfg").touch()
    write(tmp_path, "deep/down/q.yml", "folder: ''\n" + net("b"))
    reading = read_file(write(tmp_path, "a.yml", net("a", "[{network: b}]")))

    assert "b" in bundle(reading, select_network(reading)).networks


UNRESOLVED = {
    "network": ("[{network: lode}]", ("flow[0].network: No network is called `lode`. "
                "Did you mean `load`?")),
    "calendar": ("[{calendar_branch: {calendar: c, cases: [{on: open, flow: []}], else: []}}]",
                 "No calendar is called `c`."),
    "notification": ("[{notify: {to: [ops], message: x}}]",
                     "flow[0].notify.to[0]: No notification is called `ops`."),
    "recursion": ("[{network: main}]", "These networks call each other: main > main."),
    "longer recursion": ("[{network: back}]", "call each other: main > back > main."),
    "unknown param": ("[{network: load, params: {dy: 1, day: x}}]",
                      ("flow[0].params.dy: The network `load` has no param `dy`. "
                      "Did you mean `day`?")),
    "missing param": ("[{network: load}]", "The network `load` needs `day`."),
    "wrong type": ("[{network: load, params: {day: x, n: many}}]", "'many' is no whole number."),
}  # fmt: skip


@pytest.mark.parametrize(("flow", "expected"), UNRESOLVED.values(), ids=UNRESOLVED.keys())
def test_a_name_that_means_nothing_is_told(tmp_path: Path, flow: str, expected: str) -> None:
    more = "params: {day: {type: str}, n: {type: int, default: 1}}\n"
    text = "---\n".join(
        [net("main", flow), net("load", more=more), net("back", "[{network: main}]")]
    )
    reading = read(tmp_path, text)

    with pytest.raises(DefinitionRefused) as refused:
        bundle(reading, select_network(reading, "main"))

    assert len(refused.value.problems) == 1
    assert expected in str(refused.value)


def test_problems_of_a_called_network_beside_the_file_are_told(tmp_path: Path) -> None:
    write(tmp_path, "b.yml", net("b", "[{wait_for: 10}]"))
    reading = read(tmp_path, net("a", "[{network: b}]"))

    with pytest.raises(DefinitionRefused, match=r"b.yml:3:19: flow\[0\].wait_for: 10 has no unit"):
        bundle(reading, select_network(reading))


def test_a_whole_project_is_linted(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", net("a", "[{network: b}]"))
    write(tmp_path, "b.yml", net("b", "[{wait_event: {name: x}}]"))

    found = lint(read_project([tmp_path]))

    assert [one.code for one in found] == ["wait_without_timeout", "event_without_sender"]


DECLARED = """
kind: network
name: net
flow: []
params:
  text: {type: str}
  number: {type: int, default: 3}
  share: {type: float, default: 0.5}
  really: {type: bool, default: no}
  names: {type: list, elements: int, default: []}
  mapping: {type: dict, default: {}}
  word: {type: str, choices: [a, b], default: a}
  late: {type: str, required: false}
  both: {type: str, required: true, default: given}
"""

CONVERTED = {
    ("text", "7"): "7",
    ("number", "-12"): -12,
    ("share", "1e2"): 100.0,
    ("really", "yes"): True,
    ("really", "off"): False,
    ("names", "1, 2"): [1, 2],
    ("names", '["3"]'): [3],
    ("mapping", '{"a": [1]}'): {"a": [1]},
    ("word", "b"): "b",
    ("text", "{{ lookup('pipe', 'id') }}"): "{{ lookup('pipe', 'id') }}",
}


@pytest.mark.parametrize(("given", "expected"), CONVERTED.items())
def test_params_are_converted_to_their_type(
    tmp_path: Path, given: tuple[str, str], expected: object
) -> None:
    values = convert_params(network(tmp_path, DECLARED), {"text": "x", given[0]: given[1]})

    assert values[given[0]] == expected
    assert type(values[given[0]]) is type(expected)


def test_what_is_not_given_is_the_default(tmp_path: Path) -> None:
    values = convert_params(network(tmp_path, DECLARED), {"text": "x"})

    assert values == {
        "text": "x",
        "number": 3,
        "share": 0.5,
        "really": False,
        "names": [],
        "mapping": {},
        "word": "a",
        "late": None,
        "both": "given",
    }


def test_all_params_that_do_not_fit_are_told_at_once(tmp_path: Path) -> None:
    given = {"numbr": "1", "number": "x", "word": "c", "mapping": "[1]", "names": "1,x"}

    with pytest.raises(ParamsRefused) as refused:
        convert_params(network(tmp_path, DECLARED), given)

    assert refused.value.problems == (
        "'numbr' is not declared. Did you mean `number`",
        "'text' is required; give it with -e text=VALUE",
        "'number': 'x' is no whole number",
        "'names': 'x' is no whole number",
        "'mapping': '[1]' is no mapping; write JSON such as {\"a\": 1}",
        "'word': 'c' is none of its choices: a, b",
    )
