"""Rules 4 to 6: what operators may order, and what comes of it."""

from datetime import timedelta

import pytest
from jobnet.definition import Queue, Retry
from jobnet.engine.orders import (
    Hold,
    NoExec,
    Release,
    Resume,
    Skip,
    Suspend,
    Unskip,
)
from jobnet.ids import PartKey

from tests.engine.building import (
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
from tests.engine.scripting import takes


def key(text: str) -> PartKey:
    return PartKey(text)


SLOW = {"a": takes(100)}
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
