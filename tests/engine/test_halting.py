"""Rule 5: kill and cancel of parts, containers and runs."""

import pytest
from jobnet.definition import Retry
from jobnet.engine.facts import KillRequested
from jobnet.engine.orders import (
    Cancel,
    Kill,
)
from jobnet.ids import PartKey

from tests.engine.building import (
    any_of,
    block,
    for_each,
    job,
    network,
    parallel,
    wait_event,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import Does, takes


def key(text: str) -> PartKey:
    return PartKey(text)


SLOW = {"a": takes(100)}


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


@pytest.mark.parametrize("example", KILLS)
def test_kill(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", CANCELS)
def test_cancel(example: Example) -> None:
    example.prove()


def test_killing_twice_asks_the_job_once() -> None:
    main = network(job("a"))
    script = {"a": Does(answers=False, dies=False)}

    played = play(main, script, orders_at={1: [Kill(part=key("a"))], 2: [Kill(part=key("a"))]})

    assert len(played.of(KillRequested)) == 1
