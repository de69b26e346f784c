"""Waits that nobody ends: events without a sender, circles of networks, jumps past an always."""

from pathlib import Path

import pytest
from jobnet.project import Level, Problem, lint, read_file, read_project


def project(folder: Path, **networks: str) -> tuple[Problem, ...]:
    (folder / "ansible.cfg").touch()
    for name, flow in networks.items():
        text = f"kind: network\nname: {name}\nhosts: web\nflow: [{flow}]\n"
        (folder / f"{name}.yml").write_text(text)
    return lint(read_project([folder]))


def codes(found: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.severity.value) for one in found]


def wait_for(network: str, *more: str) -> str:
    return f"{{wait_network: {{{', '.join([f'network: {network}', *more])}}}}}"


WAIT_A, WAIT_B = wait_for("a"), wait_for("b")
ENDLESS = ("wait_without_timeout", "warning")


def test_networks_that_wait_for_each_other_are_told_once(tmp_path: Path) -> None:
    found = project(tmp_path, a=f"{{wait_for: 1s}}, {WAIT_B}", b=WAIT_A)

    told = [one for one in found if one.code == "deadlock"]
    assert len(told) == 1
    assert told[0].severity is Level.ERROR
    assert told[0].what == "`wait_network_1` of `a` and `wait_network_1` of `b` wait for each other"


@pytest.mark.parametrize(
    "flow",
    [
        wait_for("a", "timeout: 1h"),
        f"{{block: [{WAIT_A}], when: now == 1}}",
    ],
)
def test_a_circle_that_may_get_through_is_a_warning(tmp_path: Path, flow: str) -> None:
    found = project(tmp_path, a=WAIT_B, b=flow)

    assert ("deadlock", "warning") in codes(found)


def test_a_circle_over_parts_and_a_called_network_is_found(tmp_path: Path) -> None:
    found = project(
        tmp_path,
        a="{network: inner}, {id: z, wait_for: 1s}",
        inner="{wait_part: {network: c, part: late, timeout: 1h}}",
        c="{wait_part: {network: a, part: z, timeout: 1h}}, {id: late, wait_for: 1s}",
    )

    assert codes(found) == [("deadlock", "warning")]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{{id: x, wait_for: 1s}}, {WAIT_B}", "{wait_part: {network: a, part: x}}"),
        (f"{{any_of: {{branches: [{{flow: [{WAIT_B}]}}, {{flow: [{{wait_for: 1s}}]}}]}}}}", WAIT_A),
        (WAIT_B, "{wait_for: 1s}"),
    ],
)
def test_waits_that_end_are_no_circle(tmp_path: Path, a: str, b: str) -> None:
    found = project(tmp_path, a=a, b=b)

    assert {one.code for one in found} <= {"wait_without_timeout"}


def test_a_circle_is_found_where_only_one_file_is_named(tmp_path: Path) -> None:
    project(tmp_path, a=WAIT_B, b=WAIT_A)

    found = lint(read_file(tmp_path / "a.yml"))

    assert ("deadlock", "error") in codes(found)


def test_several_circles_are_all_told(tmp_path: Path) -> None:
    found = project(tmp_path, a=WAIT_B, b=WAIT_A, c=wait_for("d"), d=wait_for("c"))

    assert codes(found).count(("deadlock", "error")) == 2


WAIT_GO = "{wait_event: {name: go, timeout: 1h}}"


@pytest.mark.parametrize(
    "other",
    [
        "{send_event: {name: go}}",
        "{send_event: {name: other/folder/go}}",
        "{command: send-event go}",
        "{playbook: sends.yml}",
    ],
)
def test_an_event_that_something_sends_is_fine(tmp_path: Path, other: str) -> None:
    (tmp_path / "sends.yml").write_text("- {hosts: a, tasks: [{x.y.send_event: {name: go}}]}")

    found = project(tmp_path, a=WAIT_GO, b=other)

    assert "event_without_sender" not in {one.code for one in found}


def test_a_longer_word_is_no_sender(tmp_path: Path) -> None:
    found = project(tmp_path, a=WAIT_GO, b="{command: echo going}")

    assert [one.code for one in found] == ["event_without_sender"]


def test_a_sender_in_another_file_of_the_project_counts(tmp_path: Path) -> None:
    project(tmp_path, a=WAIT_GO, b="{send_event: {name: go}}")

    assert not lint(read_file(tmp_path / "a.yml"))


def test_a_misspelt_event_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (found,) = project(tmp_path, a=WAIT_GO, b="{send_event: {name: goo}}")

    assert (found.code, found.hint) == ("event_without_sender", "Did you mean `goo`?")


LOOP = "{id: j, continue_from: x, max_times: 3}"


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (f"{{id: x, wait_for: 1s}}, {{block: [{LOOP}], always: [{{wait_for: 1s}}]}}",
         ["jump_past_always"]),
        (f"{{block: [{{id: x, wait_for: 1s}}, {LOOP}], always: [{{wait_for: 1s}}]}}", []),
        (f"{{id: x, wait_for: 1s}}, {{block: [{LOOP}], rescue: [{{wait_for: 1s}}]}}", []),
    ],
)  # fmt: skip
def test_a_jump_out_of_a_block_with_always_is_told(
    tmp_path: Path, flow: str, expected: list[str]
) -> None:
    assert [one.code for one in project(tmp_path, a=flow)] == expected
