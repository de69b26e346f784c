"""How the plan, its changes and its differences are said."""

from typing import Any

import pytest
from jobnet.cli.plan_lines import (
    DIFF_LINES_MAX,
    difference_lines,
    done_lines,
    plan_lines,
    start_lines,
)

KEY = {
    "schedule": "nightly", "network": "backup", "operating_day": "2026-05-29", "nominal": "25:30",
}  # fmt: skip
CHANGE: dict[str, Any] = {
    "id": "c-1", "key": KEY, "kind": "move", "value": {"to": "x"}, "by": "ann",
    "at": "2026-05-29T01:00:00Z", "reason": "late files", "is_lost": False,
}  # fmt: skip


def start(**changed: object) -> dict[str, Any]:
    return {
        "key": KEY, "start": "2026-05-29T16:30:00Z", "nominal_start": "2026-05-29T16:30:00Z",
        "state": "fixed", "zone": "Asia/Tokyo", "params": {}, "steps": [], "merged": 0,
        "run": None, "detail": "", "is_fixed": True, "changes": [], **changed,
    }  # fmt: skip


def plan(*starts: dict[str, Any], **changed: object) -> dict[str, Any]:
    return {"items": list(starts), "next": None, "lost": [], "problems": [], **changed}


def difference(**changed: object) -> dict[str, Any]:
    return {
        "first": "2026-05-29T00:00:00Z", "last": "2027-06-29T00:00:00Z", "has_changed": True,
        "added": [], "removed": [], "moved": [], "would_start_now": [], "already_passed": [],
        "problems": [], "is_cut": False, **changed,
    }  # fmt: skip


def test_a_plan_is_a_table_whose_keys_can_be_typed() -> None:
    lines = list(plan_lines(plan(start(changes=[CHANGE], run="r-1")), is_verbose=False))

    assert "Fri 2026-05-29 25:30 (Sat 01:30 JST)  Fixed" in lines[1]
    assert "backup@2026-05-29/25:30" in lines[1]
    assert "by nightly; run r-1; move" in lines[1]
    assert "by ann: late files (c-1)" in lines[1]


def test_nothing_is_hidden_below_the_table() -> None:
    page = plan(start(), next="/x", lost=[CHANGE], problems=["calendar a: it ends"])

    lines = list(plan_lines(page, is_verbose=False))

    assert lines[2].startswith("There is more")
    assert lines[3].startswith("lost, its start is there no more: nightly|backup@2026-05-29/25:30")
    assert lines[4] == "not worked out: calendar a: it ends"


def test_an_empty_plan_says_so_and_still_tells_what_was_not_worked_out() -> None:
    lines = list(plan_lines(plan(problems=["calendar a: it ends"]), is_verbose=False))

    assert lines == ["Nothing is planned in that time.", "not worked out: calendar a: it ends"]


def test_one_start_is_told_with_every_step() -> None:
    moved = start(
        start="2026-05-29T17:00:00Z", steps=["candidate Fri 2026-05-29 is open", "25:30"],
        params={"target": "a\x1b[31mb"}, merged=2, changes=[CHANGE],
    )  # fmt: skip

    lines = list(start_lines(moved))

    assert lines[0].startswith("nightly|backup@2026-05-29/25:30: Fixed, Fri 2026-05-29 26:00")
    assert "  stands for 2 more" in lines
    assert any("by its rule: Fri 2026-05-29 25:30" in line for line in lines)
    assert any("candidate Fri 2026-05-29 is open" in line for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_a_change_that_was_made_says_how_it_is_taken_back() -> None:
    (line,) = done_lines(start(changes=[CHANGE]))

    assert line.endswith("take it back with jobnet plan take-back c-1")


def test_a_difference_is_signed_and_counted() -> None:
    moved = {"key": KEY, "zone": "Asia/Tokyo", "before": "2026-05-29T16:30:00Z",
             "after": "2026-05-29T12:55:00Z"}  # fmt: skip
    found = difference(added=[start()], moved=[moved], already_passed=[start()])

    lines = list(difference_lines(found))

    assert lines[0].startswith("+ Fri 2026-05-29 25:30 (Sat 01:30 JST)")
    assert lines[1].startswith("~ nightly|backup@2026-05-29/25:30: Fri 2026-05-29 25:30")
    assert lines[2] == "today, has passed, is not run: nightly|backup@2026-05-29/25:30"
    assert lines[3].startswith("The plan changes: 1 added, 0 removed, 1 moved, from 2026-05-29")


def test_a_plan_that_stays_says_for_how_long() -> None:
    (line,) = difference_lines(difference(has_changed=False))

    assert line.startswith("The plan does not change, from 2026-05-29")


@pytest.mark.parametrize(("count", "told"), [(DIFF_LINES_MAX, 0), (DIFF_LINES_MAX + 5, 1)])
def test_a_long_difference_is_cut_and_says_so(count: int, told: int) -> None:
    lines = list(difference_lines(difference(removed=[start()] * count)))

    assert sum(line.startswith("... 5 more") for line in lines) == told
    assert len(lines) == DIFF_LINES_MAX + told + 1
