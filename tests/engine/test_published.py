"""Ends and events reach only those who wait for them, with what belongs to them."""

import pytest
from jobnet.engine import ends_of
from jobnet.engine.facts import EventTaken, ResultChanged
from jobnet.engine.inputs import EventDelivered
from jobnet.engine.orders import ChangeResult, NewResult
from jobnet.engine.waits import SentEvent
from jobnet.errors.engine import OrderRefused
from jobnet.ids import EventId, EventName, PartKey

from tests.engine.building import DAY, NOON, job, network, pause, wait_event
from tests.engine.nights import again
from tests.engine.playing import play
from tests.engine.scripting import Does

EVENT = SentEvent(
    id=EventId("e"),
    name=EventName("ready"),
    data={"n": 1},
    sender="eve",
    sent_at=NOON,
    operating_day=DAY,
)


def test_a_changed_result_is_published_with_the_outputs_that_the_part_has() -> None:
    change = ChangeResult(part=PartKey("a"), result=NewResult.WARNING)
    does = Does(outputs={"rows": 7})
    played = play(network(job("a")), {"a": does}, orders_at={5: [change]})
    (changed,) = played.of(ResultChanged)
    assert isinstance(changed, ResultChanged)

    ends = list(ends_of(played.tracker, changed))

    assert [(end.part, end.state, end.is_fine_or_warning, end.outputs) for end in ends] == [
        ("a", "warning", True, {"rows": 7}),
        ("a", "warning", True, {"rows": 7}),
    ]
    assert [end.is_own_key for end in ends] == [False, True]


@pytest.mark.parametrize("part", ["p", "w", "nobody"])
def test_an_event_for_a_part_that_does_not_wait_for_one_changes_nothing(part: str) -> None:
    early = EventDelivered(part=PartKey(part), attempt=1, event=EVENT)

    played = play(network(pause("p", 60), wait_event("w")), arrivals_at={5: [early]})

    assert played.at("p") == (0.0, 60.0)
    assert played.of(EventTaken) == []


def test_an_event_that_was_taken_is_the_output_of_its_wait() -> None:
    played = play(network(wait_event("w")), arrivals_at={5: [EVENT]})

    assert played["w"].outputs == {
        "data": {"n": 1},
        "sender": "eve",
        "sent_at": "2026-05-29T12:00:00+00:00",
    }


def test_a_rerun_of_a_part_that_does_not_exist_names_it() -> None:
    with pytest.raises(OrderRefused, match=r"nobody.*this run has no such part"):
        play(network(job("a")), orders_at={5: [again("part", "nobody")]})
