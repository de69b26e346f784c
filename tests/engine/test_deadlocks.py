"""Rule 8: who waits for each other is found when a wait is registered, in and between runs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.definition import Part
from jobnet.engine import begin, open_executions, step
from jobnet.engine.deadlocks import Standing, deadlocks
from jobnet.engine.facts import DeadlockFound, DeadlockResolved
from jobnet.engine.inputs import DeadlockSeen, StartRun
from jobnet.engine.orders import Cancel, ClearWait, Kill, Order
from jobnet.engine.standstills import deadlock_news, standings_of
from jobnet.engine.tracker import Tracker
from jobnet.ids import OperatorName, PartKey, RunId

from tests.engine.building import (
    DAY,
    NOON,
    any_of,
    block,
    bundle,
    call,
    for_each,
    job,
    network,
    parallel,
    pause,
    wait_network,
    wait_part,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import takes

W = PartKey("w")
SUB = {"networks": (network(job("i"), name="sub"),)}


def circles(played: Played) -> list[tuple[str, ...]]:
    """The circles that were found, one after the other."""
    return [fact.circle for fact in played.facts if isinstance(fact, DeadlockFound)]


def stuck(played: Played, key: str) -> bool:
    """Whether a part waits in a deadlock, and says who is in it."""
    record = played[key]
    return record.reason is not None and record.reason.value == "deadlock" and bool(record.circle)


IN_A_RUN = (
    says(
        "a wait for a part that comes after it",
        wait_part("w", "a"),
        job("a"),
        run="running",
        states={"w": "waiting", "a": "fixed"},
        also=lambda p: circles(p) == [("r-1/w", "r-1/a")] and stuck(p, "w"),
    ),
    says(
        "a wait for the container that it stands in",
        block("k", job("a"), wait_part("w", "k")),
        run="running",
        also=lambda p: circles(p) == [("r-1/w", "r-1/k")],
    ),
    says(
        "a wait for a part behind the container that it stands in",
        block("k", wait_part("w", "a")),
        job("a"),
        run="running",
        also=lambda p: stuck(p, "w") and "r-1/k" in circles(p)[0],
    ),
    says(
        "a wait for a part in the always of its own block",
        block("k", wait_part("w", "z"), always=(job("z"),)),
        run="running",
        also=lambda p: stuck(p, "w"),
    ),
    says(
        "two branches that wait for each other",
        parallel("p", (wait_part("w", "b"), job("a")), (wait_part("v", "a"), job("b"))),
        run="running",
        also=lambda p: stuck(p, "w") and stuck(p, "v") and len(circles(p)) == 2,
    ),
    says(
        "a wait for the network that it runs in",
        wait_network("w", "night"),
        run="running",
        also=lambda p: circles(p) == [("r-1/w", "r-1")],
    ),
    says(
        "a wait for the called network that it stands in",
        call("s", "sub"),
        more={"networks": (network(wait_network("w", "sub"), name="sub"),)},
        run="running",
        also=lambda p: circles(p) == [("r-1/s.w", "r-1/s")],
    ),
    says(
        "a wait for a network whose only call comes after it",
        wait_network("w", "sub"),
        call("s", "sub"),
        more=SUB,
        run="running",
        also=lambda p: circles(p) == [("r-1/w", "r-1/s")],
    ),
    says(
        "a wait for a call that its own execution keeps from beginning, by the network's limit",
        parallel("p", call("s", "one"), (pause("x", 1), call("t", "one"))),
        more={"networks": (network(wait_part("w", "t", "night"), name="one", limit=1),)},
        run="running",
        states={"s.w": "waiting", "t": "waiting"},
        also=lambda p: stuck(p, "s.w") and stuck(p, "t") and p["t"].awaits == "network_limit",
    ),
    says(
        "two executions that each hold the limit that the other asks for",
        parallel("p", call("s", "one"), call("t", "two")),
        more={
            "networks": (
                network(pause("x", 5), call("c", "leaf_two"), name="one"),
                network(pause("x", 5), call("c", "leaf_one"), name="two"),
                network(wait_part("w", "t", "night"), name="leaf_two"),
                network(wait_part("w", "s", "night"), name="leaf_one"),
            )
        },
        run="running",
        also=lambda p: stuck(p, "s.c.w") and stuck(p, "t.c.w"),
    ),
)
NO_DEADLOCK = (
    says(
        "a part of another branch that goes on by itself",
        parallel("p", wait_part("w", "b"), (pause("x", 5), job("b"))),
        seconds=5,
    ),
    says(
        "an OR branch is not held up by one of its branches",
        parallel(
            "p",
            any_of("o", wait_part("w", "b"), job("a")),
            (wait_part("v", "o"), job("b")),
        ),
        script={"a": takes(20)},
        states={"v": "normal", "b": "normal", "w": "normal"},
    ),
    says(
        "one call of several that may still come is enough",
        parallel(
            "p", (wait_network("w", "sub"), call("s", "sub")), (pause("x", 5), call("t", "sub"))
        ),
        more=SUB,
        states={"s": "normal"},
        also=lambda p: p.at("w")[1] == 5.0,
    ),
    says(
        "items that wait for the part before them in the same item",
        for_each("f", ["x", "y"], job("a"), wait_part("w", "a"), limit=1),
        states={"f": "normal"},
    ),
    says(
        "who only waits for those in a deadlock waits, and goes on with them",
        parallel("p", (wait_part("w", "b"), job("b")), (wait_part("v", "b"), job("c"))),
        orders_at={60: [ClearWait(part=W)]},
        states={"w": "normal", "v": "normal", "c": "normal"},
        also=lambda p: [fact.part for fact in p.of(DeadlockFound)] == ["w"],
    ),
)


@pytest.mark.parametrize("example", IN_A_RUN)
def test_a_deadlock_in_a_run_is_found(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", NO_DEADLOCK)
def test_no_deadlock_is_seen_where_there_is_none(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize(
    ("order", "state", "run"),
    [
        (ClearWait(part=W), "normal", "normal"),
        (Cancel(part=W), "cancelled", "normal"),
        (Kill(part=W), "killed", "abnormal"),
        (Kill(), "killed", "killed"),
    ],
)
def test_an_order_resolves_a_deadlock(order: Order, state: str, run: str) -> None:
    main = network(wait_part("w", "a"), job("a"))

    played = play(main, orders_at={60: [order]})

    assert (played["w"].state.value, played.run) == (state, run)


def test_the_others_in_a_circle_wait_on_as_before_when_one_is_resolved() -> None:
    main = network(parallel("p", (wait_part("w", "b"), job("a")), (wait_part("v", "a"), job("b"))))

    played = play(main, {"a": takes(100)}, orders_at={60: [ClearWait(part=W)]})

    resolved = [fact for fact in played.facts if isinstance(fact, DeadlockResolved)]
    assert [(fact.part, fact.detail) for fact in resolved] == [("v", "a")]
    assert played.at("v")[1] == 160.0


def test_its_time_is_up_in_a_deadlock_too() -> None:
    main = network(wait_part("w", "a", give_up=60, on_timeout="continue"), job("a"))

    played = play(main)

    assert (played.run, played["w"].end_reason, played.seconds) == ("warning", "timeout", 60)


def test_the_sentence_names_the_circle_and_what_to_do() -> None:
    played = play(network(wait_part("w", "a"), job("a")))

    assert played["w"].detail == (
        "each waits for the next: r-1/w, r-1/a, r-1/w; clear a wait of them, cancel or kill one"
    )


def test_a_deadlock_that_is_told_twice_or_late_changes_nothing() -> None:
    seen = DeadlockSeen(part=W, attempt=1, circle=("r-1/w", "r-1/a"))
    late = DeadlockSeen(part=PartKey("a"), attempt=1, circle=("x",))
    main = network(wait_part("w", "a"), job("a"))

    played = play(
        main, arrivals_at={10: [seen, late], 70: [seen]}, orders_at={60: [ClearWait(part=W)]}
    )

    assert len(circles(played)) == 1


def started(run: str, *flow: Part, name: str) -> Tracker:
    main = network(*flow, name=name)
    start = StartRun(
        run=RunId(run), by=OperatorName("b"), operating_day=DAY, planned_start=NOON, zone="UTC"
    )
    return step(begin(bundle(main), {}), start, NOON).tracker


def test_runs_that_wait_for_each_other_are_found_by_the_standings_of_all() -> None:
    runs = [
        started("r-1", wait_network("w", "two"), name="one"),
        started("r-2", wait_network("w", "three"), name="two"),
        started("r-3", job("a"), wait_network("w", "one"), name="three"),
        started("r-4", wait_network("w", "one"), name="four"),
    ]
    executions = [each for run in runs for each in open_executions(run)]
    before = [each for run in runs for each in standings_of(run, (), executions)]
    waiting = started("r-3", wait_network("w", "one"), name="three")
    after = [*before, *standings_of(waiting, (), executions)]

    calm = [deadlock_news(run, before) for run in runs]
    found = [deadlock_news(run, after) for run in (*runs[:2], waiting, runs[3])]

    assert calm == [(), (), (), ()]
    assert [len(news) for news in found] == [1, 1, 1, 0]
    assert found[0][0].circle == ("r-1/w", "r-2", "r-2/w", "r-3", "r-3/w", "r-1")


def test_a_part_that_another_run_waits_for_is_told_where_it_is_asked_for() -> None:
    one = started("r-1", wait_part("w", "b", "two"), job("a"), name="one")
    two = started("r-2", wait_part("w", "a", "one"), job("b"), name="two")
    executions = [*open_executions(one), *open_executions(two)]
    asked = ("r-1/a", "r-2/b")

    standings = [
        *standings_of(one, (), executions, asked=asked),
        *standings_of(two, (), executions, asked=asked),
    ]

    assert [seen.circle for seen in deadlock_news(one, standings)] == [
        ("r-1/w", "r-2/b", "r-2/w", "r-1/a")
    ]


def test_who_asks_for_any_is_stuck_only_when_all_of_them_are() -> None:
    asks = Standing(name="asks", needs=("x", "y"), is_any=True)
    x, y = Standing(name="x", needs=("asks",)), Standing(name="y", needs=("asks",))

    assert "asks" not in deadlocks([asks, x])
    assert deadlocks([asks, x, y])["asks"] == ("asks", "x")


def test_who_says_no_more_asks_for_all() -> None:
    asks = Standing(name="asks", needs=("x", "y"))
    x = Standing(name="x", needs=("asks",))

    assert deadlocks([asks, x])["asks"] == ("asks", "x")


def test_a_long_chain_and_a_large_circle_are_found_without_recursion() -> None:
    size = 3000
    chain = [Standing(name=str(n), needs=(str(n + 1),)) for n in range(size)]
    ring = [*chain, Standing(name=str(size), needs=(str(size - 2),))]

    assert deadlocks(chain) == {}
    assert sorted(deadlocks(ring)) == [str(size - 2), str(size - 1), str(size)]


NAMES = st.sampled_from("abcdef")
STANDINGS = st.dictionaries(
    NAMES, st.tuples(st.lists(NAMES, max_size=3, unique=True), st.booleans()), max_size=6
)


@given(STANDINGS)
def test_whoever_is_in_a_circle_can_never_end(drawn: dict[str, tuple[list[str], bool]]) -> None:
    standings = {
        name: Standing(name=name, needs=tuple(needs), is_any=is_any)
        for name, (needs, is_any) in drawn.items()
    }

    found = deadlocks(standings.values())

    ended: set[str] = {name for name in "abcdef" if name not in standings}
    for _ in standings:
        for name, each in standings.items():
            met = [need in ended for need in each.needs]
            if not met or (any(met) if each.is_any else all(met)):
                ended.add(name)
    assert not ended & set(found)
    assert bool(set(standings) - ended) == bool(found)
    for name, circle in found.items():
        assert circle[0] == name
        ring = (*circle, name)
        assert all(b in standings[a].needs for a, b in pairwise(ring))
