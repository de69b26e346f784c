"""Inputs come back from an inbox as they were put, and equal news stands there once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.engine import inputs as i
from jobnet.engine.orders import Order
from jobnet.engine.states import QueueReason
from jobnet.engine.timers import Timer, TimerKind
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.ports.store import NewInput, StoredInput
from jobnet.services.controller.inputs import KEY_MAX, from_input, to_input

from tests.services.test_journal import strategy_of

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
RUN = RunId("night-2026-05-29-2155")
PLAIN_KINDS = [kind for kind in get_args(i.Input) if kind is not i.OrderGiven]


def stored(put: NewInput) -> StoredInput:
    """Return what the inbox gives back."""
    return StoredInput(id=1, key=put.key, kind=put.kind, payload=put.payload)


@pytest.mark.parametrize("kind", PLAIN_KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_an_input_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    given_input = data.draw(strategy_of(kind))

    back = from_input(stored(to_input(given_input, run=RUN, at=NOON)))

    assert back == given_input


@pytest.mark.parametrize("kind", get_args(Order), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_an_order_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    order = data.draw(strategy_of(kind))
    given_order = i.OrderGiven(order=order, by=OperatorName("ann"), key="k", reason="why")

    back = from_input(stored(to_input(given_order, run=RUN, at=NOON)))

    assert back == given_order


def test_the_same_news_has_the_same_key() -> None:
    granted = i.SlotGranted(part=PartKey("load"), attempt=2)

    first = to_input(granted, run=RUN, at=NOON)
    again = to_input(replace(granted, node="n1"), run=RUN, at=NOON)

    assert first.key == again.key == "slot:load:2:granted"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            i.SlotDelayed(part=PartKey("a"), attempt=1, reason=QueueReason.LOCK, detail="x"),
            i.SlotDelayed(part=PartKey("a"), attempt=1, reason=QueueReason.LOCK, detail="y"),
        ),
        (
            i.TimerFired(
                timer=Timer(part=PartKey("a"), attempt=1, kind=TimerKind.WAIT, generation=0),
                due=NOON,
            ),
            i.TimerFired(
                timer=Timer(part=PartKey("a"), attempt=1, kind=TimerKind.WAIT, generation=1),
                due=NOON,
            ),
        ),
        (
            i.AttemptBegan(part=PartKey("a"), attempt=1),
            i.AttemptBegan(part=PartKey("a"), attempt=2),
        ),
    ],
)
def test_other_news_has_another_key(one: i.Input, other: i.Input) -> None:
    assert to_input(one, run=RUN, at=NOON).key != to_input(other, run=RUN, at=NOON).key


def test_a_long_key_is_bounded_and_still_its_own() -> None:
    keys = {
        to_input(i.AttemptBegan(part=PartKey("x" * 5000 + end), attempt=1), run=RUN, at=NOON).key
        for end in "ab"
    }

    assert len(keys) == 2
    assert all(len(key) <= KEY_MAX for key in keys)


@pytest.mark.parametrize(
    "bad",
    [
        StoredInput(id=1, key="k", kind="Unheard", payload="{}"),
        StoredInput(id=1, key="k", kind="GoOn", payload='{"more": 1}'),
        StoredInput(id=1, key="k", kind="SlotGranted", payload='{"part": "a"}'),
        StoredInput(id=1, key="k", kind="GoOn", payload="no JSON"),
        StoredInput(
            id=1,
            key="k",
            kind="OrderGiven",
            payload='{"order": "Unheard", "fields": {}, "by": "a", "key": "k", "reason": ""}',
        ),
    ],
)
def test_what_nobody_has_put_there_is_refused(bad: StoredInput) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_input(bad)
