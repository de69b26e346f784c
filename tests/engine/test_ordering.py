"""Rules 4 to 6: what operators may order, and what comes of it."""

from datetime import timedelta

import pytest
from jobnet.definition import Queue, Retry
from jobnet.engine.facts import KillRequested, LateAnswer
from jobnet.engine.inputs import AttemptAnswered
from jobnet.engine.orders import (
    Cancel,
    ChangeResult,
    ForceEnd,
    Hold,
    Kill,
    NewResult,
    NoExec,
    Release,
    Rerun,
    RerunFrom,
    Resume,
    Skip,
    Suspend,
    Unskip,
)
from jobnet.engine.results import JobEnd, JobResult
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey

from tests.engine.building import (
    any_of,
    block,
    branch,
    call,
    for_each,
    job,
    loop,
    network,
    notify,
    parallel,
    pause,
    wait_event,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import LOST, NEVER, Does, takes


def key(text: str) -> PartKey:
    return PartKey(text)


SLOW = {"a": takes(100)}
OK = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0)

SKIPS = (
    says(
        "skip before its turn: it ends SKIPPED when its turn comes and successors go on",
        job("a"),
        job("b"),
        job("c"),
        script=SLOW,
        orders_at={10: [Skip(part=key("b"))]},
        states={"b": "skipped", "c": "normal"},
        also=lambda p: p.at("b")[1] == 100.0 and p.starts("b") == [],
    ),
    says(
        "skip with the exit code that the operator gives",
        job("a"),
        job("b"),
        branch("d", ("parts.b.exit_code == 7", (job("x"),))),
        script=SLOW,
        orders_at={10: [Skip(part=key("b"), exit_code=7)]},
        states={"b": "skipped", "x": "normal"},
    ),
    says(
        "skip without one: exit code 0",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Skip(part=key("b"))]},
        also=lambda p: p["b"].exit_code == 0,
    ),
    says(
        "a skipped container ends SKIPPED with all inside BYPASSED, its always too",
        job("a"),
        block("k", job("b"), rescue=(job("r"),), always=(job("z"),)),
        job("c"),
        script=SLOW,
        orders_at={10: [Skip(part=key("k"))]},
        states={"k": "skipped", "b": "bypassed", "r": "bypassed", "z": "bypassed", "c": "normal"},
    ),
    says(
        "unskip before its turn takes it back",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Skip(part=key("b"))], 20: [Unskip(part=key("b"))]},
        states={"b": "normal"},
    ),
    says(
        "skip of a part that waits ends it at once",
        wait_event("w"),
        job("c"),
        orders_at={10: [Skip(part=key("w"))]},
        states={"w": "skipped", "c": "normal"},
        seconds=10,
    ),
    says(
        "skip of a held part ends it at once",
        job("a", hold=True),
        orders_at={10: [Skip(part=key("a"))]},
        states={"a": "skipped"},
    ),
    says(
        "the definition may say skip",
        job("a", skip=True),
        job("b"),
        states={"a": "skipped", "b": "normal"},
    ),
    says(
        "a skip inside an item of a for-each concerns that item only",
        job("a"),
        for_each("f", ["x", "y"], job("b")),
        script=SLOW,
        orders_at={10: [Skip(part=key("f[x].b"))]},
        states={"f[x].b": "skipped", "f[y].b": "normal"},
    ),
)
HOLDS = (
    says(
        "a held part blocks its successors",
        job("a"),
        job("b"),
        job("c"),
        script=SLOW,
        orders_at={10: [Hold(part=key("b"))]},
        run="running",
        states={"b": "held", "c": "fixed"},
    ),
    says(
        "release runs it at once if the conditions hold",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Hold(part=key("b"))], 500: [Release(part=key("b"))]},
        also=lambda p: p.starts("b") == [500.0],
    ),
    says(
        "release before its turn: it runs when its turn comes",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Hold(part=key("b"))], 20: [Release(part=key("b"))]},
        also=lambda p: p.starts("b") == [100.0],
    ),
    says(
        "the definition may say hold",
        job("a", hold=True),
        orders_at={30: [Release(part=key("a"))]},
        seconds=30,
    ),
    says(
        "release before its turn of a part that the definition holds",
        job("a"),
        job("b", hold=True),
        script=SLOW,
        orders_at={10: [Release(part=key("b"))]},
        seconds=100,
    ),
    says(
        "a held container opens nothing",
        job("a"),
        block("k", job("b")),
        script=SLOW,
        orders_at={10: [Hold(part=key("k"))]},
        run="running",
        states={"k": "held", "b": "fixed"},
    ),
    says(
        "hold in another branch does not stop this one",
        parallel("p", job("a"), (job("b"), job("c"))),
        script={"b": takes(10)},
        orders_at={5: [Hold(part=key("c"))]},
        run="running",
        states={"a": "normal", "c": "held"},
    ),
)
SUSPENSIONS = (
    says(
        "a suspended run starts nothing new, running jobs go on",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Suspend()]},
        run="running",
        states={"a": "normal", "b": "waiting"},
        also=lambda p: p["b"].reason == "suspended",
    ),
    says(
        "resume goes on at once",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Suspend()], 300: [Resume()]},
        also=lambda p: p.starts("b") == [300.0],
    ),
    says(
        "resume before the next turn: as if nothing had been",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Suspend()], 20: [Resume()]},
        seconds=100,
    ),
    says(
        "a suspended container starts nothing new inside, the others do",
        parallel("p", block("k", job("a"), job("b")), (job("c"), job("d"))),
        script={"a": takes(10), "c": takes(20)},
        orders_at={5: [Suspend(part=key("k"))], 100: [Resume(part=key("k"))]},
        also=lambda p: p.starts("b") == [100.0] and p.starts("d") == [20.0],
    ),
    says(
        "a container suspended before its start begins and starts nothing inside",
        job("a"),
        block("k", job("b")),
        script=SLOW,
        orders_at={5: [Suspend(part=key("k"))]},
        run="running",
        states={"k": "running", "b": "waiting"},
    ),
    says(
        "a retry that comes due while suspended waits for the resume",
        job("a", retry=Retry(count=1, delay=timedelta(seconds=50))),
        script={"a": [1, 0]},
        orders_at={1: [Suspend()], 200: [Resume()]},
        also=lambda p: p.starts("a") == [0.0, 200.0],
    ),
    says(
        "a slot that comes while suspended is given back, and asked for again",
        job("a"),
        job("b", queue="q"),
        script=SLOW,
        more={"queues": (Queue(name="q", limit=1),)},
        orders_at={100: [Suspend()], 200: [Resume()]},
        states={"b": "normal"},
    ),
)
NO_EXECS = (
    says(
        "no-exec of a part: it is not executed and the flow goes on",
        job("a"),
        job("b"),
        job("c"),
        script=SLOW,
        orders_at={10: [NoExec(part=key("b"))]},
        states={"b": "bypassed", "c": "normal"},
        also=lambda p: p.starts("b") == [] and p["b"].exit_code == 0,
    ),
    says(
        "no-exec of the run walks the flow and executes nothing more",
        job("a"),
        block("k", job("b"), always=(notify("n"),)),
        for_each("f", ["x"], job("i")),
        script=SLOW,
        orders_at={10: [NoExec()]},
        seconds=100,
        states={
            "a": "normal",
            "k": "normal",
            "b": "bypassed",
            "n": "bypassed",
            "f[x].i": "bypassed",
        },
    ),
    says(
        "no-exec of a container concerns everything inside",
        block("k", job("a"), parallel("p", pause("w"), call("s", "sub")), no_exec=True),
        job("c"),
        more={"networks": (network(job("i"), name="sub"),)},
        states={"a": "bypassed", "w": "bypassed", "s.i": "bypassed", "c": "normal"},
        seconds=0,
    ),
    says(
        "no-exec takes the branch that exit code 0 leads to",
        job("a", no_exec=True),
        branch("b", ("parts.a.exit_code == 0", (job("x"),)), otherwise=(job("y"),)),
        states={"a": "bypassed", "x": "normal", "y": "bypassed"},
    ),
    says(
        "a continuity under no-exec does not jump",
        job("a"),
        loop("l", "a", until="parts.a.outputs | length > 0", interval=60),
        job("c"),
        script={"a": takes(5)},
        orders_at={1: [NoExec()]},
        states={"l": "bypassed", "c": "bypassed"},
        seconds=5,
    ),
)
KILLS = (
    says(
        "a killed job ends by confirmation and stops its flow",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Kill(part=key("a"))]},
        run="abnormal",
        seconds=10,
        states={"a": "killed", "b": "not_run"},
    ),
    says(
        "as long as the job does not confirm, it is running and the kill is shown",
        job("a"),
        script={"a": Does(answers=False, dies=False)},
        orders_at={10: [Kill(part=key("a"))]},
        run="running",
        states={"a": "running"},
        also=lambda p: [flag.value for flag in p["a"].flags] == ["kill_requested"],
    ),
    says(
        "a killed part is an abnormal end: rescue and always run",
        block("k", job("a"), rescue=(job("r"),), always=(job("z"),)),
        script=SLOW,
        orders_at={10: [Kill(part=key("a"))]},
        states={"a": "killed", "r": "normal", "z": "normal", "k": "normal"},
    ),
    says(
        "a killed part is not tried again",
        job("a", retry=Retry(count=3)),
        script=SLOW,
        orders_at={10: [Kill(part=key("a"))]},
        run="abnormal",
        also=lambda p: len(p.starts("a")) == 1,
    ),
    says(
        "kill of a container: KILLED, inside too, always runs, its own rescue does not",
        block("k", job("a"), job("b"), rescue=(job("r"),), always=(job("z"),)),
        job("c"),
        script=SLOW,
        orders_at={10: [Kill(part=key("k"))]},
        run="abnormal",
        states={"k": "killed", "a": "killed", "b": "not_run", "r": "bypassed", "z": "normal"},
    ),
    says(
        "kill of a container: the rescue of the block around it runs",
        block("outer", parallel("p", job("a"), job("b")), rescue=(job("r"),)),
        script={"a": takes(100), "b": takes(100)},
        orders_at={10: [Kill(part=key("p"))]},
        states={"p": "killed", "a": "killed", "b": "killed", "r": "normal", "outer": "normal"},
    ),
    says(
        "kill of a run: no on_error, no rescue, but always",
        block("k", job("a", on_error="hold"), rescue=(job("r"),), always=(job("z"),)),
        job("c"),
        script=SLOW,
        orders_at={10: [Kill()]},
        run="killed",
        states={"a": "killed", "r": "bypassed", "z": "normal", "c": "not_run"},
    ),
    says(
        "kill of a run now: no always",
        block("k", job("a"), always=(job("z"),)),
        script=SLOW,
        orders_at={10: [Kill(now=True)]},
        run="killed",
        states={"a": "killed", "z": "not_run"},
    ),
    says(
        "kill of a run lets an always that is running go on, now ends it",
        block("k", job("a"), always=(job("z"), job("y"))),
        script={"z": takes(100)},
        orders_at={10: [Kill()], 20: [Kill(now=True)]},
        run="killed",
        seconds=20,
        states={"z": "killed", "y": "not_run"},
    ),
    says(
        "kill of a run opens nothing behind a limit that would execute",
        parallel("p", job("a"), job("b"), limit=1),
        script=SLOW,
        orders_at={10: [Kill()]},
        run="killed",
        states={"a": "killed", "b": "not_run"},
    ),
    says(
        "kill of a container with a limit: what is behind the limit is NOT_RUN",
        for_each("f", ["x", "y"], job("b"), limit=1),
        job("c", when="parts.f.abnormal"),
        script={"f[x].b": takes(100)},
        orders_at={10: [Kill(part=key("f"))]},
        run="normal",
        states={"f": "killed", "f[x].b": "killed", "f[y].b": "not_run", "c": "normal"},
    ),
    says(
        "kill of a part that only waits ends it at once",
        wait_event("w"),
        job("c"),
        orders_at={10: [Kill(part=key("w"))]},
        run="abnormal",
        seconds=10,
        states={"w": "killed", "c": "not_run"},
    ),
    says(
        "a job that ended before the kill reached it keeps its own end",
        job("a"),
        job("b"),
        script={"a": Does(seconds=20, dies=False)},
        orders_at={10: [Kill(part=key("a"))]},
        states={"a": "normal", "b": "normal"},
    ),
    says(
        "kill of a run with losers reaches them",
        any_of("o", job("a"), job("b")),
        script={"b": takes(100)},
        orders_at={10: [Kill()]},
        run="killed",
        seconds=10,
        states={"o": "normal", "b": "killed"},
    ),
    says(
        "a part whose end waits for the operator does not keep a killed run",
        job("a", on_error="hold"),
        script={"a": 1},
        orders_at={10: [Kill()]},
        run="killed",
        seconds=10,
    ),
)
FORCED = (
    says(
        "force_end: the controller stops waiting, the part is LOST, reason operator",
        job("a"),
        script={"a": NEVER},
        orders_at={10: [ForceEnd(part=key("a"))]},
        run="running",
        states={"a": "lost"},
        also=lambda p: p["a"].end_reason == "operator" and p["a"].reason == "operator",
    ),
    says(
        "the answer that comes later changes nothing and is kept once",
        job("a"),
        script={"a": takes(50)},
        orders_at={10: [ForceEnd(part=key("a"))]},
        arrivals_at={60: [AttemptAnswered(part=key("a"), attempt=1, result=OK)]},
        run="running",
        states={"a": "lost"},
        also=lambda p: len(p.of(LateAnswer)) == 1 and len(p["a"].notes) == 1,
    ),
    says(
        "the operator takes the late answer over with change_result",
        job("a"),
        job("b"),
        script={"a": takes(50)},
        orders_at={
            10: [ForceEnd(part=key("a"))],
            60: [ChangeResult(part=key("a"), result=NewResult.NORMAL, exit_code=0)],
        },
        states={"a": "normal", "b": "normal"},
        seconds=60,
    ),
    says(
        "after LOST nothing is tried again by itself",
        job("a", rerun="safe", retry=Retry(count=3)),
        script={"a": LOST},
        run="running",
        states={"a": "lost"},
    ),
    says(
        "unless it says on_lost retry and rerun safe",
        job("a", on_lost="retry", rerun="safe", retry=Retry(count=3)),
        script={"a": [LOST, 0]},
        states={"a": "normal"},
        also=lambda p: p["a"].attempt == 2,
    ),
    says(
        "on_lost retry without rerun safe is not enough",
        job("a", on_lost="retry", retry=Retry(count=3)),
        script={"a": [LOST, 0]},
        run="running",
        states={"a": "lost"},
    ),
    says(
        "on_lost abnormal judges it as an abnormal end",
        job("a", on_lost="abnormal"),
        job("b"),
        script={"a": LOST},
        run="abnormal",
        states={"a": "abnormal", "b": "not_run"},
    ),
)
CANCELS = (
    says(
        "cancel: running parts finish, what has not started becomes CANCELLED",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [Cancel()]},
        run="cancelled",
        seconds=100,
        states={"a": "normal", "b": "cancelled"},
    ),
    says(
        "cancel that left nothing unstarted: the run is what its parts are",
        job("a"),
        script=SLOW,
        orders_at={10: [Cancel()]},
        run="normal",
    ),
    says(
        "cancel and something in it ended abnormally: ABNORMAL",
        job("a"),
        job("b"),
        script={"a": takes(100, 1)},
        orders_at={10: [Cancel()]},
        run="abnormal",
        states={"b": "cancelled"},
    ),
    says(
        "cancel of a container leaves what follows it to run",
        block("k", job("a"), job("b")),
        job("c"),
        script=SLOW,
        orders_at={10: [Cancel(part=key("k"))]},
        run="normal",
        states={"k": "cancelled", "a": "normal", "b": "cancelled", "c": "normal"},
    ),
    says(
        "cancel of a container with a limit: what is behind the limit is CANCELLED",
        for_each("f", ["x", "y"], job("b"), limit=1),
        script={"f[x].b": takes(100)},
        orders_at={10: [Cancel(part=key("f"))]},
        run="cancelled",
        states={"f": "cancelled", "f[x].b": "normal", "f[y].b": "cancelled"},
    ),
    says(
        "cancel of a part before its turn",
        job("a"),
        job("b"),
        job("c"),
        script=SLOW,
        orders_at={10: [Cancel(part=key("b"))]},
        run="normal",
        states={"b": "cancelled", "c": "normal"},
    ),
    says(
        "cancel of a part that waits",
        wait_event("w"),
        orders_at={10: [Cancel(part=key("w"))]},
        run="cancelled",
        states={"w": "cancelled"},
    ),
    says(
        "cancel of a running job lets it finish",
        job("a"),
        script=SLOW,
        orders_at={10: [Cancel(part=key("a"))]},
        seconds=100,
        states={"a": "normal"},
    ),
    says(
        "cancel of a run lets always of a block that has begun run",
        block("k", job("a"), job("b"), always=(job("z"),)),
        block("m", job("c"), always=(job("y"),)),
        script=SLOW,
        orders_at={10: [Cancel()]},
        run="cancelled",
        states={"b": "cancelled", "z": "normal", "m": "cancelled", "y": "cancelled"},
    ),
)
CHANGES = (
    says(
        "a running unit job: successors react at once, its own end comes later as a note",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        states={"a": "normal", "b": "normal"},
        also=lambda p: p.starts("b") == [10.0] and len(p.of(LateAnswer)) == 1,
    ),
    says(
        "a running unit job forced abnormal stops its flow at once",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={
            10: [ChangeResult(part=key("a"), result=NewResult.ABNORMAL, exit_code=9)],
        },
        run="abnormal",
        seconds=10,
        states={"a": "abnormal", "b": "not_run"},
        also=lambda p: p.exit_code == 9,
    ),
    says(
        "it is flagged as a manual result",
        job("a"),
        script=SLOW,
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.WARNING)]},
        run="warning",
        also=lambda p: [flag.value for flag in p["a"].flags] == ["manual_result"],
    ),
    says(
        "an ended part forced good while other branches run: its successors start at once",
        parallel("p", (job("a"), job("b")), job("c")),
        job("d"),
        script={"a": 1, "c": takes(100)},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        states={"a": "normal", "b": "normal", "p": "normal", "d": "normal"},
        also=lambda p: p.starts("b") == [10.0] and p.starts("d") == [100.0] and not p.flags,
    ),
    says(
        "a failed part of an ended run forced good: the run goes on behind it",
        job("a"),
        job("b"),
        script={"a": 1},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        run="normal",
        states={"a": "normal", "b": "normal"},
        also=lambda p: p.starts("b") == [10.0] and not p.flags,
    ),
    says(
        "a last part of an ended run forced good: the run is good",
        job("a"),
        job("b"),
        script={"b": 1},
        orders_at={10: [ChangeResult(part=key("b"), result=NewResult.NORMAL)]},
        run="normal",
    ),
    says(
        "an ended part forced abnormal counts at the end of its flow",
        job("a"),
        job("b"),
        script={"b": takes(100)},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.ABNORMAL)]},
        run="abnormal",
        states={"a": "abnormal", "b": "normal"},
    ),
    says(
        "an ended container forced good",
        block("k", job("a")),
        job("b"),
        script={"a": 1},
        orders_at={10: [ChangeResult(part=key("k"), result=NewResult.NORMAL)]},
        run="normal",
        states={"k": "normal", "a": "abnormal", "b": "normal"},
    ),
    says(
        "a part that waits for the operator forced good",
        job("a", on_error="hold"),
        job("b"),
        script={"a": 1},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        states={"a": "normal", "b": "normal"},
    ),
)


