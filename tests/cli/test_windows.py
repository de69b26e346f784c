"""Maintenance windows on the command line."""

import pytest

from tests.cli.at_controller import Desk

pytestmark = pytest.mark.parts

NIGHTLY = """
kind: window
name: patching
title: Patches of the databases
hosts: db
rules:
  - {from: "01:00", to: "03:00"}
timezone: Asia/Tokyo
"""


def test_a_window_is_opened_shown_and_closed(at: Desk) -> None:
    opened = at.say(
        "window", "open", "disks", "--hosts", "db*", "--for", "2h", "--reason", "new disks"
    )
    shown = at.say("window", "list")
    closed = at.say("window", "close", "disks")

    assert "disks covers hosts db*: hold" in opened
    assert "JST" in opened
    assert "new disks" in shown
    assert "disks" in closed
    assert at.say("window", "list") == "No window is open in that time.\n"


def test_a_window_of_a_definition_is_listed_by_its_rules(at: Desk) -> None:
    at.write(NIGHTLY, "patching.yml")
    at.say("apply", ".", "--base", str(at.project))

    found = at.type("window", "list", "--from", "tomorrow", "-o", "json").document["items"]

    assert len(found) >= 7
    assert {one["name"] for one in found} == {"patching"}
    assert found[0]["targets"]["hosts"] == "db"


def test_what_says_no_time_or_nothing_that_windows_do_is_refused(at: Desk) -> None:
    refused: tuple[tuple[str, ...], ...] = (
        (),
        ("--for", "2h", "--until", "2099-01-01"),
        ("--for", "2h", "--from", "3h"),
        ("--for", "soon"),
        ("--for", "2h", "--action", "explode"),
    )

    found = [at.type("window", "open", "disks", *words).status for words in refused]

    assert found == [2] * len(refused)


def test_what_is_not_there_cannot_be_closed(at: Desk) -> None:
    done = at.type("window", "close", "disks")

    assert done.status == 1
    assert "There is no window 'disks'" in done.err
