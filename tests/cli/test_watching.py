"""A run of a controller, watched and operated at a real terminal."""

from collections.abc import Iterator

import pytest

from tests.cli.conftest import Place
from tests.cli.terminal import Terminal

pytestmark = pytest.mark.parts

NIGHT = """
kind: network
name: night
flow:
  - {id: ask, name: The question, dialog: {message: Go on?, choices: {'yes': 0}}}
"""
INTERRUPTED = 130


@pytest.fixture
def run(place: Place) -> Iterator[str]:
    """A run that asks, of a controller in the background."""
    place.network(NIGHT)
    assert place.run("up", "--detach", "--port", "0").returncode == 0
    assert place.run("apply", ".").returncode == 0
    yield place.run("start", "night").stdout.strip()
    place.run("down")


def test_a_run_is_watched_as_a_live_tree_until_its_end(place: Place, run: str) -> None:
    with Terminal(place, "run", "watch", run) as terminal:
        terminal.wait_for("? The question")
        terminal.wait_for("asks: Go on?")
        terminal.wait_for("Ctrl-C leaves, the run goes on")
        with Terminal(place, "answer", f"{run}/ask", "yes") as second:
            second.wait_for("Give this order? [y/N]")
            second.type("y\r")
            answered = second.end()
        status = terminal.end()

    assert (answered, status) == (0, 0)
    assert "✔ The question" in terminal.screen


def test_leaving_a_run_lets_it_go_on(place: Place, run: str) -> None:
    with Terminal(place, "run", "watch", run) as terminal:
        terminal.wait_for("asks: Go on?")
        terminal.type("\x03")
        status = terminal.end()

    assert status == INTERRUPTED
    assert "Running" in place.run("run", "list").stdout


def test_who_says_no_has_given_no_order(place: Place, run: str) -> None:
    with Terminal(place, "kill", run) as terminal:
        terminal.wait_for("Give this order? [y/N]")
        terminal.type("n\r")
        status = terminal.end()

    assert status == 1
    assert "nobody said yes" in terminal.screen
