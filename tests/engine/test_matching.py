"""Rules 8, 10 and 14: what waits are given of other runs, and of events."""

from datetime import datetime, timedelta

import pytest
from jobnet.definition import Match
from jobnet.engine import match
from jobnet.engine.facts import EventSent
from jobnet.engine.inputs import EndDelivered, EventDelivered
from jobnet.engine.orders import ChangeResult, NewResult, Rerun, RerunFrom
from jobnet.engine.waits import EndWait, ExecutionEnd, SentEvent
from jobnet.ids import EventId, EventName, NetworkName, PartKey, RunId

from tests.engine.building import (
    DAY,
    NOON,
    call,
    for_each,
    job,
    loop,
    network,
    parallel,
    pause,
    send,
    wait_event,
    wait_network,
    wait_part,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import takes

W = PartKey("w")


def ended(
    state: str = "normal",
    *,
    run: str = "r-other",
    part: str | None = None,
    planned: float = -3600,
    at: float = -1800,
    days: int = 0,
) -> ExecutionEnd:
    """An end of ``pre``; times in seconds from noon."""
    return ExecutionEnd(
        network=NetworkName("pre"),
        execution=run,
        part=part,
        run=RunId(run),
        state=state,
        is_fine_or_warning=state in {"normal", "warning", "skipped", "bypassed"},
        operating_day=DAY + timedelta(days=days),
        planned_start=NOON + timedelta(seconds=planned),
        ended_at=NOON + timedelta(seconds=at),
        outputs={"rows": 7},
    )


def sent(
    number: int = 1, *, name: str = "ready", data: object = None, at: float = 0, keep: float = 0
) -> SentEvent:
    """An event from outside; times in seconds from noon."""
    instant = NOON + timedelta(seconds=at)
    return SentEvent(
        id=EventId(f"x:{number}"),
        name=EventName(name),
        data=data,
        sender="ann",
        sent_at=instant,
        operating_day=DAY,
        keep_until=instant + timedelta(seconds=keep) if keep else None,
    )


NETWORK_WAITS = (
    says(
        "an end before the wait began counts",
        wait_network("w", "pre"),
        job("a"),
        arrivals_at={0: [ended()]},
        states={"w": "normal", "a": "normal"},
        seconds=0,
        also=lambda p: (
            p["w"].outputs == {"result": "normal", "run": "r-other", "outputs": {"rows": 7}}
        ),
    ),
    says(
        "it waits for the end",
        wait_network("w", "pre"),
        arrivals_at={300: [ended(at=300)]},
        seconds=300,
    ),
    says(
        "another operating day does not count",
        wait_network("w", "pre"),
        arrivals_at={0: [ended(days=-1)]},
        run="running",
        states={"w": "waiting"},
    ),
    says(
        "latest takes the last of any day",
        wait_network("w", "pre", match="latest"),
        arrivals_at={0: [ended("abnormal", run="r-1", planned=-9000, days=-1), ended(days=-1)]},
        states={"w": "normal"},
    ),
    says(
        "within takes what ended not longer ago",
        wait_network("w", "pre", match="within", within=600),
        arrivals_at={0: [ended(at=-700)], 60: [ended(run="r-2", at=60)]},
        seconds=60,
    ),
    says(
        "all executions planned at or before the start of the waiting run have to be good",
        wait_network("w", "pre"),
        arrivals_at={0: [ended("abnormal", run="r-1"), ended(run="r-2")]},
        run="running",
    ),
    says(
        "one planned later does not decide",
        wait_network("w", "pre"),
        arrivals_at={0: [ended(run="r-1"), ended("abnormal", run="r-2", planned=60)]},
        states={"w": "normal"},
    ),
    says(
        "the first of the day if there is none before",
        wait_network("w", "pre"),
        arrivals_at={
            0: [ended(run="r-1", planned=60), ended("abnormal", run="r-2", planned=120)],
        },
        states={"w": "normal"},
    ),
    says(
        "a warning satisfies, and so does BYPASSED",
        wait_network("w", "pre"),
        arrivals_at={0: [ended("warning", run="r-1"), ended("bypassed", run="r-2")]},
        states={"w": "normal"},
    ),
    says(
        "result ended: any end satisfies",
        wait_network("w", "pre", result="ended"),
        arrivals_at={0: [ended("abnormal")]},
        states={"w": "normal"},
    ),
    says(
        "another end does not end the wait: it shows what it has seen",
        wait_network("w", "pre"),
        arrivals_at={0: [ended("abnormal")]},
        run="running",
        states={"w": "waiting"},
        also=lambda p: [end.state for end in p["w"].ends] == ["abnormal"],
    ),
    says(
        "it goes on after a rerun of the awaited run",
        wait_network("w", "pre"),
        arrivals_at={0: [ended("abnormal")], 90: [ended("normal", at=90)]},
        seconds=90,
    ),
    says(
        "on_other abnormal ends it instead",
        wait_network("w", "pre", on_other="abnormal"),
        arrivals_at={0: [ended("abnormal")]},
        run="abnormal",
        states={"w": "abnormal"},
    ),
    says(
        "on_other continue ends it with a warning",
        wait_network("w", "pre", on_other="continue"),
        arrivals_at={0: [ended("abnormal")]},
        run="warning",
    ),
    says(
        "MISSED and CANCELLED count as not planned",
        wait_network("w", "pre"),
        arrivals_at={0: [ended("missed", run="r-1"), ended("cancelled", run="r-2")]},
        run="running",
    ),
    says(
        "a network called in the same run is found like a run",
        parallel("p", wait_network("w", "sub"), (pause("x", 5), call("s", "sub"))),
        more={"networks": (network(job("i"), name="sub"),)},
        seconds=5,
    ),
    says(
        "its time is up: abnormal",
        wait_network("w", "pre", give_up=600),
        run="abnormal",
        seconds=600,
        also=lambda p: p["w"].end_reason == "timeout",
    ),
)
PART_WAITS = (
    says(
        "a part of another network",
        wait_part("w", "load", "pre"),
        arrivals_at={0: [ended()], 50: [ended(part="load", at=50)]},
        seconds=50,
    ),
    says(
        "a part of this run",
        parallel("p", wait_part("w", "a"), job("a")),
        script={"a": takes(40)},
        also=lambda p: p.at("w")[1] == 40.0,
    ),
    says(
        "a part of this run in the same item",
        for_each("f", ["x", "y"], parallel("p", wait_part("w", "a"), job("a"))),
        script={"f[x].a": takes(40), "f[y].a": takes(5)},
        also=lambda p: (p.at("f[x].w")[1], p.at("f[y].w")[1]) == (40.0, 5.0),
    ),
    says(
        "a part of this run that fails keeps it waiting; its changed result lets it go on",
        parallel("p", wait_part("w", "a"), job("a")),
        script={"a": 1},
        orders_at={60: [ChangeResult(part=PartKey("a"), result=NewResult.NORMAL)]},
        states={"w": "normal", "p": "normal"},
        seconds=60,
    ),
)
EVENT_WAITS = (
    says(
        "it receives the event with its data, sender and instant",
        wait_event("w"),
        arrivals_at={30: [sent(data={"rows": 3}, at=30)]},
        seconds=30,
        also=lambda p: (
            p["w"].outputs
            == {"data": {"rows": 3}, "sender": "ann", "sent_at": "2026-05-29T12:00:30+00:00"}
        ),
    ),
    says(
        "where filters by data",
        wait_event("w", where="event.data.rows > 5"),
        arrivals_at={at: [sent(at, data={"rows": at}, at=at)] for at in (5, 20)},
        seconds=20,
    ),
    says(
        "where knows when an event was sent",
        wait_event("w", where='event.sent_at >= at("12:01")'),
        arrivals_at={at: [sent(at, at=at)] for at in (10, 70)},
        seconds=70,
    ),
    says(
        "kept events are for late receivers, as long as they are kept",
        *(pause("x", 60), wait_event("w")),
        arrivals_at={1: [sent(at=1, keep=100)]},
        seconds=60,
    ),
    says(
        "a where that has no value for an event does not take it",
        wait_event("w", where="event.data.rows > 5"),
        arrivals_at={10: [sent(1, data="no mapping", at=10)]},
        run="running",
    ),
    says(
        "another name is another event",
        wait_event("w"),
        arrivals_at={10: [sent(name="other", at=10)]},
        run="running",
    ),
    says(
        "one event releases all receivers that match",
        parallel("p", wait_event("w"), wait_event("v")),
        arrivals_at={10: [sent(at=10)]},
        states={"w": "normal", "v": "normal"},
    ),
    says(
        "two events for one wait: the older",
        pause("x", 60),
        wait_event("w"),
        arrivals_at={1: [sent(2, data=2, at=-5, keep=900), sent(1, data=1, at=-9, keep=900)]},
        also=lambda p: p["w"].outputs["data"] == 1,
    ),
    says(
        "without keep only waits that are open get it",
        *(pause("x", 60), wait_event("w")),
        arrivals_at={1: [sent(at=1)]},
        run="running",
    ),
    says(
        "an event kept too short is gone",
        *(pause("x", 60), wait_event("w")),
        arrivals_at={1: [sent(at=1, keep=30)]},
        run="running",
    ),
    says(
        "sending never blocks",
        send("s"),
        job("a"),
        states={"s": "normal", "a": "normal"},
        seconds=0,
        also=lambda p: len(p.of(EventSent)) == 1,
    ),
    says(
        "an event consumed in one iteration is not given to another of the same run",
        wait_event("w"),
        loop("l", "w", max_times=1),
        arrivals_at={1: [sent(1, at=1, keep=900)], 100: [sent(2, at=100, keep=900)]},
        seconds=100,
    ),
    says(
        "a new attempt of the same iteration gets the event that it already had",
        wait_event("w"),
        job("a"),
        arrivals_at={1: [sent(1, data=1, at=1)]},
        orders_at={60: [Rerun(start=RerunFrom.WHOLE)]},
        states={"w": "normal"},
        seconds=60,
        also=lambda p: p["w"].outputs["data"] == 1 and "reused" in p["w"].message,
    ),
    says(
        "unless fresh ones are asked for",
        wait_event("w"),
        job("a"),
        arrivals_at={1: [sent(1, data=1, at=1)], 90: [sent(2, data=2, at=90)]},
        orders_at={60: [Rerun(start=RerunFrom.WHOLE, fresh_events=True)]},
        seconds=90,
        also=lambda p: p["w"].outputs["data"] == 2,
    ),
    says(
        "an event of this run reaches a wait of this run",
        parallel(
            "p", wait_event("w", "go"), (pause("x", 9), send("s", "go", {"n": "{{ 1 + 1 }}"}))
        ),
        seconds=9,
        also=lambda p: p["w"].outputs["data"] == {"n": 2},
    ),
    says(
        "on_timeout continue ends it with a warning",
        wait_event("w", give_up=60, on_timeout="continue"),
        job("a"),
        run="warning",
        states={"w": "warning", "a": "normal"},
    ),
)


@pytest.mark.parametrize("example", NETWORK_WAITS)
def test_a_network_wait(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", PART_WAITS)
def test_a_part_wait(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", EVENT_WAITS)
def test_an_event_wait(example: Example) -> None:
    example.prove()


def end_wait(how: Match = Match.SAME_DAY, opened: datetime = NOON) -> EndWait:
    return EndWait(
        run=RunId("r-1"),
        part=W,
        attempt=1,
        network=NetworkName("pre"),
        awaited_part=None,
        match=how,
        within=None,
        needs_normal=True,
        operating_day=DAY,
        planned_start=NOON,
        opened_at=opened,
    )


def test_matching_is_pure_and_leaves_out_waits_without_anything_new() -> None:
    given = ([end_wait()], [sent()], [ended(days=1)], NOON)

    assert match(*given) == match(*given) == ()


def test_an_execution_that_ended_twice_counts_by_its_last_end() -> None:
    deliveries = match([end_wait()], [], [ended(at=-5), ended("abnormal", at=-60)], NOON)

    assert [type(each) for each in deliveries] == [EndDelivered]
    assert isinstance(deliveries[0], EndDelivered)
    assert deliveries[0].is_satisfied


def test_a_delivery_for_an_attempt_that_is_over_changes_nothing() -> None:
    late = EventDelivered(part=W, attempt=1, event=sent(9))

    played = play(network(wait_event("w")), arrivals_at={1: [sent(at=1)], 2: [late, late]})

    assert (played.run, played["w"].events) == ("normal", (EventId("x:1"),))


def test_ends_are_published_for_parts_that_a_loop_has_begun_anew() -> None:
    main = network(
        parallel(
            "p", (job("a"), loop("l", "a", until="parts.a.normal", interval=5)), wait_part("w", "a")
        )
    )

    played = play(main, {"a": [1, 0]})

    assert played["w"].state.value == "normal"