@pytest.mark.parametrize("example", SKIPS)
def test_skip(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", HOLDS)
def test_hold_and_release(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", SUSPENSIONS)
def test_suspend_and_resume(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", NO_EXECS)
def test_no_exec(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", KILLS)
def test_kill(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", FORCED)
def test_force_end_lost_and_late_answers(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", CANCELS)
def test_cancel(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", CHANGES)
def test_change_result(example: Example) -> None:
    example.prove()


def test_killing_twice_asks_the_job_once() -> None:
    main = network(job("a"))
    script = {"a": Does(answers=False, dies=False)}

    played = play(main, script, orders_at={1: [Kill(part=key("a"))], 2: [Kill(part=key("a"))]})

    assert len(played.of(KillRequested)) == 1


def test_a_lost_job_that_may_still_run_refuses_a_rerun() -> None:
    main = network(job("a"))
    again = Rerun(start=RerunFrom.PART, parts=(key("a"),))

    with pytest.raises(OrderRefused, match="still active: a"):
        play(main, {"a": NEVER}, orders_at={1: [ForceEnd(part=key("a"))], 2: [again]})


@pytest.mark.parametrize(
    "part", ["k", "w"], ids=["a container has not ended", "a wait has not ended"]
)
def test_change_result_of_what_has_not_ended_is_refused(part: str) -> None:
    main = network(parallel("p", block("k", job("a")), wait_event("w")))
    order = ChangeResult(part=key(part), result=NewResult.NORMAL)

    with pytest.raises(OrderRefused, match="was refused"):
        play(main, SLOW, orders_at={10: [order]})
