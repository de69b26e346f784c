"""Rule 7: reruns on the same tracker."""

from datetime import timedelta

import pytest
from jobnet.engine.facts import FlagRaised, RunEnded, RunReopened
from jobnet.engine.inputs import TimerFired
from jobnet.engine.orders import Rerun, RerunFrom, Suspend
from jobnet.engine.results import HostResult, HostState
from jobnet.engine.timers import Timer, TimerKind
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey

from tests.engine.building import (
    NOON,
    any_of,
    block,
    branch,
    call,
    for_each,
    job,
    loop,
    network,
    parallel,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import Does, takes


def again(start: str, *parts: str, **more: object) -> Rerun:
    keys = tuple(PartKey(part) for part in parts)
    return Rerun(start=RerunFrom(start), parts=keys, **more)  # type: ignore[arg-type]


def counts(played: Played, *keys: str) -> list[int]:
    return [len(played.starts(key)) for key in keys]


TWO_HOSTS = {
    "h1": HostResult(state=HostState.OK),
    "h2": HostResult(state=HostState.FAILED),
}

RERUNS = (
    says(
        "a rescue that failed as well runs again only if its block fails again",
        block("k", job("a"), rescue=(job("r"),)),
        script={"a": [1, 0], "r": 1},
        orders_at={100: [again("failed")]},
        also=lambda p: counts(p, "a", "r") == [2, 1],
    ),
    says(
        "from a part of a rescue: the rescue opens again, its block's flow does not",
        block("k", job("a"), rescue=(job("r"),)),
        script={"a": 1, "r": [1, 0]},
        orders_at={100: [again("part", "r")]},
        also=lambda p: counts(p, "a", "r") == [1, 2],
    ),
    says(
        "whole: all parts begin anew",
        job("a"),
        job("b"),
        orders_at={100: [again("whole")]},
        also=lambda p: counts(p, "a", "b") == [2, 2] and p.tracker.run.round == 2,
    ),
    says(
        "from the failed parts: what was good before them is carried",
        job("a"),
        job("b"),
        job("c"),
        script={"b": [1, 0]},
        orders_at={100: [again("failed")]},
        states={"a": "normal", "b": "normal", "c": "normal"},
        also=lambda p: counts(p, "a", "b", "c") == [1, 2, 1] and not p.flags,
    ),
    says(
        "from after the failed part: it stays abnormal and is passed",
        job("a"),
        job("b"),
        script={"a": 1},
        orders_at={100: [again("after_failed")]},
        run="warning",
        states={"a": "abnormal", "b": "normal"},
        also=lambda p: counts(p, "a", "b") == [1, 1],
    ),
    says(
        "after the failed part at the end of its flow: what follows its container runs",
        block("k", job("a")),
        job("b"),
        script={"a": 1},
        orders_at={100: [again("after_failed")]},
        run="warning",
        states={"a": "abnormal", "b": "normal"},
    ),
    says(
        "from any part: it and all that comes after it",
        job("a"),
        job("b"),
        job("c"),
        orders_at={100: [again("part", "b")]},
        also=lambda p: counts(p, "a", "b", "c") == [1, 2, 2],
    ),
    says(
        "the reset set goes on with each enclosing container's sequence up to the root",
        block("k", parallel("p", (job("a"), job("b")), job("s")), job("c")),
        job("d"),
        orders_at={100: [again("part", "b")]},
        also=lambda p: counts(p, "a", "b", "s", "c", "d") == [1, 2, 1, 2, 2],
    ),
    says(
        "enclosing containers reopen and sibling branches are carried with their outputs",
        parallel("p", job("a"), job("s")),
        job("c"),
        main=network(
            parallel("p", job("a"), job("s")),
            job("c"),
            outputs={"x": "{{ parts.s.outputs.x }}"},
        ),
        script={"a": [1, 0], "s": Does(outputs={"x": 5})},
        orders_at={100: [again("failed")]},
        states={"p": "normal", "s": "normal", "c": "normal"},
        also=lambda p: counts(p, "s") == [1] and p.outputs == {"x": 5},
    ),
    says(
        "failed items only: the good items are carried",
        for_each("f", ["x", "y", "z"], job("a"), job("b")),
        job("c"),
        script={"f[y].a": [1, 0]},
        orders_at={100: [again("failed")]},
        states={"f[y].b": "normal", "c": "normal"},
        also=lambda p: counts(p, "f[x].a", "f[y].a", "f[z].a", "f[y].b") == [1, 2, 1, 1],
    ),
    says(
        "inside a called network: its call reopens",
        call("s", "sub"),
        job("c"),
        more={"networks": (network(job("a"), job("b"), name="sub"),)},
        script={"s.b": [1, 0]},
        orders_at={100: [again("failed")]},
        states={"s": "normal", "c": "normal"},
        also=lambda p: counts(p, "s.a", "s.b") == [1, 2],
    ),
    says(
        "only this part: followers stay as they are",
        job("a"),
        job("b"),
        orders_at={100: [again("only", "a")]},
        also=lambda p: counts(p, "a", "b") == [2, 1],
        states={"b": "normal"},
    ),
    says(
        "only this part: the run is not NORMAL while a NOT_RUN is left",
        job("a"),
        job("b"),
        script={"a": [1, 0]},
        orders_at={100: [again("only", "a")]},
        run="warning",
        states={"a": "normal", "b": "not_run"},
    ),
    says(
        "only this part in a branch of a parallel",
        parallel("p", (job("a"), job("b")), job("s")),
        job("c"),
        script={"a": [1, 0]},
        orders_at={100: [again("only", "a")]},
        run="warning",
        states={"a": "normal", "b": "not_run", "c": "not_run"},
    ),
    says(
        "only warning parts",
        job("a"),
        job("b", exit_codes=[(3, 3, "warning")]),
        script={"b": [3, 0]},
        orders_at={100: [again("warning")]},
        also=lambda p: counts(p, "a", "b") == [1, 2],
    ),
    says(
        "failed hosts only: the new attempt takes them, the results of the others stay",
        job("a"),
        script={
            "a": [
                Does(exit_code=1, hosts=TWO_HOSTS),
                Does(hosts={"h2": HostResult(state=HostState.OK)}),
            ]
        },
        orders_at={100: [again("failed", failed_hosts_only=True)]},
        also=lambda p: (
            [c.only_hosts for c in p.commands if type(c).__name__ == "StartJob"] == [(), ("h2",)]
            and {name: host.state.value for name, host in p["a"].hosts.items()}
            == {"h1": "ok", "h2": "ok"}
        ),
    ),
    says(
        "with other params",
        job("a"),
        branch("b", ("params.go", (job("x"),))),
        more={"params": {"go": False}},
        orders_at={100: [again("whole", params={"go": True})]},
        states={"x": "normal"},
    ),
    says(
        "started held: the target waits for its release",
        job("a"),
        orders_at={100: [again("whole", held=True)]},
        run="running",
        states={"a": "held"},
    ),
    says(
        "decisions in the set are taken anew",
        job("a"),
        branch("b", ("parts.a.exit_code == 3", (job("x"),)), otherwise=(job("y"),)),
        script={"a": [3, 0]},
        orders_at={100: [again("whole")]},
        states={"x": "bypassed", "y": "normal"},
    ),
    says(
        "joins in the set are taken anew",
        any_of("o", job("a"), job("b")),
        job("c"),
        script={"a": [takes(5), takes(50)], "b": [takes(10), takes(20)]},
        orders_at={100: [again("whole")]},
        also=lambda p: p.starts("c") == [5.0, 120.0],
    ),
    says(
        "a rescue that ran begins anew with its block",
        block("k", job("a"), rescue=(job("r"),), always=(job("z"),)),
        script={"a": [1, 0]},
        orders_at={100: [again("whole")]},
        states={"k": "normal", "r": "bypassed", "z": "normal"},
        also=lambda p: not p.recovered,
    ),
    says(
        "a rerun inside a rescued block runs its always once more",
        block("k", job("a"), rescue=(job("r"),), always=(job("z"),)),
        script={"a": [1, 0]},
        orders_at={100: [again("part", "a")]},
        states={"k": "normal", "a": "normal", "r": "bypassed", "z": "normal"},
        also=lambda p: counts(p, "a", "r", "z") == [2, 1, 2] and not p.flags,
    ),
    says(
        "an ended run goes back to RUNNING and ends once more",
        job("a"),
        script={"a": [1, takes(50)]},
        orders_at={100: [again("failed")]},
        also=lambda p: len(p.of(RunEnded)) == 2 and len(p.of(RunReopened)) == 1,
        seconds=150,
    ),
    says(
        "a rerun of a part of a running run: the others go on",
        parallel("p", job("a"), job("b")),
        script={"a": [1, 0], "b": takes(200)},
        orders_at={100: [again("failed")]},
        seconds=200,
        also=lambda p: counts(p, "a", "b") == [2, 1],
    ),
    says(
        "a failed part in a branch of an OR branch that somebody else won",
        any_of("o", job("a"), job("b")),
        job("c"),
        script={"a": [1, 0], "b": takes(5)},
        orders_at={100: [again("part", "a")]},
        also=lambda p: counts(p, "a", "b", "c") == [2, 1, 2],
    ),
    says(
        "rerun only of a container takes all inside anew",
        block("k", job("a"), job("b")),
        job("c"),
        orders_at={100: [again("only", "k")]},
        also=lambda p: counts(p, "a", "b", "c") == [2, 2, 1],
    ),
    says(
        "limits are taken again: a suspended run starts nothing",
        job("a"),
        orders_at={100: [again("whole"), Suspend()]},
        run="running",
        states={"a": "waiting"},
    ),
    says(
        "another case of a branch is chosen, once",
        branch("b", ("true", (job("x"),)), otherwise=(job("y"),)),
        job("c"),
        orders_at={100: [again("part", "b", cases={"b": "else"})], 200: [again("part", "b")]},
        also=lambda p: counts(p, "x", "y", "c") == [2, 1, 3],
    ),
    says(
        "other hosts for the targets only",
        job("a"),
        job("b"),
        script={"a": Does(hosts=TWO_HOSTS)},
        orders_at={100: [again("part", "a", hosts=("h2",))]},
        also=lambda p: (
            [c.only_hosts for c in p.commands if type(c).__name__ == "StartJob"]
            == [(), (), ("h2",), ()]
            and set(p.tracker.parts.get("a").hosts) == {"h1", "h2"}
        ),
    ),
)
CHOSEN_BADLY = (
    ("no branch", again("part", "a", cases={"a": "case0"}), "it is no branch"),
    ("no such case", again("part", "b", cases={"b": "case7"}), "only case0"),
    ("carried", again("part", "z", cases={"b": "case0"}), "the branch is carried"),
    ("no job", again("part", "b", hosts=("h1",)), "no unit job"),
    ("two wishes", again("part", "a", hosts=("h1",), failed_hosts_only=True), "named hosts"),
)
REFUSED = (
    ("a part of the set is active, naming it", "part", ("a",), takes(200), "still active: a"),
    ("an unknown part", "part", ("nobody",), 0, "no such part"),
    ("nothing failed", "failed", (), 0, "no part is failed"),
    ("the part was never begun", "part", ("x",), 0, "never begun"),
    ("rerun never, with its note", "part", ("never",), 0, "may never run again: ask the bank"),
)


@pytest.mark.parametrize("example", RERUNS)
def test_a_rerun(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize(
    ("start", "parts", "does", "because"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_a_rerun_is_refused(start: str, parts: tuple[str, ...], does: object, because: str) -> None:
    main = network(
        job("a"),
        branch("b", ("parts.a.abnormal", (job("x"),))),
        job("never", rerun="never", rerun_note="ask the bank"),
    )

    with pytest.raises(OrderRefused, match=because):
        play(main, {"a": does}, orders_at={100: [again(start, *parts)]})


@pytest.mark.parametrize(
    ("order", "because"), [row[1:] for row in CHOSEN_BADLY], ids=[row[0] for row in CHOSEN_BADLY]
)
def test_a_choice_that_a_rerun_cannot_take_is_refused(order: Rerun, because: str) -> None:
    main = network(job("a"), branch("b", ("true", (job("x"),))), job("z"))

    with pytest.raises(OrderRefused, match=because):
        play(main, orders_at={100: [order]})


def test_a_good_rerun_takes_back_that_a_part_had_failed() -> None:
    main = network(parallel("p", job("a"), job("b")))

    played = play(main, {"a": [1, 0], "b": takes(200)}, orders_at={100: [again("failed")]})

    assert played.run == "normal"
    assert not played.flags


def test_a_run_keeps_operating_day_planned_start_and_params() -> None:
    main = network(job("a"))

    first = play(main, params={"p": 1})
    second = play(main, params={"p": 1}, orders_at={100: [again("whole")]})

    assert first.tracker.run is not None
    assert second.tracker.run is not None
    for name in ("operating_day", "planned_start", "params", "run"):
        assert getattr(first.tracker.run, name) == getattr(second.tracker.run, name)


def test_lateness_of_archived_attempts_is_cancelled_by_generation() -> None:
    main = network(job("a"), job("b", late_end=300))
    archived = Timer(part=PartKey("b"), attempt=0, kind=TimerKind.LATE_END, generation=0)

    played = play(
        main,
        {"b": [0, takes(500)]},
        orders_at={100: [again("whole")]},
        arrivals_at={200: [TimerFired(timer=archived, due=NOON)]},
    )

    late = [fact.at - NOON for fact in played.facts if isinstance(fact, FlagRaised)]
    assert late == [timedelta(seconds=300)]


def test_a_continuity_cannot_be_run_alone_since_its_target_would_follow() -> None:
    main = network(job("ping"), loop("again", "ping", max_times=1), job("report"))

    with pytest.raises(OrderRefused, match="begin the rerun there"):
        play(main, orders_at={100: [again("only", "again")]})
