"""Records what a simulated run shows while it goes on: stretches of time, and alerts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jobnet.engine import Tracker
from jobnet.engine.facts import Fact
from jobnet.engine.states import State, has_ended
from jobnet.ids import PartKey
from jobnet.services.notifications import occasions


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """How long a part was in one state without an end."""

    part: PartKey
    state: State
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that somebody would be told; ``words`` are those of ``on:``."""

    words: tuple[str, ...]
    part: str | None
    at: datetime
    text: str


class Record:
    """The stretches and alerts of one run, in the order in which they came."""

    def __init__(self) -> None:
        self._open: dict[PartKey, tuple[State, datetime]] = {}
        self.stretches: list[Stretch] = []
        self.alerts: list[Alert] = []

    def take(self, facts: Iterable[Fact], tracker: Tracker, now: datetime) -> None:
        """Note what the facts of one step changed; the tracker already holds them."""
        for fact in facts:
            part = getattr(fact, "part", None)
            if part is not None:
                self._moved(PartKey(part), tracker, now)
            for told in occasions(fact, tracker):
                alert = Alert(words=told.words, part=told.part, at=now, text=told.text)
                self.alerts.append(alert)

    def close(self, now: datetime) -> None:
        """End the stretches of parts that have not ended."""
        for part in list(self._open):
            self._end(part, now)

    def _moved(self, part: PartKey, tracker: Tracker, now: datetime) -> None:
        record = tracker.parts.get(part)
        before = self._open.get(part)
        if record is None or (before is not None and before[0] is record.state):
            return
        if before is not None:
            self._end(part, now)
        if not has_ended(record.state) and record.state is not State.FIXED:
            self._open[part] = (record.state, now)

    def _end(self, part: PartKey, now: datetime) -> None:
        state, start = self._open.pop(part)
        if now > start:
            self.stretches.append(Stretch(part=part, state=state, start=start, end=now))
