"""What expressions see of a run: parts in every state, items, the clock and the calendar."""

from datetime import date

import pytest
from jobnet.engine import track
from jobnet.engine.keys import ROOT_FLOW, flow_key, item_slot
from jobnet.engine.names import Names
from jobnet.engine.orders import ChangeResult, NewResult
from jobnet.engine.standing import flow_of
from jobnet.engine.states import State, WaitReason
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import Value, evaluate, parse_expression
from jobnet.ids import PartKey

from tests.engine.building import block, branch, call, for_each, job, loop, network, pause
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import NEVER, Does, takes


def ask(played: Played, text: str) -> Value:
    """Return what an expression at the end of the main flow gives."""
    names = Names(played.tracker, flow_of(played.tracker, ROOT_FLOW), played.now)
    return evaluate(parse_expression(text), names)


ITEMS = for_each(
    "f",
    ["warned", "bad", "empty", "good"],
    job("one", when="who != 'empty'", exit_codes=[(4, 4, "warning")], on_error="stop"),
    job("two", when="who != 'empty'"),
    as_name="who",
    on_error="continue",
)
SCRIPT = {
    "f[warned].one": Does(exit_code=4, message="disk is nearly full", outputs={"free": 1}),
    "f[warned].two": Does(message="two is done", outputs={"free": 2}),
    "f[bad].one": Does(exit_code=8, message="no disk"),
    "f[good].one": Does(outputs={"free": 9}),
    "f[good].two": Does(message="all is well", outputs={"free": 5}),
}


def test_the_result_of_an_item_whose_block_failed_is_that_of_the_part_inside() -> None:
    main = network(for_each("f", ["a"], block("k", job("one")), job("two")))
    script = {"f[a].one": Does(exit_code=8, message="no disk", outputs={"free": 0})}

    played = play(main, script)

    result = ask(played, "parts.f.results[0]")
    assert isinstance(result, dict)
    assert (result["state"], result["message"], result["outputs"]) == (
        "abnormal", "no disk", {"free": 0},
    )  # fmt: skip


def test_the_result_of_an_item_is_that_of_the_last_part_or_of_the_one_that_failed() -> None:
    played = play(network(ITEMS), SCRIPT)

    results = ask(played, "parts.f.results")

    assert results == [
        {"key": "warned", "item": "warned", "state": "warning", "exit_code": 4,
         "outputs": {"free": 2}, "message": "two is done"},
        {"key": "bad", "item": "bad", "state": "abnormal", "exit_code": 8,
         "outputs": {}, "message": "no disk"},
        {"key": "empty", "item": "empty", "state": "normal", "exit_code": None,
         "outputs": {}, "message": "its condition is false: who != 'empty'"},
        {"key": "good", "item": "good", "state": "normal", "exit_code": 0,
         "outputs": {"free": 5}, "message": "all is well"},
    ]  # fmt: skip


def test_an_item_is_asked_by_its_key_and_its_parts_by_their_names() -> None:
    played = play(network(ITEMS), SCRIPT)

    seen = [
        ask(played, text)
        for text in (
            "parts.f.by_key['bad'].state",
            "parts.f.by_key.warned.outputs.free",
            "parts.f.by_key['good'].parts.two.message",
            "parts.f.by_key['good'].parts | list",
            "parts.f.by_key | list",
            "parts.f.by_key['bad'].parts.two.state",
        )
    ]

    assert seen == [
        "abnormal", 2, "all is well", ["one", "two"], ["warned", "bad", "empty", "good"], "not_run",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "parts.one",
            "part 'one' runs once per item of 'f'; write parts.f.by_key['KEY'].parts.one",
        ),
        ("parts.nope", "'nope' is not defined in parts"),
        ("parts.f.nope", "'nope' is not defined in parts.f"),
        ("parts.f.by_key['bad'].nope", "'nope' is not defined in item 'bad'"),
        ("parts.f.by_key['nobody']", "nobody"),
        ("run.nope", "'nope' is not defined in run"),
        ("network.nope", "'nope' is not defined in network"),
        ("at(5)", "at() takes a clock time as text"),
        ("at('25:99')", "25:99"),
        ("is_open(5)", "is_open() takes a day"),
        ("is_open(now)", "is_open() takes a day"),
        ("is_open('tomorrow')", "'tomorrow' is not a day; write it as 2026-05-29"),
        ("at", "call it: at"),
        ("is_open", "call it: is_open"),
    ],
)
def test_what_cannot_be_asked_says_why(text: str, reason: str) -> None:
    played = play(network(ITEMS), SCRIPT)

    with pytest.raises(ExpressionFailed) as caught:
        ask(played, text)

    assert reason in str(caught.value)


