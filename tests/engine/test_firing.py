"""Rules 9 and 11: timeouts, deadlines and the identity of timers."""

from datetime import timedelta

import pytest
from jobnet.definition import Queue, Retry
from jobnet.engine import begin, step
from jobnet.engine.facts import FlagRaised, KillRequested
from jobnet.engine.inputs import AttemptBegan, SlotGranted, StartRun, TimerFired
from jobnet.engine.orders import ChangeTime, ClearWait, Kill, RunNow
from jobnet.engine.timers import Timer, TimerKind
from jobnet.ids import OperatorName, PartKey, RunId

from tests.engine.building import (
    DAY,
    NOON,
    block,
    branch,
    bundle,
    call,
    dialog,
    job,
    loop,
    network,
    parallel,
    pause,
    until,
    wait_file,
    wait_network,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import Does, takes


def key(text: str) -> PartKey:
    return PartKey(text)


SLOW = {"a": takes(500)}
TIMEOUTS = (
    says(
        "a unit job is killed first and ends ABNORMAL with reason timeout",
        job("a", timeout=60),
        job("b"),
        script=SLOW,
        run="abnormal",
        seconds=60,
        states={"a": "abnormal", "b": "not_run"},
        also=lambda p: p["a"].end_reason == "timeout" and len(p.of(KillRequested)) == 1,
    ),
    says(
        "the timeout counts from the grant of the slot, not from the turn",
        parallel("p", job("a", queue="q"), job("b", queue="q", timeout=60)),
        script={"a": takes(500), "b": takes(50)},
        more={"queues": (Queue(name="q", limit=1),)},
        seconds=550,
    ),
    says(
        "each attempt has its own timeout, the pause between them counts for none",
        job("a", timeout=60, retry=Retry(count=1, delay=timedelta(seconds=300))),
        script={"a": [takes(500), takes(50)]},
        seconds=410,
        states={"a": "normal"},
    ),
    says(
        "a second attempt that hangs is killed too",
        job("a", timeout=60, retry=Retry(count=1)),
        script=SLOW,
        run="abnormal",
        seconds=120,
        also=lambda p: len(p.of(KillRequested)) == 2,
    ),
    says(
        "a container: what is active inside is killed, its always runs",
        block("k", job("a"), job("b"), always=(job("z"),), timeout=60),
        job("c"),
        script=SLOW,
        run="abnormal",
        states={"a": "abnormal", "b": "not_run", "z": "normal", "k": "abnormal", "c": "not_run"},
        also=lambda p: p["k"].end_reason == "timeout",
    ),
    says(
        "a timeout is judged like any abnormal end: rescue",
        block("k", job("a", timeout=60), rescue=(job("r"),)),
        script=SLOW,
        states={"a": "abnormal", "r": "normal", "k": "normal"},
    ),
    says(
        "a timeout is judged like any abnormal end: branch",
        job("a", timeout=60),
        branch("b", ("parts.a.abnormal", (job("x"),))),
        script=SLOW,
        states={"x": "normal"},
    ),
    says(
        "a called network",
        call("s", "sub", timeout=60),
        more={"networks": (network(job("i"), name="sub"),)},
        script={"s.i": takes(500)},
        run="abnormal",
        seconds=60,
        states={"s": "abnormal"},
    ),
    says(
        "the timeout of a called network is that of its own document, too",
        call("s", "sub"),
        more={"networks": (network(job("i"), name="sub", timeout=60),)},
        script={"s.i": takes(500)},
        run="abnormal",
        seconds=60,
    ),
    says(
        "a run",
        job("a"),
        main=network(job("a"), job("b"), timeout=60),
        script=SLOW,
        run="abnormal",
        seconds=60,
        states={"b": "not_run"},
    ),
    says(
        "a pause longer than its timeout",
        pause("w", 500, timeout=60),
        run="abnormal",
        seconds=60,
        states={"w": "abnormal"},
    ),
    says(
        "on_timeout of a wait: abnormal by default",
        wait_file("w", give_up=60),
        run="abnormal",
        seconds=60,
    ),
    says(
        "on_timeout continue of a wait ends it with a warning",
        wait_network("w", "pre", give_up=60, on_timeout="continue"),
        job("c"),
        run="warning",
        states={"w": "warning", "c": "normal"},
    ),
    says(
        "a dialog without on_timeout ends abnormally",
        dialog("d", ask=60),
        run="abnormal",
        seconds=60,
    ),
    says(
        "on_timeout of a dialog is one of its choices",
        dialog("d", ask=60, on_timeout="no"),
        branch("b", ("parts.d.outputs.choice == 'no'", (job("x"),))),
        states={"d": "normal", "x": "normal"},
        also=lambda p: p["d"].exit_code == 1 and p["d"].outputs["by"] == "timeout",
    ),
    says(
        "a timer that comes due after the end does nothing",
        job("a", timeout=60),
        job("b"),
        script={"a": takes(59), "b": takes(10)},
        seconds=69,
    ),
)
TIME_WAITS = (
    says("wait_until waits for the clock of the operating day", until("w", "12:05"), seconds=300),
    says("the clock may run past midnight", until("w", "25:30"), seconds=13.5 * 3600),
    says(
        "wait_until a time already passed goes on at once and says so",
        until("w", "11:00"),
        seconds=0,
        also=lambda p: "11:00 had passed already" in p["w"].message,
    ),
    says(
        "wait_for counts from its own start",
        job("a"),
        pause("w", 60),
        script={"a": takes(30)},
        seconds=90,
    ),
    says(
        "a clock may be a template",
        until("w", "{{ params.at }}"),
        more={"params": {"at": "12:01"}},
        seconds=60,
    ),
    says(
        "a template that is no clock time ends it abnormally",
        until("w", "{{ params.at }}"),
        more={"params": {"at": "noon"}},
        run="abnormal",
    ),
    says(
        "run_now drops the wait",
        until("w", "20:00"),
        orders_at={5: [RunNow(part=key("w"))]},
        seconds=5,
    ),
    says(
        "change_time moves it, and the old timer is dead",
        until("w", "12:01"),
        orders_at={5: [ChangeTime(part=key("w"), to=NOON + timedelta(seconds=300))]},
        seconds=300,
    ),
    says(
        "clear_wait takes it as fulfilled, by whom",
        until("w", "20:00"),
        orders_at={5: [ClearWait(part=key("w"))]},
        seconds=5,
        also=lambda p: p["w"].message == "taken as fulfilled by ann",
    ),
    says(
        "run_now of a pause between attempts",
        job("a", retry=Retry(count=1, delay=timedelta(hours=1))),
        script={"a": [1, 0]},
        orders_at={5: [RunNow(part=key("a"))]},
        seconds=5,
    ),
    says(
        "run_now of the pause of a continuity",
        job("a"),
        loop("l", "a", until="parts.a.normal", interval=3600),
        script={"a": [1, 0]},
        orders_at={5: [RunNow(part=key("l"))]},
        seconds=5,
    ),
)


@pytest.mark.parametrize("example", TIMEOUTS)
def test_a_timeout(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", TIME_WAITS)
def test_a_time_wait(example: Example) -> None:
    example.prove()


STRANGERS = (
    ("another attempt", Timer(part=key("w"), attempt=7, kind=TimerKind.WAIT, generation=0)),
    ("another generation", Timer(part=key("w"), attempt=1, kind=TimerKind.WAIT, generation=3)),
    ("another kind", Timer(part=key("w"), attempt=1, kind=TimerKind.TIMEOUT, generation=0)),
    ("a part without record", Timer(part=key("x"), attempt=1, kind=TimerKind.WAIT, generation=0)),
    ("the run", Timer(part=key(""), attempt=0, kind=TimerKind.END_BY, generation=1)),
)


@pytest.mark.parametrize("timer", [row[1] for row in STRANGERS], ids=[row[0] for row in STRANGERS])
def test_a_timer_that_is_not_armed_changes_nothing(timer: Timer) -> None:
    main = network(pause("w", 60), job("x"))

    played = play(main, arrivals_at={5: [TimerFired(timer=timer, due=NOON)]})

    assert (played.run, played.seconds) == ("normal", 60)


def test_a_timer_is_trusted_by_its_identity_not_by_comparing_clocks() -> None:
    main = network(pause("w", 3600))
    timer = Timer(part=key("w"), attempt=1, kind=TimerKind.WAIT, generation=0)

    played = play(main, arrivals_at={5: [TimerFired(timer=timer, due=NOON)]})

    assert played.seconds == 5


def test_a_timer_fires_once() -> None:
    main = network(job("a", late_end="12:01"))
    timer = Timer(part=key("a"), attempt=0, kind=TimerKind.LATE_END, generation=0)

    played = play(main, SLOW, arrivals_at={90: [TimerFired(timer=timer, due=NOON)]})

    assert len(played.of(FlagRaised)) == 1


def test_now_is_never_before_the_last_entry() -> None:
    tracker = begin(bundle(network(job("a"))), {})
    start = StartRun(
        run=RunId("r"),
        by=OperatorName("ann"),
        operating_day=DAY,
        planned_start=NOON,
        zone="UTC",
    )
    started = step(tracker, start, NOON)
    granted = SlotGranted(part=key("a"), attempt=1)

    decision = step(started.tracker, granted, NOON - timedelta(hours=1))

    assert {fact.at for fact in decision.facts} == {NOON}


def test_an_input_before_the_start_changes_nothing() -> None:
    tracker = begin(bundle(network(job("a"))), {})

    decision = step(tracker, AttemptBegan(part=key("a"), attempt=1), NOON)

    assert (decision.facts, decision.tracker) == ((), tracker)


def test_a_kill_by_the_clock_does_not_repeat_that_of_the_operator() -> None:
    main = network(job("a", timeout=60))
    script = {"a": Does(answers=False, dies=False)}

    played = play(main, script, orders_at={10: [Kill(part=key("a"))]})

    assert len(played.of(KillRequested)) == 1
