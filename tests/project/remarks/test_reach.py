"""What is never entered is told, and what only may not be entered is not."""

from pathlib import Path

import pytest
from jobnet.project import lint

from tests.project.written import network_of, read

LOOP = "- {id: a, wait_for: 1s}\n- {id: again, continue_from: a}"
AFTER = "- {id: z, wait_for: 1s}"
ENDLESS = "{block: [{id: a, wait_for: 1s}, {continue_from: a}]"
FLOWS = {
    "behind an endless loop": (f"{LOOP}\n{AFTER}", ["endless_loop", "unreachable_part"]),
    "behind a block with one": (f"- {ENDLESS}}}\n{AFTER}", ["endless_loop", "unreachable_part"]),
    "told once": (f"{LOOP}\n{AFTER}\n- wait_for: 2s", ["endless_loop", "unreachable_part"]),
    "behind a loop that a rescue ends": (
        f"- {ENDLESS}, rescue: [{{wait_for: 1s}}]}}\n{AFTER}",
        ["endless_loop"],
    ),
    "behind a parallel with one": (
        f"- parallel: {{branches: [{{flow: [{ENDLESS}}}]}}, {{flow: []}}]}}\n{AFTER}",
        ["endless_loop", "unreachable_part"],
    ),
    "behind an OR branch of which one ends": (
        f"- any_of: {{branches: [{{flow: [{ENDLESS}}}]}}, {{flow: [{{wait_for: 1s}}]}}]}}\n{AFTER}",
        ["endless_loop"],
    ),
    "behind a bounded loop": (
        "- {id: a, wait_for: 1s}\n- {continue_from: a, max_times: 3}\n- wait_for: 1s",
        [],
    ),
    "behind a loop that may be passed over": (
        f"- {{id: a, wait_for: 1s}}\n- {{continue_from: a, when: parts.a.normal}}\n{AFTER}",
        ["endless_loop"],
    ),
    "until that is never true": (
        f"- {{id: a, wait_for: 1s}}\n- {{continue_from: a, until: 1 == 2}}\n{AFTER}",
        ["endless_loop", "unreachable_part"],
    ),
    "case that is never true": (
        "- branch: {cases: [{when: 'false', flow: []}], else: []}",
        ["case_never_taken"],
    ),
    "cases behind one that is always true": (
        "- branch: {cases: [{when: 1 < 2, flow: []}, {when: now == now, flow: []}], else: []}",
        ["case_never_taken"],
    ),
    "case asked twice": (
        (
            "- {id: a, command: x}\n"
            "- branch: {cases: [{when: parts.a.normal, flow: []},"
            " {when: ' parts.a.normal', flow: []}], else: []}"
        ),
        ["case_never_taken"],
    ),
    "behind open and closed": (
        (
            "- calendar_branch: {cases: [{on: open, flow: []}, {on: closed, flow: []}],"
            " else: [{wait_for: 1s}]}"
        ),
        ["case_never_taken"],
    ),
    "the same days twice": (
        (
            "- calendar_branch: {cases: [{on: {nth_open_day: 1}, flow: []},"
            " {on: {nth_open_day: 1}, flow: []}], else: []}"
        ),
        ["case_never_taken"],
    ),
    "rescue of nothing": ("- {block: [], rescue: [{wait_for: 1s}]}", ["unreachable_part"]),
    "condition that breaks": ("- {wait_for: 1s, when: 1 / 0 == 1}", []),
    "condition that is always true": ("- {wait_for: 1s, when: true}", []),
}


@pytest.mark.parametrize(("flow", "expected"), FLOWS.values(), ids=FLOWS.keys())
def test_what_nothing_leads_to_is_told(tmp_path: Path, flow: str, expected: list[str]) -> None:
    found = lint(read(tmp_path, network_of(flow)))

    assert [one.code for one in found] == expected


def test_a_part_behind_an_endless_loop_is_named_with_that_loop(tmp_path: Path) -> None:
    found = lint(read(tmp_path, network_of(f"{LOOP}\n{AFTER}")))

    assert found[1].path == "flow[2]"
    assert found[1].what == "The loop in `again` never ends, so this part is never reached"


def test_a_name_asked_by_the_part_directly_behind_is_judged_there(tmp_path: Path) -> None:
    flow = """
    - {id: a, command: x}
    - {id: b, wait_for: 1s, when: parts.a.normal}
    - {wait_for: 1s, when: parts.a.abnormal}
    """

    assert not lint(read(tmp_path, network_of(flow)))