def test_items_before_their_turn_and_while_they_run_have_their_state() -> None:
    main = network(for_each("f", ["a", "b"], job("x"), limit=1))

    played = play(main, {"f[a].x": NEVER}, stop_at=5)

    assert ask(played, "parts.f.results | map(attribute='state')") == ["running", "fixed"]
    assert ask(played, "parts.f.results | map(attribute='message') | last") == (
        "its turn has not come"
    )


def test_parts_that_never_ran_say_why_and_count_nothing() -> None:
    main = network(
        job("bad"),
        block("k", job("inner"), loop("l", "inner", max_times=1)),
        call("s", "sub"),
        branch("b", ("true", (job("c"),))),
    )

    played = play(main, {"bad": 1}, networks=[network(job("deep"), name="sub")])

    assert ask(played, "parts.inner.message") == "not run: a part before it ended abnormally"
    assert ask(played, "parts.s.parts.deep.state") == "not_run"
    assert ask(played, "[parts.inner, parts.l, parts.c] | map(attribute='iterations')") == [0] * 3
    assert ask(played, "[parts.inner, parts.l, parts.c] | map(attribute='attempts')") == [0] * 3
    assert ask(played, "[parts.inner.started, parts.inner.ended, parts.c.exit_code]") == [None] * 3


def test_the_calendar_of_a_network_without_one_is_always_open() -> None:
    played = play(network(job("a")))

    seen = [ask(played, text) for text in ("is_open()", "next_open_day", "previous_open_day")]

    assert seen == [True, date(2026, 5, 30), date(2026, 5, 28)]


def test_all_names_can_be_listed_once() -> None:
    played = play(network(ITEMS), SCRIPT)
    main = Names(played.tracker, flow_of(played.tracker, ROOT_FLOW), played.now)
    item = flow_key(PartKey("f"), item_slot("bad"))
    inner = Names(played.tracker, flow_of(played.tracker, item), played.now)

    assert len(list(main)) == len(set(main)) == len(main) == 10
    assert set(inner) - set(main) == {"who"}
    assert inner["who"] == "bad"


def test_a_line_of_the_track_says_what_it_waits_for() -> None:
    main = network(pause("p", 60), branch("b", ("false", (job("c"),))), job("d"))

    before = play(main, stop_at=5)
    after = play(main)

    assert [line.reason for line in track(before.tracker)] == [
        WaitReason.TIME, *[WaitReason.PREDECESSOR] * 3,
    ]  # fmt: skip
    assert [line.reason for line in track(after.tracker)] == [None] * 4
    assert [line.state for line in track(after.tracker)][2] is State.BYPASSED


def test_a_flow_whose_result_was_changed_knows_what_counts_of_it() -> None:
    change = ChangeResult(part=PartKey("a"), result=NewResult.NORMAL)
    main = network(job("a"), job("b"), job("c"))

    played = play(main, {"a": 1, "b": takes(50)}, orders_at={5: [change]}, stop_at=9)

    flow = flow_of(played.tracker, ROOT_FLOW)
    assert (flow.has_cancelled, flow.culprit, flow.exit_code) == (False, "a", 1)
