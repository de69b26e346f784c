"""What a shift looks at: one screen, why, deviations, changes, logs."""

import pytest

from tests.cli.at_controller import Desk


def test_a_quiet_night_is_one_line(at: Desk) -> None:
    assert at.say("status").count("\n") == 1


def test_the_screen_shows_what_wants_somebody_and_what_runs(at: Desk) -> None:
    started = at.started()

    screen = at.say("status")

    assert "1 open runs, 1 want somebody" in screen
    assert f"jobnet answer {started}/ask" in screen
    assert f"{started}: Running" in screen
    assert "JST" in screen.splitlines()[0]


def test_why_a_run_waits_and_what_to_type(at: Desk) -> None:
    started = at.started()

    told = at.say("why", started)

    assert "  ask waits for prompting: Go on?" in told
    assert f"  jobnet answer {started}/ask" in told


def test_why_takes_a_network_too(at: Desk) -> None:
    assert "night" in at.say("why", "night")


def test_why_of_nothing_is_refused(at: Desk) -> None:
    refused = at.type("why", "no-such-thing")

    assert refused.status == 1
    assert "jobnet network list" in refused.err


def test_how_a_network_went_last(at: Desk) -> None:
    before = at.say("last", "night")
    started = at.started()

    after = at.say("last", "night")

    assert "has not run yet" in before
    assert started in after


def test_what_differs_is_listed_with_who_and_why(at: Desk) -> None:
    before = at.say("deviations")
    at.write("kind: queue\nname: tape\nlimit: 2\n", "tape.yml")
    at.say("apply", ".", "--base", str(at.project))
    at.say("queue", "set", "tape", "--limit", "1", "--reason", "one drive is broken")

    after = at.say("deviations")

    assert before == "Everything is as defined.\n"
    assert "queue tape" in after
    assert "one drive is broken" in after


@pytest.mark.parametrize("since", ["yesterday", "today", "1h", "2020-01-01", "2020-01-01T10:00Z"])
def test_changes_are_listed_since_a_time_as_people_write_it(at: Desk, since: str) -> None:
    assert "apply" in at.say("changes", "--since", since)


def test_a_time_to_come_shows_no_changes(at: Desk) -> None:
    assert at.say("changes", "--since", "2099-01-01") == "Nothing.\n"


@pytest.mark.parametrize("since", ["soon", "", "99999999d", "2026-13-01"])
def test_a_time_that_is_none_is_refused(at: Desk, since: str) -> None:
    refused = at.type("changes", "--since", since)

    assert refused.status == 2
    assert "is no time" in refused.err


def test_logs_of_a_run_and_of_a_part(at: Desk) -> None:
    started = at.started()

    whole = at.say("logs", started)
    part = at.say("logs", f"{started}/load")

    assert whole == "== load\nloaded\n"
    assert part == "loaded\n"


def test_logs_are_followed_until_the_run_has_ended(at: Desk) -> None:
    started = at.started()
    at.say("kill", started, "--yes")

    assert at.say("logs", started, "-f") == "load | loaded\n"


def test_logs_are_told_as_a_document(at: Desk) -> None:
    started = at.started()

    items = at.type("logs", started, "-o", "json").document["items"]

    assert [(item["part"], item["text"], item["is_complete"]) for item in items] == [
        ("load", "loaded\n", True)
    ]


def test_dialogs_are_listed_with_the_command_that_answers(at: Desk) -> None:
    started = at.started()

    told = at.say("dialog", "list")

    assert "yes, no" in told
    assert f"jobnet answer {started}/ask yes" in told
