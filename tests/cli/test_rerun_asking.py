"""A rerun at a terminal: parts that ask first are asked about, and a no touches nothing."""

from tests.cli.conftest import Place
from tests.cli.terminal import Terminal

NIGHT = """
kind: network
name: night
flow:
  - {id: load, hosts: h1, ansible.builtin.command: "true", rerun_note: ask the bank}
"""


def rounds(place: Place) -> int:
    (journal,) = place.home.glob("runs/*/journal.jsonl")
    return journal.read_text().count('"kind":"RunReopened"')


def test_a_part_asks_at_the_terminal_before_it_runs_again(place: Place) -> None:
    place.network(NIGHT)
    assert place.run("play", "night.yml").returncode == 0

    with Terminal(place, "play", "night.yml", "--rerun", "@last") as terminal:
        terminal.wait_for("load asks before it runs again: ask the bank")
        terminal.wait_for("Run again? [y/N]")
        terminal.type("n\r")
        refused = terminal.end()
    before = rounds(place)
    with Terminal(place, "play", "night.yml", "--rerun", "@last") as terminal:
        terminal.wait_for("Run again? [y/N]")
        terminal.type("y\r")
        terminal.wait_for("night of ")
        status = terminal.end()

    assert (refused, before, status, rounds(place)) == (1, 0, 0, 1)
