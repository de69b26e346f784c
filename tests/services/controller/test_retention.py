"""Runs that are over go when they are old, with all that they left, and nobody else's."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jobnet.engine.states import State
from jobnet.errors.controller import NetworkNotApplied, SettingRefused
from jobnet.ids import EditionId, NetworkName, OperatorName, PartKey, RunId
from jobnet.ports.store import RunRow, SignalKind, Store
from jobnet.ports.store.lists import RunFilter
from jobnet.ports.store.outputs import OutputPiece
from jobnet.ports.store.plan import PlanRow, PlanState
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.retention import (
    RUNS_A_PASS,
    Keeping,
    Pruned,
    PruneWish,
    Retention,
)
from jobnet.services.controller.settings import Change, SettingsDesk
from jobnet.storage import Place, PostgresPlace, SqlitePlace, open_store

from tests.services.controller.office import Printed
from tests.services.controller.stores import AtInstant
from tests.storage.postgres import PostgresServer
from tests.storage.rows import NOON, PAY, event, later, run_row

BOB = OperatorName("bob")
MANY = 10_000
ALL = RunFilter()


@dataclass
class LeftBehind:
    """Folders of runs, by their sizes; ``busy`` are those where something is at work."""

    sizes: dict[RunId, int] = field(default_factory=dict)
    busy: set[RunId] = field(default_factory=set)
    looked: Callable[[], None] = lambda: None

    def size(self, run: RunId) -> int:
        self.looked()
        return self.sizes.get(run, 0)

    def remove(self, run: RunId) -> bool:
        if run in self.busy:
            return False
        self.sizes.pop(run, None)
        return True


@dataclass
class Keep:
    """A store with runs, and who removes them, at an instant of the test."""

    plain: Store
    keeping: Keeping = field(default_factory=Keeping)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.printed, self.left = Printed(), LeftBehind()
        self.retention = self.process()

    def process(self) -> Retention:
        """Return the worker of another process."""
        store = AtInstant(self.plain, lambda: self.now)
        desk = SettingsDesk(store, Bells())
        return Retention(
            store, self.printed, self.left, desk, lambda: [NetworkName("short")], self.keeping
        )

    def add(self, run: str, *, days: float, network: str = PAY, **more: object) -> RunRow:
        """Add a run that ended so many days ago, with output and a folder."""
        at = self.now - timedelta(days=days)
        row = dataclasses.replace(
            run_row(run, network=network),
            state=State.NORMAL,
            created_at=at,
            operating_day=at.date(),
            ended=at,
            **more,  # type: ignore[arg-type]
        )
        assert self.plain.write(lambda tx: tx.runs.add(row))
        piece = OutputPiece(
            run=row.run, part=PartKey("a"), attempt=1, offset=0, text="said\n", at=at
        )
        self.printed.append([piece])
        self.left.sizes[row.run] = 1000
        return row

    def runs(self) -> set[str]:
        return {
            row.run
            for row in self.plain.read(lambda tx: tx.lists.runs(ALL, after=None, limit=MANY))
        }

    def prune(self, **wish: object) -> Pruned:
        asked = PruneWish(**wish)  # type: ignore[arg-type]
        return self.retention.prune(asked, by=BOB, reason="full disk", runs_max=MANY)

    def work(self) -> None:
        """Let the worker look until it wants to rest."""
        while (self.retention.work_once().again_seconds or 0) < 60:
            pass


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Keep]:
    store = open_store(SqlitePlace(path=tmp_path / "jobnet.sqlite3"))
    yield Keep(store)
    store.close()


def test_runs_go_ninety_days_after_their_end(keep: Keep) -> None:
    keep.add("old", days=90.1)
    keep.add("young", days=89.9)

    keep.work()

    assert keep.runs() == {"young"}
    assert {key[0] for key in keep.printed.kept} == {"young"}
    assert set(keep.left.sizes) == {"young"}


def test_everything_of_a_large_heap_goes_in_one_go(keep: Keep) -> None:
    for number in range(RUNS_A_PASS + 30):
        keep.add(f"r{number}", days=100 + number / 100)

    keep.work()

    assert keep.runs() == set()


def test_a_look_costs_nothing_before_an_hour_has_gone_by(keep: Keep) -> None:
    keep.work()
    keep.add("old", days=91)

    keep.retention.work_once()
    early = keep.runs()
    keep.now += timedelta(hours=1)
    keep.work()

    assert early == {"old"}
    assert keep.runs() == set()


def test_the_latest_runs_are_kept_up_to_a_number(keep: Keep) -> None:
    keep.keeping = Keeping(runs_max=2)
    keep.retention = keep.process()
    for days in range(2, 7):
        keep.add(f"r{days}", days=days)

    keep.work()

    assert keep.runs() == {"r2", "r3"}


def test_a_network_has_days_of_its_own(keep: Keep) -> None:
    keep.add("short", days=8, network="short")
    keep.add("long", days=200, network="long")
    keep.add("other", days=8)
    keep.retention.keep("short", 7, Change(by=BOB))
    keep.retention.keep("long", 365, Change(by=BOB))

    keep.work()

    assert keep.runs() == {"long", "other"}


def test_the_days_of_a_network_can_be_taken_back(keep: Keep) -> None:
    keep.add("a", days=91)
    keep.retention.keep(PAY, 365, Change(by=BOB))
    keep.work()
    kept = keep.runs()

    keep.retention.keep(PAY, None, Change(by=BOB))
    keep.now += timedelta(hours=2)
    keep.work()

    assert kept == {"a"}
    assert keep.runs() == set()


def test_a_network_that_nobody_knows_is_refused(keep: Keep) -> None:
    with pytest.raises(NetworkNotApplied):
        keep.retention.keep("nobody", 30, Change(by=BOB))
    with pytest.raises(NetworkNotApplied):
        keep.prune(network=NetworkName("nobody"))


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_no_other_number_of_days_is_taken(keep: Keep, days: int) -> None:
    keep.add("a", days=1)

    with pytest.raises(SettingRefused):
        keep.retention.keep(PAY, days, Change(by=BOB))


def test_a_run_stays_while_another_of_its_day_is_open(keep: Keep) -> None:
    row = keep.add("old", days=91)
    waiting = run_row("waits", network="other", operating_day=row.operating_day)
    keep.plain.write(lambda tx: tx.runs.add(waiting))

    keep.work()

    assert keep.runs() == {"old", "waits"}


def test_what_would_go_is_told_and_stays(keep: Keep) -> None:
    keep.add("a", days=91)
    keep.add("b", days=92)

    told = keep.retention.plan(PruneWish(), runs_max=MANY)

    assert (told.runs, told.printed, told.left_behind) == (2, 10, 2000)
    assert told.is_complete
    assert keep.runs() == {"a", "b"}
    assert keep.prune() == told
    assert keep.runs() == set()


def test_what_would_go_is_counted_up_to_a_bound(keep: Keep) -> None:
    for number in range(3):
        keep.add(f"r{number}", days=91)

    told = keep.retention.plan(PruneWish(), runs_max=2)

    assert (told.runs, told.is_complete) == (2, False)


def test_removing_by_hand_stops_at_a_bound_and_goes_on_when_asked_again(keep: Keep) -> None:
    for number in range(3):
        keep.add(f"r{number}", days=91)

    first = keep.retention.prune(PruneWish(), by=BOB, reason="", runs_max=2)
    second = keep.retention.prune(PruneWish(), by=BOB, reason="", runs_max=2)

    assert (first.runs, first.is_complete) == (2, False)
    assert (second.runs, second.is_complete) == (1, True)


def test_one_network_can_be_pruned_by_hand_with_an_age_of_its_own(keep: Keep) -> None:
    keep.add("a", days=31)
    keep.add("young", days=29)
    keep.add("other", days=31, network="other")

    done = keep.prune(network=NetworkName(PAY), older_than=timedelta(days=30))

    assert done.runs == 1
    assert keep.runs() == {"young", "other"}


def test_an_age_by_hand_spares_networks_that_are_kept_longer(keep: Keep) -> None:
    keep.add("a", days=31)
    keep.add("long", days=31, network="long")
    keep.retention.keep("long", 365, Change(by=BOB))

    keep.prune(older_than=timedelta(days=30))

    assert keep.runs() == {"long"}


def test_no_run_goes_before_a_day_has_gone_by_since_its_end(keep: Keep) -> None:
    keep.add("today", days=0.9)

    keep.prune(network=NetworkName(PAY), older_than=timedelta(0))

    assert keep.runs() == {"today"}


def test_who_removed_runs_by_hand_is_in_the_audit_log(keep: Keep) -> None:
    keep.add("a", days=91)

    keep.prune(network=NetworkName(PAY))
    keep.prune()

    (act,) = keep.plain.read(lambda tx: tx.audits.page(before=None, limit=9))
    assert (act.by, act.act, act.subject, act.reason) == (
        BOB,
        "prune",
        f"network {PAY}",
        "full disk",
    )


def test_what_a_crash_has_left_of_a_run_goes_later(keep: Keep) -> None:
    keep.add("old", days=91)
    keep.left.busy.add(RunId("old"))
    keep.work()
    left = dict(keep.left.sizes)

    keep.left.busy.clear()
    keep.process().work_once()

    assert left == {"old": 1000}
    assert keep.left.sizes == {}
    assert not keep.plain.read(lambda tx: tx.signals.pending((SignalKind.REMOVED,)))


def test_events_of_long_ago_are_forgotten_unless_they_are_kept(keep: Keep) -> None:
    days = 60 * 24
    for name, keep_until in (("old", None), ("kept", 5)):
        sent = event(name, sent=-91 * days, keep=keep_until)
        keep.plain.write(lambda tx, sent=sent: tx.board.add_event(sent))  # type: ignore[misc]

    keep.work()

    found = keep.plain.read(lambda tx: tx.board.events(sent.name, since=later(-99 * days)))
    assert [each.id for each in found] == ["kept"]


def test_planned_starts_that_were_settled_long_ago_are_forgotten(keep: Keep) -> None:
    days = 60 * 24
    for nominal, settled in (("old", -91 * days), ("young", -89 * days)):
        row = planned_row(nominal, settled_at=later(settled))
        keep.plain.write(lambda tx, row=row: tx.plan.add([row]))  # type: ignore[misc]

    keep.work()

    rows = keep.plain.read(lambda tx: tx.plan.between(later(-99 * days), later(1)))
    assert [row.key.nominal for row in rows] == ["young"]


def planned_row(nominal: str, *, settled_at: datetime) -> PlanRow:
    key = OccurrenceKey(schedule="nightly", network=PAY, operating_day=NOON.date(), nominal=nominal)
    return PlanRow(
        key=key,
        start=settled_at,
        nominal_start=settled_at,
        state=PlanState.STARTED,
        zone="UTC",
        edition=EditionId(1),
        settled_at=settled_at,
    )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.parts)])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with ExitStack() as stack:
        place: Place = SqlitePlace(path=tmp_path / "jobnet.sqlite3")
        if request.param == "postgresql":
            server = stack.enter_context(PostgresServer())
            place = PostgresPlace(url=server.new_database(), connections_max=10)
        store = open_store(place)
        stack.callback(store.close)
        yield store


def test_a_process_that_stood_still_removes_nothing_once_another_has_taken_over(
    shared: Store,
) -> None:
    keep = Keep(shared)
    keep.add("old", days=91)
    other = keep.process()

    def stand_still() -> None:
        keep.left.looked = lambda: None
        keep.now += timedelta(hours=1)
        other.keep(PAY, 365, Change(by=BOB))
        other.work_once()

    keep.left.looked = stand_still

    done = keep.retention.prune(PruneWish(), by=BOB, reason="", runs_max=MANY)

    assert (done.runs, done.is_complete) == (0, False)
    assert keep.runs() == {"old"}


def test_only_one_of_two_processes_removes_anything(keep: Keep) -> None:
    keep.add("old", days=91)
    other = keep.process()
    keep.work()
    keep.add("also old", days=91)
    keep.now += timedelta(minutes=5)

    other.work_once()

    assert keep.runs() == {"also old"}
