"""A slot that is granted and still on its way when its part leaves the line."""

from collections.abc import Sequence

import pytest
from jobnet.definition import Queue, Retry
from jobnet.engine import Tracker, begin, step
from jobnet.engine import commands as c
from jobnet.engine import inputs as i
from jobnet.engine.orders import Hold, Order, Release, Resume, Suspend
from jobnet.engine.states import State
from jobnet.ids import OperatorName, PartKey, RunId

from tests.engine.building import DAY, NOON, bundle, call, job, network, parallel
from tests.engine.playing import play
from tests.engine.scripting import takes

A = PartKey("a")


class Desk:
    """Gives one run its inputs by hand."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.commands: list[c.Command] = []
        self.orders = 0

    def give(self, given: i.Input) -> None:
        decision = step(self.tracker, given, NOON)
        assert decision.is_complete
        self.tracker = decision.tracker
        self.commands = list(decision.commands)

    def order(self, order: Order) -> None:
        self.orders += 1
        self.give(i.OrderGiven(order=order, by=OperatorName("ann"), key=str(self.orders)))

    def asked(self) -> list[int]:
        """The attempts that asked for a slot in the last step."""
        return [each.attempt for each in self.commands if isinstance(each, c.AskSlot)]

    def returned(self) -> list[int]:
        """The attempts that gave their slot back in the last step."""
        return [each.attempt for each in self.commands if isinstance(each, c.ReturnSlot)]


def desk(*, is_call: bool = False) -> Desk:
    """A run that has just asked for the slot of its first part."""
    main = network(call("a", "sub") if is_call else job("a"))
    sub = network(job("i"), name="sub", limit=1)
    made = Desk(begin(bundle(main, sub), {}))
    made.give(
        i.StartRun(
            run=RunId("r"), by=OperatorName("b"), operating_day=DAY, planned_start=NOON, zone="UTC"
        )
    )
    assert made.asked() == [1]
    return made


@pytest.mark.parametrize("is_call", [False, True])
def test_a_part_that_was_held_in_line_asks_by_a_number_of_its_own(*, is_call: bool) -> None:
    made = desk(is_call=is_call)

    made.order(Hold(part=A))
    returned = made.returned()
    made.order(Release(part=A))

    assert (returned, made.asked()) == ([1], [2])


@pytest.mark.parametrize("is_call", [False, True])
def test_a_grant_from_before_the_hold_starts_nothing(*, is_call: bool) -> None:
    made = desk(is_call=is_call)
    made.order(Hold(part=A))
    made.order(Release(part=A))

    made.give(i.SlotGranted(part=A, attempt=1))
    after_the_old_one = made.commands
    made.give(i.SlotGranted(part=A, attempt=2))

    record = made.tracker.parts.get(A)
    assert after_the_old_one == []
    assert record is not None
    assert record.state in {State.STARTING, State.RUNNING}


def test_a_grant_that_meets_a_suspension_is_given_back_and_asked_for_anew() -> None:
    made = desk()
    made.order(Suspend())

    made.give(i.SlotGranted(part=A, attempt=1))
    returned = made.returned()
    made.order(Resume())

    assert (returned, made.asked()) == ([1], [2])


@pytest.mark.parametrize("holds", [0, 1, 3])
def test_standing_in_line_in_vain_costs_no_retry(holds: int) -> None:
    orders: Sequence[Order] = [Hold(part=A), Release(part=A)] * holds
    main = network(
        parallel("p", job("first", queue="q"), job("a", queue="q", retry=Retry(count=2)))
    )

    played = play(
        main,
        {"first": takes(100), "a": 1},
        orders_at={10: orders},
        queues=(Queue(name="q", limit=1),),
    )

    assert len(played.starts("a")) == 3
