"""A tracker from its journal: the same as it was, or a clear word about what does not fit."""

from pathlib import Path

import pytest
from jobnet.errors.pictures import JournalNotReplayed, RunNotBegun
from jobnet.errors.play import JournalNotRead
from jobnet.services.replay import network_of, replay

from tests.engine.building import bundle, job, network
from tests.pictures.playing import play_file
from tests.pictures.reading import read_bundle

TEXT = """
kind: network
name: night
hosts: h
flow:
  - {id: dump, ansible.builtin.command: dump}
  - {id: load, ansible.builtin.command: load}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "ansible.cfg").touch()
    path = tmp_path / "night.yml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_replay_gives_the_tracker_that_the_run_ended_with(file: Path) -> None:
    tracker, journal = play_file(file, {})

    replayed = replay("r-1", read_bundle(file), [f"{line}\n" for line in journal])

    assert replayed == tracker


def test_a_line_that_was_cut_off_is_left_out(file: Path) -> None:
    tracker, journal = play_file(file, {})
    lines = [*(f"{line}\n" for line in journal[:-1]), journal[-1][:20]]

    replayed = replay("r-1", read_bundle(file), lines)

    assert replayed.facts == tracker.facts - 1


def test_a_part_that_the_network_has_no_more_is_named_with_its_entry(file: Path) -> None:
    _, journal = play_file(file, {})
    other = bundle(network(job("something"), name="night"))

    with pytest.raises(
        JournalNotReplayed, match=r"Entry \d+ of the journal of run 'r-1'"
    ) as caught:
        replay("r-1", other, [f"{line}\n" for line in journal])

    assert caught.value.network == "night"


@pytest.mark.parametrize("lines", [[], ["{"]])
def test_a_journal_without_a_start_is_no_run(lines: list[str]) -> None:
    with pytest.raises(RunNotBegun):
        replay("r-1", bundle(network(job("load"))), lines)
    with pytest.raises(RunNotBegun):
        network_of("r-1", lines)


def test_a_journal_of_something_else_is_refused() -> None:
    with pytest.raises(JournalNotRead):
        network_of("r-1", ["\ufffd\ufffd\n"])
