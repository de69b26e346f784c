"""Operators' orders on the command line: said before they are given, by part, run or many."""

import pytest
from jobnet.project.order_words import ORDERS
from typer.main import get_command

from tests.cli.at_controller import Desk


def test_every_order_has_a_command() -> None:
    from jobnet.cli.app import app  # noqa: PLC0415

    commands = get_command(app).commands  # type: ignore[attr-defined]

    assert set(ORDERS) <= set(commands)


def test_an_order_is_said_before_it_is_given(at: Desk) -> None:
    started = at.started()

    done = at.type("hold", f"{started}/report", "--reason", "disk is full")

    assert done.status == 0
    assert (
        done.err
        == "Hold: report does not start before it is released; the end of the run waits for it.\n"
    )
    assert done.out == f"Done: {started}/report\n"
    audit = at.type("audit", started, "-o", "json").document["items"][0]
    assert (audit["act"], audit["reason"]) == ("hold", "disk is full")


def test_what_destroys_something_is_not_done_unasked(at: Desk) -> None:
    started = at.started()

    refused = at.type("kill", started)

    assert refused.status == 1
    assert "--yes" in refused.err
    assert at.type("run", "show", started, "-o", "json").document["state"] == "running"


def test_an_order_that_the_run_refuses_changes_nothing_and_says_why(at: Desk) -> None:
    started = at.started()

    refused = at.type("skip", f"{started}/load", "-o", "json")

    assert refused.status == 1
    assert refused.document["error"]["code"] == "order_not_done"


def test_an_answer_starts_what_follows(at: Desk) -> None:
    started = at.started()

    at.say("answer", f"{started}/ask", "yes")

    at.until(started, "pause", {"waiting"})


def test_one_order_reaches_many_and_tells_what_was_refused(at: Desk) -> None:
    first, second = at.started(), at.started()

    done = at.type("hold", f"{first}/report", f"{second}/report", f"{second}/load")

    assert done.status == 1
    assert "Done: 2, refused: 1" in done.out
    assert f"{second}/load: refused" in done.out


@pytest.mark.parametrize(
    ("order", "more", "state"),
    [
        (("skip", "--exit-code", "3"), (), "fixed"),
        (("set-priority",), ("7",), "fixed"),
        (("move-queue",), ("tape",), "fixed"),
        (("comment",), ("look here",), "fixed"),
    ],
)
def test_orders_with_values_are_taken(
    at: Desk, order: tuple[str, ...], more: tuple[str, ...], state: str
) -> None:
    started = at.started()

    done = at.type(order[0], f"{started}/report", *more, *order[1:])

    assert done.status == 0, done.err
    assert at.served.client.part(started, "report")["state"] == state


def test_a_wait_is_moved_and_then_dropped(at: Desk) -> None:
    started = at.started()
    at.say("answer", f"{started}/ask", "yes")
    at.until(started, "pause", {"waiting"})

    at.say("change-time", f"{started}/pause", "2099-01-01T00:00+00:00")
    moved = at.served.client.part(started, "pause")["waiting_on"][0]["expected_at"]
    at.say("run-now", f"{started}/pause")

    assert moved.startswith("2099-01-01T00:00:00")
    at.until(started, "report", {"normal"})


def test_a_result_is_changed(at: Desk) -> None:
    started = at.started()

    at.say("change-result", f"{started}/load", "warning", "--exit-code", "4", "--yes")

    part = at.served.client.part(started, "load")
    assert (part["state"], part["exit_code"]) == ("warning", 4)


def test_a_run_is_rerun_from_a_part(at: Desk) -> None:
    started = at.started()
    at.say("kill", started, "--yes")
    at.type("run", "watch", started)

    at.say("run", "rerun", started, "--from", "load", "--yes")

    at.until(started, "ask", {"prompting"})
    assert at.served.client.part(started, "load")["attempt"] == 2


@pytest.mark.parametrize(
    "typed",
    [
        ("--from", "load", "--failed"),
        ("--only", "load", "--from", "load"),
        ("--whole", "--warning"),
    ],
)
def test_a_rerun_has_one_beginning(at: Desk, typed: tuple[str, ...]) -> None:
    refused = at.type("rerun", "@last", *typed)

    assert refused.status == 2
    assert "one beginning" in refused.err


def test_a_network_is_suspended_and_resumed(at: Desk) -> None:
    at.say("suspend", "--network", "night", "--reason", "moving house", "--until", "2h")

    suspended = at.type("network", "list", "-o", "json").document["items"][0]["suspended"]
    at.say("resume", "--network", "night")

    assert "moving house" in suspended["what"]
    assert at.type("network", "list", "-o", "json").document["items"][0]["suspended"] is None


def test_everything_is_suspended_only_by_somebody_who_says_yes(at: Desk) -> None:
    refused = at.type("suspend", "--everything")
    at.say("suspend", "--everything", "--yes")
    screen = at.say("status")
    at.say("resume", "--everything")

    assert refused.status == 1
    assert "SUSPENDED: everything" in screen
    assert "SUSPENDED" not in at.say("status")


@pytest.mark.parametrize(
    "typed", [(), ("--everything", "--network", "night"), ("@last", "--everything")]
)
def test_a_suspension_names_one_thing(at: Desk, typed: tuple[str, ...]) -> None:
    assert at.type("suspend", *typed).status == 2
