"""A plan in a real database on a virtual clock: applied texts, a keeper, and those who ask.

Nothing has a thread: ``tick`` lets the keeper work once. ``reborn`` makes the next process of the
same database: what was not written is gone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

from jobnet.engine.states import State
from jobnet.ids import OperatorName, RunId
from jobnet.ports.store import RunChange, RunRow, Transaction
from jobnet.ports.store.lists import RunFilter
from jobnet.ports.store.plan import PlanRow
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan.assembly import Planning, planning
from jobnet.services.controller.plan.showing import parse_key
from jobnet.services.controller.starts import Starts
from jobnet.storage import Place, SqlitePlace, SqlStore, open_store

FILE = "jobnet.sqlite3"
BOB = OperatorName("bob")
SUNDAY_MORNING = datetime(2026, 5, 24, 6, 0, tzinfo=UTC)
LONG = timedelta(days=400)

NETWORKS = """
kind: network
name: pay
params: {target: {type: str, default: "/srv"}}
flow: [{id: nap, wait_for: 1s}]
---
kind: network
name: bill
params: {target: {type: str, default: "/srv"}}
flow: [{id: nap, wait_for: 1s}]
"""


@dataclass
class Hands:
    """The clocks of a test: the wall, and one that only counts seconds."""

    now: datetime = SUNDAY_MORNING
    jumped: timedelta = timedelta(0)

    def wall_seconds(self) -> float:
        return self.now.timestamp()

    def real_seconds(self) -> float:
        return (self.now - self.jumped).timestamp()


class Killed(BaseException):
    """The process is gone; nobody catches that."""


class Moved:
    """A store whose instant is that of the test's clock, and in which one may die.

    ``dies_at`` counts writes down: at 0 the process is gone, ``after`` the commit or before it.
    """

    def __init__(self, store: SqlStore, hands: Hands) -> None:
        self._store, self._hands = store, hands
        self.dies_at: int | None = None
        self.after = False

    def write(self, work: Callable[[Transaction], Any]) -> Any:  # noqa: ANN401 - as the store's
        if self.dies_at is None:
            return self._store.write(work)
        self.dies_at -= 1
        if self.dies_at == 0 and not self.after:
            raise Killed
        found = self._store.write(work)
        if self.dies_at == 0:
            raise Killed
        return found

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all but the instant is the store's
        return getattr(self._store, name)

    def now(self) -> datetime:
        return self._hands.now


@dataclass
class Desk:
    """One process that keeps the plan."""

    folder: Path
    store: Any
    hands: Hands
    definitions: Definitions
    bells: Bells
    made: Planning

    def apply(self, text: str, *, name: str = "plan.yml") -> None:
        texts = [("networks.yml", dedent(NETWORKS)), (name, dedent(text))]
        self.definitions.apply_texts(texts, base=str(self.folder), by=BOB, prune=True)

    def schedule(self, rules: str, *, name: str = "nightly", networks: str = "[pay]") -> None:
        """Apply one schedule, then let the keeper hear of it."""
        self.apply(schedule(rules, name=name, networks=networks))
        self.tick()

    def tick(self) -> float | None:
        """Let the keeper work once; return when it wants to again."""
        return self.made.keeper.work_once().again_seconds

    def at(self, when: str) -> "Desk":
        """Let it be an instant, and let the keeper work."""
        self.hands.now = instant(when)
        self.tick()
        return self

    def pass_until(self, when: str) -> None:
        """Let time pass as it does: the keeper works when it wants to."""
        until = instant(when)
        while self.hands.now < until:
            again = self.tick()
            ahead = until - self.hands.now
            seconds = ahead.total_seconds() if again is None else max(again, 0.001)
            self.hands.now += min(timedelta(seconds=seconds), ahead)
        self.tick()

    def rows(self) -> Sequence[PlanRow]:
        around = (self.hands.now - LONG, self.hands.now + LONG)
        found: Sequence[PlanRow] = self.store.read(lambda tx: tx.plan.between(*around))
        return found

    def states(self) -> dict[str, str]:
        """Return the states of all rows by day and clock time."""
        return {
            f"{row.key.operating_day} {row.key.nominal}": row.state.value for row in self.rows()
        }

    def row(self, key: str) -> PlanRow:
        found: PlanRow | None = self.store.read(lambda tx: tx.plan.find(key_of(key)))
        assert found is not None, f"{key} has a row"
        return found

    def runs(self) -> Sequence[RunRow]:
        meant = RunFilter()
        found = self.store.read(lambda tx: tx.lists.runs(meant, after=None, limit=1000))
        return sorted(found, key=lambda row: (row.planned_start, row.run))

    def started(self) -> list[str]:
        """Return the planned starts of all runs."""
        return [f"{row.planned_start:%m-%d %H:%M}" for row in self.runs()]

    def end(self, run: RunId) -> None:
        """Let a run have ended now, as if its turns had been made."""
        ended = self.hands.now

        def over(turn: Any) -> RunChange:  # noqa: ANN401
            taken = tuple(each.id for each in turn.inputs)
            return RunChange(row=replace(turn.row, state=State.NORMAL, ended=ended), taken=taken)

        self.store.turn(run, over, inputs_max=100)

    def act(self, key: str = "", reason: str = "") -> Act:
        return Act(by=BOB, key=key, reason=reason)

    @property
    def plans(self) -> Any:  # noqa: ANN401
        return self.made.plans

    def reborn(self) -> "Desk":
        """Return the next process of the same database."""
        return _desk(self.folder, self.store, self.hands)


def schedule(rules: str, *, name: str = "nightly", networks: str = "[pay]") -> str:
    """Return a schedule of daily times or whatever else stands in ``rules``."""
    body = rules if "rules:" in rules else f"rules: [{{at: {rules}}}]"
    head = f"kind: schedule\nname: {name}\nnetworks: {networks}\ntimezone: UTC\n"
    return f"{head}{dedent(body).strip()}\n"


def instant(text: str) -> datetime:
    """Return an instant of May 2026: ``25 21:55`` or a whole date."""
    full = text if len(text) > len("25 21:55:00.123") else f"2026-05-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=UTC)


def key_of(text: str) -> OccurrenceKey:
    """Return a key: ``25 21:55`` is that of the schedule ``nightly`` and the network ``pay``."""
    if "|" in text:
        return parse_key(text)
    day, nominal = text.split(" ", 1)
    return parse_key(f"nightly|pay|2026-05-{day}|{nominal}")


def _desk(folder: Path, store: Any, hands: Hands) -> Desk:  # noqa: ANN401
    bells = Bells()
    definitions = Definitions(store, bells=bells, home=folder)
    starts = Starts(store, definitions, bells, zone="UTC")
    doubt = ClockDoubt(wall_seconds=hands.wall_seconds, real_seconds=hands.real_seconds)
    restored = folder / "restored"
    made = planning(store, definitions, bells, starts, doubt, zone="UTC", restored=restored)
    return Desk(
        folder=folder, store=store, hands=hands, definitions=definitions, bells=bells, made=made
    )


@contextmanager
def desk(folder: Path, *, place: Place | None = None) -> Iterator[Desk]:
    """Open a plan in a folder, and let its keeper begin."""
    store = open_store(place or SqlitePlace(path=folder / FILE))
    try:
        hands = Hands()
        made = _desk(folder, Moved(store, hands), hands)
        made.tick()
        yield made
    finally:
        store.close()
