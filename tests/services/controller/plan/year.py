"""A year of schedules made from a seed, played on a clock of its own with outages and deaths.

What has to come of it is worked out beside it from the rules alone: each start either began its
run exactly once, or was missed because nobody was there and its schedule says so.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from jobnet.ids import OperatorName
from jobnet.ports.store import Store, Transaction
from jobnet.ports.store.plan import PlanRow, PlanState
from jobnet.schedules import Misfire, MisfirePolicy, OccurrenceEnd, OccurrenceKey
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.plan.firing import Firing, PlanCounts
from jobnet.services.controller.plan.keeper import PlanKeeper
from jobnet.services.controller.plan.schedules import ScheduleBook
from jobnet.services.controller.starts import Starts

from tests.services.controller.stores import AtInstant

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC")
POLICIES = ("run_all", "run_latest", "skip")
PASSES_MAX = 200
CALENDAR = {
    "kind": "calendar",
    "name": "office",
    "week": {"open": ["mon", "tue", "wed", "thu", "fri"]},
    "holidays": {"country": "DE"},
}


class Died(BaseException):
    """The process is gone."""


@dataclass
class MortalStore(AtInstant):
    """A store whose process may die at a write: before it, or just after its commit."""

    dice: random.Random
    chance: float
    deaths: int = 0

    def __init__(
        self, store: Store, now: Callable[[], datetime], dice: random.Random, chance: float
    ) -> None:
        super().__init__(store, now)
        self.dice, self.chance, self.deaths = dice, chance, 0

    def write(self, work: Callable[[Transaction], Any]) -> Any:  # noqa: ANN401
        fate = self.dice.random()
        if fate < self.chance:
            self.deaths += 1
            raise Died
        written = super().write(work)
        if fate > 1 - self.chance:
            self.deaths += 1
            raise Died
        return written


@dataclass
class Year:
    """Schedules of a seed, the clock, and when somebody was there."""

    seed: int
    schedules: int
    days: int
    folder: Path
    store: Store
    deaths: float = 0.02
    now: datetime = BEGINS
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - a game
        self.mortal = MortalStore(self.store, lambda: self.now, self.dice, 0.0)
        self.end = BEGINS + timedelta(days=self.days)
        self._write_project()
        self._reborn()
        self.definitions.apply([self.folder / "project"], by=OperatorName("ann"))

    def play(self) -> None:
        """Let the year pass."""
        self.mortal.chance = self.deaths
        outage = self._next_outage()
        while self.now < self.end:
            wake = self._work()
            if wake >= outage:
                back = min(outage + self._length(), self.end)
                self.outages.append((outage, back))
                self.now, outage = max(back, self.now), self._next_outage(back)
                self._reborn()
            else:
                self.now = min(wake, self.end)
        self.mortal.chance = 0.0
        self._work()

    def rows(self) -> Mapping[OccurrenceKey, PlanRow]:
        """Return what has become of each start whose time has come."""
        found = self.store.read(
            lambda tx: tx.plan.between(
                BEGINS - timedelta(days=3), self.end + timedelta(seconds=1), limit=10**7
            )
        )
        return {row.key: row for row in found}

    def expected(self) -> Mapping[OccurrenceKey, PlanState]:
        """Return what has to become of each start, from the rules and the outages alone."""
        found: dict[OccurrenceKey, PlanState] = {}
        for source in ScheduleBook(self.definitions, zone="UTC").current()[1].every:
            starts = [
                (each.start, each.key)
                for each in source.compiled.occurrences(
                    BEGINS.date() - timedelta(days=3), self.end.date() + timedelta(days=1)
                )
                if each.end is OccurrenceEnd.PLANNED
                and each.start is not None
                and BEGINS <= each.start <= self.end
            ]
            found.update(self._became(starts, self.misfires[source.name]))
        return found

    def _became(
        self, starts: Sequence[tuple[datetime, OccurrenceKey]], misfire: Misfire
    ) -> Iterator[tuple[OccurrenceKey, PlanState]]:
        woken: dict[datetime, list[tuple[datetime, OccurrenceKey]]] = defaultdict(list)
        for at, key in sorted(starts):
            away = next((back for gone, back in self.outages if gone < at < back), at)
            woken[away].append((at, key))
        for back, due in woken.items():
            for at, key in due:
                is_late = back - at > misfire.grace
                is_latest = (at, key) == due[-1]
                misses = misfire.policy is MisfirePolicy.SKIP or (
                    misfire.policy is MisfirePolicy.RUN_LATEST and not is_latest
                )
                yield key, PlanState.MISSED if is_late and misses else PlanState.STARTED

    def _work(self) -> datetime:
        """Let the keeper work until it wants to rest, whoever dies; return when it wakes again."""
        for _ in range(PASSES_MAX):
            try:
                done = self.keeper.work_once()
            except Died:
                self._reborn()
                continue
            if done.again_seconds is None:
                return self.end
            if done.again_seconds > 0:
                return self.now + timedelta(seconds=done.again_seconds)
        raise AssertionError(f"it never rests at {self.now}")

    def _reborn(self) -> None:
        """Make everything anew, as a process that begins does."""
        bells = Bells()
        store = self.mortal
        self.definitions = Definitions(store, bells=bells, home=self.folder / "home")
        starts = Starts(store, self.definitions, bells, zone="UTC")
        book = ScheduleBook(self.definitions, zone="UTC")
        firing = Firing(store, starts, PlanCounts())
        doubt = ClockDoubt(wall_seconds=lambda: 0.0, real_seconds=lambda: 0.0)
        self.keeper = PlanKeeper(store, bells, book, firing, doubt)

    def _next_outage(self, after: datetime = BEGINS) -> datetime:
        return after + timedelta(hours=self.dice.expovariate(1 / 72))

    def _length(self) -> timedelta:
        return timedelta(minutes=self.dice.choice((3, 30, 200, 1500, 6000)) * self.dice.random())

    def _write_project(self) -> None:
        project = self.folder / "project"
        project.mkdir(parents=True)
        documents: list[Mapping[str, object]] = [CALENDAR]
        self.misfires: dict[str, Misfire] = {}
        for number in range(self.schedules):
            network = {"kind": "network", "name": f"n{number}", "flow": [{"wait_for": "0s"}]}
            documents += [network, self._schedule(number)]
        text = yaml.safe_dump_all(documents, sort_keys=False)
        (project / "all.yml").write_text(text, encoding="utf-8")

    def _schedule(self, number: int) -> Mapping[str, object]:
        dice, name = self.dice, f"s{number}"
        policy, grace = dice.choice(POLICIES), dice.choice((0, 1, 30))
        self.misfires[name] = Misfire(policy=MisfirePolicy(policy), grace=timedelta(minutes=grace))
        document: dict[str, object] = {
            "kind": "schedule",
            "name": name,
            "networks": [f"n{number}"],
            "timezone": dice.choice(ZONES),
            "rules": [self._rule() for _ in range(dice.choice((1, 1, 2)))],
            "misfire": {"policy": policy, "grace": f"{grace}m"},
        }
        if dice.random() < 0.7:
            document["calendar"] = "office"
        if dice.random() < 0.2:
            document["exclude"] = [{"day_of_month": [dice.randint(1, 28)]}]
        if dice.random() < 0.3:
            gap, fold = dice.choice(("shift", "skip", "boundary")), dice.choice(("first", "both"))
            document["dst"] = {"gap": gap, "fold": fold}
        return document

    def _rule(self) -> dict[str, object]:
        dice = self.dice
        if dice.random() < 0.15:
            return {"cron": f"{dice.randint(0, 59)} {dice.randint(0, 23)} * * {dice.randint(0, 6)}"}
        kinds: tuple[dict[str, object], ...] = (
            {"nth_open_day": [dice.choice((1, 5, -1, -3))]},
            {"day_of_month": [dice.choice((1, 15, "last"))], "on_closed_day": "previous"},
            {"day_of_month": [dice.randint(2, 28)], "on_closed_day": "next"},
            {"nth_weekday": [{"nth": dice.choice((1, 2, -1)), "day": "tue"}]},
            {"every": {"n": dice.randint(1, 4), "unit": "week", "from": date(2025, 12, 1)}},
            {"every": {"n": dice.randint(1, 3), "unit": "open_day", "from": date(2025, 12, 1)}},
            {},
        )
        rule = dict(dice.choice(kinds))
        if dice.random() < 0.1:
            rule["repeat"] = {"every": "3h", "from": "06:00", "to": "27:00"}
        else:
            rule["at"] = [self._clock() for _ in range(dice.choice((1, 1, 2)))]
        return rule

    def _clock(self) -> str:
        hour = self.dice.choice((1, 2, 2, 3, 6, 22, 25, 26, 47))
        return f"{hour:02}:{self.dice.choice((0, 15, 30, 59)):02}"
