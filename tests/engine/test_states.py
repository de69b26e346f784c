"""The tables of states, classes and moves, and the orders that fit each state."""

from collections.abc import Iterator

import pytest
from jobnet.engine import Tracker, step
from jobnet.engine import orders as o
from jobnet.engine.facts import OrderTaken
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.ordering import ALLOWED, CARRY_OUT
from jobnet.engine.states import (
    CLASS_OF_END,
    ENDED,
    MOVES,
    EndClass,
    State,
    has_ended,
    is_active,
)
from jobnet.errors.engine import AnswerRefused, OrderRefused
from jobnet.ids import OperatorName, PartKey

from tests.engine.building import (
    NOON,
    any_of,
    block,
    branch,
    call,
    dialog,
    for_each,
    job,
    loop,
    network,
    parallel,
    pause,
    send,
    wait_event,
    wait_file,
    wait_network,
)
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import LOST, NEVER, NO_START, Does, takes


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)


def test_an_end_has_a_class_and_nothing_else_has() -> None:
    assert set(CLASS_OF_END) == ENDED


@pytest.mark.parametrize(
    ("end_class", "states"),
    [
        (EndClass.FINE, {"normal", "skipped", "bypassed"}),
        (EndClass.WARNING, {"warning"}),
        (EndClass.ABNORMAL, {"abnormal", "killed", "failed_to_start", "lost", "missed"}),
        (None, {"not_run", "cancelled"}),
    ],
    ids=["fine", "warning", "abnormal", "never decides"],
)
def test_the_class_of_each_end(end_class: EndClass | None, states: set[str]) -> None:
    assert {state.value for state, own in CLASS_OF_END.items() if own is end_class} == states


def test_an_end_is_left_to_begin_anew_or_by_a_container_that_opens_again() -> None:
    for state in ENDED:
        left = {each for each in MOVES[state] if not has_ended(each)}
        assert left == {State.FIXED, State.RUNNING}


def test_what_has_ended_is_not_active() -> None:
    assert not [state for state in State if has_ended(state) and is_active(state)]


ZOO = network(
    parallel(
        "p",
        (job("normal"), job("after", hold=True), job("later")),
        (job("abnormal"), job("not_run")),
        (job("awaits", on_error="hold"), job("x1")),
        (job("lost"), job("x2")),
        job("running"),
        job("starting"),
        job("queued", resources={"tape": 2}),
        job("failed_to_start"),
        dialog("prompting"),
        (pause("timed", 5000), job("x3")),
        wait_event("event"),
        wait_file("file"),
        wait_network("net", "pre"),
        (block("block", job("inner"), rescue=(job("res"),), always=(job("alw"),)), job("x4")),
        (job("once", on_error="continue"), branch("branch", ("true", (job("taken"),)))),
        (for_each("each", ["x", "y"], job("item"), limit=1), job("x5")),
        call("call", "sub"),
        (any_of("any", job("first"), job("loser")), job("x6", skip=True)),
        (job("looped"), loop("loop", "looped", interval=5000), job("x7")),
        (send("sent"), job("x8", hold=True), block("unopened", job("deep"))),
        (job("cut", timeout=5), job("x9")),
    )
)
SCRIPT = {
    "abnormal": 1,
    "awaits": 1,
    "lost": LOST,
    "running": takes(5000),
    "starting": Does(answers=False, begins=False),
    "failed_to_start": NO_START,
    "inner": NEVER,
    "taken": NEVER,
    "each[x].item": NEVER,
    "call.i": NEVER,
    "loser": takes(5000),
    "cut": takes(5000),
}


@pytest.fixture(scope="module")
def zoo() -> Played:
    """A run with parts of all kinds in all states, at 12:00:10."""
    sub = network(job("i"), job("j"), name="sub", overlap="queue", limit=1)
    return play(ZOO, SCRIPT, networks=(sub,), stop_at=10)


