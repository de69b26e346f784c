"""The appointments of a run."""

from datetime import UTC, datetime, timedelta

from jobnet.engine.timers import ArmedTimer, Timer, TimerKind
from jobnet.ids import PartKey
from jobnet.services.appointments import Appointments
from jobnet.services.inbox import LookHint

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)


def armed(part: str, minutes: float, kind: TimerKind = TimerKind.WAIT) -> ArmedTimer:
    timer = Timer(part=PartKey(part), attempt=1, kind=kind, generation=1)
    return ArmedTimer(timer=timer, due=NOON + timedelta(minutes=minutes))


def test_they_come_in_the_order_in_which_they_are_due() -> None:
    book = Appointments()
    book.arm(armed("late", 20))
    book.arm(armed("soon", 10))
    look = LookHint(part=PartKey("file"), attempt=1)
    book.look_at(NOON + timedelta(minutes=15), look)

    taken = [book.take_due(NOON + timedelta(hours=1)) for _ in range(4)]

    assert taken == [armed("soon", 10), look, armed("late", 20), None]


def test_nothing_is_taken_before_it_is_due() -> None:
    book = Appointments()
    book.arm(armed("soon", 10))

    assert book.take_due(NOON) is None
    assert book.next_due() == NOON + timedelta(minutes=10)


def test_a_dropped_timer_never_fires_and_a_moved_one_fires_once() -> None:
    book = Appointments()
    book.arm(armed("dropped", 10))
    book.arm(armed("moved", 10))
    book.drop(armed("dropped", 10).timer)
    book.arm(armed("moved", 30))
    book.drop(armed("unknown", 1).timer)

    assert book.next_due() == NOON + timedelta(minutes=30)
    assert book.take_due(NOON + timedelta(hours=1)) == armed("moved", 30)
    assert book.take_due(NOON + timedelta(hours=1)) is None


def test_a_timer_that_only_watches_does_not_wake_a_run() -> None:
    book = Appointments()
    book.arm(armed("dump", 10, TimerKind.LATE_END))
    assert not book.has_waking()

    book.arm(armed("dump", 20, TimerKind.TIMEOUT))

    assert book.has_waking()
    assert book.next_timer_due() == NOON + timedelta(minutes=10)
