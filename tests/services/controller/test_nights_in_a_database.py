"""A night through inboxes, turns and tables gives the journal that the plain engine gives.

After each input the rows of what is open are compared with what the engine says is open, and the
rows that lists show with those made anew from the journal (``durable``).
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from jobnet.calendars import Calendar
from jobnet.definition import Bundle
from jobnet.engine import facts as f
from jobnet.engine import inputs as i
from jobnet.engine.tracker import Tracker
from jobnet.ids import RunId
from jobnet.ports.store import Store
from jobnet.storage import SqlitePlace, open_store

from tests.engine import playing
from tests.engine.examples import Example
from tests.engine.generating import bundle_of
from tests.engine.nights import NIGHTS
from tests.services.controller.durable import DurableRun
from tests.simulation.night import Chaos, Night

SEEDS = 40
Recorded = list[tuple[i.Input, datetime]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(SqlitePlace(path=tmp_path / "jobnet.sqlite3"))
    yield opened
    opened.close()


class Recording(playing.Shell):
    """A shell that writes down what it gives the engine, and when."""

    recorded: Recorded

    def give(self, given: i.Input) -> None:
        self.recorded.append((given, self.now))
        super().give(given)


class RecordedNight(Night):
    """A night that writes down what its run has taken, and when."""

    def __init__(self, bundle: Bundle, seed: int, chaos: Chaos) -> None:
        self.recorded: Recorded = []
        super().__init__(bundle, seed, chaos)

    def _keep(
        self, given: i.Input, now: datetime, facts: tuple[f.Fact, ...], after: Tracker
    ) -> None:
        if not isinstance(given, i.GoOn):
            self.recorded.append((given, now))
        super()._keep(given, now, facts, after)


def run_in(recorded: Recorded) -> RunId:
    """Return the run that was recorded."""
    return next(given.run for given, _ in recorded if isinstance(given, i.StartRun))


def through_the_database(
    recorded: Recorded, run: DurableRun, *, deaths: float = 0.0, seed: int = 0
) -> tuple[f.Fact, ...]:
    """Bring a run what was recorded; now and then all that is not in the database is forgotten."""
    chance = Random(seed)  # noqa: S311 - dice, no secret
    for given, now in recorded:
        if chance.random() < deaths:
            run.forget()
        run.take(given, now)
    return tuple(run.facts)


@pytest.mark.parametrize("name", NIGHTS)
def test_an_example_has_the_same_journal(
    name: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: Recorded = []
    monkeypatch.setattr(Recording, "recorded", recorded, raising=False)
    monkeypatch.setattr(playing, "Shell", Recording)
    example: Example = NIGHTS[name]
    played = example.play()
    layout = played.tracker.layout
    calendars: dict[str, Calendar] = dict(layout.calendars)
    run = DurableRun(layout.bundle, calendars, store, run_in(recorded))

    facts = through_the_database(recorded, run, deaths=0.1)

    assert facts == tuple(played.facts)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_night_of_chaos_has_the_same_journal(seed: int, store: Store) -> None:
    night = RecordedNight(bundle_of(seed), seed, Chaos(orders=10, deaths=0, jumps=2))
    night.play()
    layout = night.tracker.layout
    run = DurableRun(layout.bundle, layout.calendars, store, run_in(night.recorded))

    facts = through_the_database(night.recorded, run, deaths=0.1, seed=seed)

    assert facts == tuple(night.journal)