def orders_for(part: PartKey) -> Iterator[o.Order]:
    yield o.Hold(part=part)
    yield o.Release(part=part)
    yield o.Suspend(part=part)
    yield o.Resume(part=part)
    yield o.Skip(part=part, exit_code=3)
    yield o.Unskip(part=part)
    yield o.NoExec(part=part)
    yield o.RunNow(part=part)
    yield o.ChangeTime(part=part, to=NOON)
    yield o.ClearWait(part=part)
    yield o.Answer(part=part, choice="yes")
    yield o.Kill(part=part)
    yield o.Kill(part=part, now=True)
    yield o.ForceEnd(part=part)
    yield from (o.ChangeResult(part=part, result=result) for result in o.NewResult)
    yield o.Cancel(part=part)
    yield o.SetPriority(part=part, priority=1)
    yield o.MoveQueue(part=part, queue="q")
    yield o.Comment(text="a note", part=part)
    yield o.Rerun(start=o.RerunFrom.PART, parts=(part,))
    yield o.Rerun(start=o.RerunFrom.ONLY, parts=(part,))


def given(order: o.Order) -> OrderGiven:
    return OrderGiven(order=order, by=OperatorName("ann"), key="k", reason="a test")


def test_the_zoo_shows_all_states_that_a_part_can_be_in(zoo: Played) -> None:
    missing = {state.value for state in State} - set(zoo.states.values())

    assert missing == {"planned", "warning", "killed", "missed", "cancelled"}


def test_every_order_has_a_row_in_the_table() -> None:
    assert set(ALLOWED) | {o.Rerun} == set(CARRY_OUT)


def test_orders_are_taken_or_refused_by_the_table_for_every_part_and_state(zoo: Played) -> None:
    taken: set[str] = set()
    for part, state in zoo.states.items():
        for order in orders_for(PartKey(part)):
            name = type(order).__name__
            try:
                decision = step(zoo.tracker, given(order), zoo.now)
            except (OrderRefused, AnswerRefused):
                continue
            allowed = ALLOWED.get(type(order), frozenset(State))
            assert State(state) in allowed, f"{name} was taken of {part}, which is {state}"
            assert any(isinstance(fact, OrderTaken) for fact in decision.facts)
            taken.add(name)
    assert taken == {kind.__name__ for kind in CARRY_OUT}


def test_the_same_order_twice_changes_nothing(zoo: Played) -> None:
    for order in orders_for(PartKey("later")):
        try:
            once = step(zoo.tracker, given(order), zoo.now)
        except OrderRefused:
            continue

        twice = step(once.tracker, given(order), zoo.now)

        assert (twice.facts, twice.commands) == ((), ())


def test_a_refused_order_says_what_whom_and_why(zoo: Played) -> None:
    order = given(o.Hold(part=PartKey("running")))

    with pytest.raises(OrderRefused) as refusal:
        step(zoo.tracker, order, zoo.now)

    assert str(refusal.value) == "hold of running was refused: it is running."


def test_an_order_for_an_unknown_part_is_refused(zoo: Played) -> None:
    for key in ("nobody", "each[z].item", "each[x]", "call.nobody", "", "p.running", "a/b", "]."):
        with pytest.raises(OrderRefused):
            step(zoo.tracker, given(o.Hold(part=PartKey(key))), zoo.now)


def ended_run() -> Tracker:
    return play(network(job("a"))).tracker


@pytest.mark.parametrize(
    "order",
    [o.Kill(), o.Cancel(), o.Suspend(), o.Resume(), o.NoExec(), o.Hold(part=PartKey("a"))],
    ids=lambda order: type(order).__name__,
)
def test_an_ended_run_takes_no_such_order(order: o.Order) -> None:
    with pytest.raises(OrderRefused, match="has ended normal"):
        step(ended_run(), given(order), NOON)


def test_an_ended_run_takes_comments() -> None:
    decision = step(ended_run(), given(o.Comment(text="well done")), NOON)

    assert decision.tracker.run is not None
    assert decision.tracker.run.notes == ("ann: well done",)
