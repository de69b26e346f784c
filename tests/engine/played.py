"""Tells what became of a run that was played, in words that tests compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jobnet.engine import Tracker, track
from jobnet.engine import commands as c
from jobnet.engine.facts import Fact, PartOpened, PartStarted
from jobnet.engine.tracker import PartRecord

from tests.engine.building import NOON


@dataclass
class Played:
    """What became of a run, with everything that happened on the way."""

    tracker: Tracker
    facts: list[Fact]
    commands: list[c.Command]
    now: datetime

    @property
    def states(self) -> dict[str, str]:
        """The state of every part of the track."""
        return {line.key: line.state.value for line in track(self.tracker)}

    @property
    def run(self) -> str:
        """The state of the run."""
        assert self.tracker.run is not None
        return self.tracker.run.state.value

    @property
    def exit_code(self) -> int | None:
        """The exit code of the run."""
        assert self.tracker.run is not None
        return self.tracker.run.exit_code

    @property
    def message(self) -> str:
        """The message of the run's end."""
        assert self.tracker.run is not None
        return self.tracker.run.message

    @property
    def outputs(self) -> Mapping[str, object]:
        """The outputs of the run."""
        assert self.tracker.run is not None
        return self.tracker.run.outputs

    @property
    def recovered(self) -> tuple[str, ...]:
        """The parts whose abnormal ends were made good."""
        assert self.tracker.run is not None
        return self.tracker.run.recovered

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of the run."""
        assert self.tracker.run is not None
        return tuple(flag.value for flag in self.tracker.run.flags)

    @property
    def seconds(self) -> float:
        """The time that the whole run took."""
        assert self.tracker.run is not None
        return ((self.tracker.run.ended or self.now) - NOON).total_seconds()

    def __getitem__(self, key: str) -> PartRecord:
        """The record of a part."""
        record = self.tracker.parts.get(key)
        assert record is not None, f"{key} has no record"
        return record

    def at(self, key: str) -> tuple[float | None, float | None]:
        """When a part last started and ended, in seconds after the start of the run."""
        record = self[key]
        return _after(record.started), _after(record.ended)

    def starts(self, key: str) -> list[float]:
        """When each attempt of a part was started."""
        return [
            (fact.at - NOON).total_seconds()
            for fact in self.facts
            if isinstance(fact, PartStarted | PartOpened) and fact.part == key
        ]

    def of(self, kind: type) -> list[Fact]:
        """The facts of one kind."""
        return [fact for fact in self.facts if isinstance(fact, kind)]


def _after(instant: datetime | None) -> float | None:
    return None if instant is None else (instant - NOON).total_seconds()
