"""The plan on the command line: shown, changed on the day, compared."""

import pytest

from tests.cli.at_controller import Desk

pytestmark = pytest.mark.parts

NIGHTLY = """
kind: network
name: copy
timezone: Asia/Tokyo
params: {target: {type: str, default: tape}}
flow:
  - {id: sure, dialog: {message: Sure?, choices: {'yes': 0}}}
---
kind: schedule
name: nightly
networks: [copy]
timezone: Asia/Tokyo
rules:
  - {at: ["21:55", "25:30"]}
"""
CHANGES = 7


@pytest.fixture
def night(at: Desk) -> Desk:
    at.write(NIGHTLY, "nightly.yml")
    at.say("apply", ".", "--base", str(at.project))
    return at


def day_ahead(at: Desk, place: int = 2) -> str:
    """Return an operating day that has all of its starts before it."""
    items = at.type("plan", "show", "--from", "tomorrow", "--to", "120h", "-o", "json").document
    days = [one["key"]["operating_day"] for one in items["items"]]
    return str(sorted(set(days))[place])


def test_the_plan_is_shown_with_keys_and_both_times(night: Desk) -> None:
    day = day_ahead(night)

    told = night.say("plan", "show", "--from", day, "--to", "120h")

    assert f"copy@{day}/21:55" in told
    assert f"{day} 25:30 (" in told
    assert "01:30 JST)" in told


def test_one_start_is_shown_with_every_step(night: Desk) -> None:
    told = night.say("plan", "show", f"copy@{day_ahead(night)}/25")

    assert "nightly|copy@" in told
    assert "candidate" in told


def test_a_start_is_moved_on_the_clock_of_its_day_and_the_move_taken_back(night: Desk) -> None:
    day = day_ahead(night)
    key = f"copy@{day}/21:55"

    moved = night.say("plan", "move", key, "26:15", "--reason", "late files")
    later = night.say("plan", "move", key, "+30m")
    change = later.rpartition(" ")[2].strip()
    back = night.say("plan", "take-back", change)

    assert f"{day} 26:15 (" in moved
    assert f"{day} 26:45 (" in later
    assert f"{day} 21:55 JST" in back


def test_a_start_that_was_moved_far_away_is_found_by_its_key(night: Desk) -> None:
    key = f"copy@{day_ahead(night)}/21:55"
    night.say("plan", "move", key, "+20d")

    assert "Fixed" in night.say("plan", "show", key)


def test_a_start_is_skipped_held_and_given_params(night: Desk) -> None:
    day = day_ahead(night)

    skipped = night.say("plan", "skip", f"copy@{day}/21:55", "--reason", "no tapes")
    held = night.say("plan", "hold", f"copy@{day}/25:30")
    released = night.say("plan", "release", f"copy@{day}/25:30")
    changed = night.type(
        "plan", "params", f"copy@{day}/25:30", "-e", "target=disk", "-o", "json"
    ).document

    assert "Skipped" in skipped
    assert "Held" in held
    assert "Held" not in released
    assert changed["params"] == {"target": "disk"}


def test_a_start_is_added_copied_and_started(night: Desk) -> None:
    day, next_day = day_ahead(night), day_ahead(night, place=3)

    added = night.say("plan", "add", "copy", "23:10", "--day", day, "-e", "target=disk")
    copied = night.say("plan", "copy", f"|copy@{day}/23:10", next_day)
    night.say("plan", "start", f"|copy@{day}/23:10")

    assert f"copy@{day}/23:10" in added
    assert f"copy@{next_day}/23:10" in copied


def test_a_start_at_a_time_is_planned(night: Desk) -> None:
    told = night.say("start", "copy", "--at", "30h", "-e", "target=disk")
    late = night.say("start", "copy", "--at", "47:59")
    refused = night.type("start", "copy", "--at", "30h", "--watch")

    assert told.startswith("copy@")
    assert "/47:59: Fixed" in late
    assert refused.status == 2
    assert "--watch" in refused.err


def test_why_a_network_does_not_run_tells_its_next_starts(night: Desk) -> None:
    told = night.say("why", "copy")

    assert "starts " in told
    assert "nightly|copy@" in told


def test_a_key_that_may_mean_several_lists_them(night: Desk) -> None:
    day = day_ahead(night)

    done = night.type("plan", "skip", f"copy@{day}")

    assert done.status == 1
    assert f"nightly|copy@{day}/21:55" in done.err
    assert f"nightly|copy@{day}/25:30" in done.err


def test_what_cannot_be_done_is_refused(night: Desk) -> None:
    refused = {
        ("skip", "no_such_network@today"): 1,
        ("skip", "@today"): 2,
        ("add", "copy", "25:61"): 2,
        ("add", "copy", "2001-01-01T00:00"): 1,
        ("add", "no_such_network", "30h"): 1,
        ("take-back", "no-such-change"): 1,
        ("show", "--state", "sleeping"): 1,
    }

    found = {words: night.type("plan", *words).status for words in refused}

    assert found == refused


def test_a_plan_that_would_change_has_a_status_of_its_own(night: Desk) -> None:
    base = ("--base", str(night.project))
    same = night.type("plan", "diff", ".", *base)
    night.write(NIGHTLY.replace("21:55", "22:10"), "nightly.yml")

    other = night.type("schedule", "diff", ".", *base)

    assert (same.status, other.status) == (0, CHANGES)
    assert "The plan does not change" in same.out
    assert "The plan changes:" in other.out
