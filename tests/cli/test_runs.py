"""Runs of a controller on the command line: started, listed, shown, waited for."""

import threading

import pytest
import yaml

from tests.cli.at_controller import Desk


def test_a_run_is_started_by_the_name_of_its_network(at: Desk) -> None:
    started = at.say("start", "night", "--reason", "because").strip()

    found = at.type("run", "list", "-o", "json").document["items"]
    assert [run["run"] for run in found] == [started]


def test_a_run_is_found_by_the_beginning_of_its_id_and_by_last(at: Desk) -> None:
    started = at.started()

    for typed in (started, started[:-1], "@last", "night"):
        assert at.type("run", "show", typed, "-o", "json").document["run"] == started


def test_a_beginning_that_means_several_runs_is_refused_with_their_ids(at: Desk) -> None:
    first, second = at.started(), at.started()

    refused = at.type("run", "show", "night-")

    assert refused.status == 1
    assert first in refused.err
    assert second in refused.err


@pytest.mark.parametrize("typed", ["no-such-run", "@failed", "@nobody", "@", "/ask", "\x1b[2J"])
def test_a_run_that_there_is_not_is_said_with_the_command_that_helps(at: Desk, typed: str) -> None:
    refused = at.type("run", "show", typed)

    assert refused.status == 1
    assert "jobnet run list" in refused.err
    assert "\x1b" not in refused.err


def test_a_run_is_shown_with_all_of_its_parts_and_what_it_waits_for(at: Desk) -> None:
    started = at.started()

    shown = at.say("run", "show", started)

    assert "✔ Load" in shown
    assert "asks: Go on?" in shown
    assert "ask waits for prompting: Go on?; it is up to: operator" in shown


def test_a_part_is_shown_in_full(at: Desk) -> None:
    started = at.started()

    shown = at.say("run", "show", f"{started}/load")

    assert "kind       job" in shown
    assert "exit code  0" in shown


def test_a_document_is_told_as_yaml_too(at: Desk) -> None:
    started = at.started()

    told = yaml.safe_load(at.say("run", "show", started, "-o", "yaml"))

    assert told["run"] == started
    assert [part["key"] for part in told["parts"]] == ["load", "ask", "pause", "report"]


def test_waiting_for_a_run_exits_as_the_run_did(at: Desk) -> None:
    started = at.started()
    at.say("kill", started, "--yes", "--now")

    waited = at.type("run", "watch", started, "--plain")

    assert waited.status == 4
    assert f"{started}: Killed" in waited.out


def test_a_run_that_has_ended_is_shown_as_it_ended(at: Desk) -> None:
    started = at.started()
    at.say("answer", f"{started}/ask", "yes")
    at.until(started, "pause", {"waiting"})
    at.say("run-now", f"{started}/pause")

    waited = at.type("run", "watch", started)

    assert waited.status == 0
    assert waited.out.splitlines()[-1].split("  ")[1].startswith(f"{started}: Normal")


def test_a_network_that_nobody_has_applied_is_refused_as_the_controller_says_it(at: Desk) -> None:
    refused = at.type("start", "nigth", "-o", "json")

    assert refused.status == 1
    assert refused.document["error"]["code"] == "network_not_applied"
    assert "did you mean 'night'?" in refused.err


def test_the_same_key_starts_one_run(at: Desk) -> None:
    first = at.say("start", "night", "--key", "mine")

    second = at.say("start", "night", "--key", "mine")

    assert first == second
    assert len(at.type("run", "list", "-o", "json").document["items"]) == 1


def test_a_list_is_narrowed_by_state_and_network(at: Desk) -> None:
    started = at.started()
    at.say("kill", started, "--yes")
    at.type("run", "watch", started)
    other = at.started()

    killed = at.type("run", "list", "--state", "killed", "-o", "json").document["items"]
    still = at.type("run", "list", "--open", "--network", "night", "-o", "json").document["items"]

    assert [run["run"] for run in killed] == [started]
    assert [run["run"] for run in still] == [other]
    assert at.type("run", "show", "@failed", "-o", "json").document["run"] == started


def test_a_run_is_watched_change_by_change_until_its_end(at: Desk) -> None:
    started = at.started()
    killing = threading.Timer(0.3, at.served.client.post, (f"/runs/{started}/kill",))
    killing.start()

    watched = at.type("run", "watch", started)
    killing.join()

    assert watched.status == 4
    lines = [line.split("  ")[1].split()[0] for line in watched.out.splitlines()]
    assert lines[0] == "load"
    assert "ask" in lines
    assert lines[-1] == f"{started}:"


def test_a_run_is_started_and_waited_for(at: Desk) -> None:
    at.write("kind: network\nname: short\nflow: [{wait_for: 0s}]\n", "short.yml")
    at.say("apply", ".", "--base", str(at.project))

    waited = at.type("start", "short", "--wait", "-o", "json")
    watched = at.type("start", "short", "--watch")

    assert (waited.status, waited.document["state"]) == (0, "normal")
    assert (watched.status, "Normal" in watched.out) == (0, True)
