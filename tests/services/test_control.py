"""Operating a running play: what a request may say, what an order does, what is told before."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from jobnet.engine import Tracker
from jobnet.engine import orders as o
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.states import State
from jobnet.ids import OperatorName, PartKey
from jobnet.project.order_words import ORDERS
from jobnet.services.confirming import sentence_of
from jobnet.services.control import Control, read_order
from jobnet.services.inbox import Asked, Inbox
from jobnet.services.requests import RequestUnfit
from jobnet.services.standings import waiting_on

from tests.services.playing import Ended, Script, Stage

NIGHT = """
kind: network
name: night
flow:
  - {id: load, hosts: h1, ansible.builtin.command: w}
  - {id: check, hosts: h1, ansible.builtin.command: w}
  - {id: report, hosts: h1, ansible.builtin.command: w}
"""


class Terminal:
    """A second terminal: gives orders at instants of the clock and keeps what it hears."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.heard: list[str] = []
        self.seen: list[Tracker] = []

    def at(self, seconds: float, order: o.Order | None, key: str = "") -> None:
        key = key or f"k{seconds}"
        given = None
        if order is not None:
            given = OrderGiven(order=order, by=OperatorName("bob"), key=key, reason="why")

        def answered(tracker: Tracker, _now: datetime, refusal: str) -> None:
            self.heard.append(refusal)
            self.seen.append(tracker)

        self._stage.at(
            seconds, lambda: self._stage.inbox.put(Asked(given=given, answered=answered))
        )


def part(name: str) -> PartKey:
    return PartKey(name)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(NIGHT, tmp_path, scripts={"load": Script(seconds=100)})


def played(stage: Stage, *orders: tuple[float, o.Order]) -> tuple[Ended, Terminal]:
    terminal = Terminal(stage)
    for seconds, order in orders:
        terminal.at(seconds, order)
    return stage.play(), terminal


def test_a_skip_of_a_second_terminal_is_journaled_with_who_and_why(stage: Stage) -> None:
    ended, terminal = played(stage, (10, o.Skip(part=part("check"))))

    assert ended.part("check") is State.SKIPPED
    assert terminal.heard == [""]
    taken = [json.loads(line)["fact"] for line in stage.journal.lines if "OrderTaken" in line]
    assert [(each["by"], each["reason"]) for each in taken] == [("bob", "why")]


def test_the_same_key_twice_is_one_order(stage: Stage) -> None:
    terminal = Terminal(stage)
    terminal.at(10, o.Comment(text="called the bank"), key="k")
    terminal.at(20, o.Comment(text="called the bank"), key="k")

    ended = stage.play()

    assert ended.tracker.run is not None
    assert len(ended.tracker.run.notes) == 1
    assert terminal.heard == ["", ""]


def test_what_the_engine_refuses_is_heard_and_changes_nothing(stage: Stage) -> None:
    ended, terminal = played(stage, (10, o.Skip(part=part("load"))))

    assert ended.state is State.NORMAL
    assert terminal.heard == ["skip of load was refused: it is running."]
    assert not any("refused" in note.text for note in stage.desk.notes)


def test_a_run_that_is_operated_may_stand_still_without_a_terminal(stage: Stage) -> None:
    ended, _ = played(
        stage, (10, o.Hold(part=part("check"))), (5000, o.Release(part=part("check")))
    )

    assert ended.state is State.NORMAL
    assert ended.lasted() > 4000
    assert any("play-control" in note.text for note in stage.desk.notes)


def test_a_run_that_is_only_looked_at_is_not_operated(stage: Stage) -> None:
    stage.text = NIGHT.replace("id: check,", "id: check, hold: true,")
    terminal = Terminal(stage)
    terminal.at(10, None)

    ended = stage.play()

    assert ended.state is State.KILLED
    assert terminal.seen[0].parts.get("load").state is State.RUNNING  # type: ignore[union-attr]


def test_a_dialog_is_answered_from_a_second_terminal(tmp_path: Path) -> None:
    text = NIGHT + "  - {id: ask, dialog: {message: go?, choices: {post: 0}, timeout: 9h}}\n"
    stage = Stage(text, tmp_path)

    ended, terminal = played(
        stage,
        (100, o.Answer(part=part("ask"), choice="no")),
        (200, o.Answer(part=part("ask"), choice="post")),
    )

    assert ended.part("ask") is State.NORMAL
    assert ["stays open" in heard for heard in terminal.heard] == [True, False]


def test_a_held_part_says_what_it_waits_for(stage: Stage) -> None:
    terminal = Terminal(stage)
    terminal.at(10, o.Hold(part=part("check")))
    terminal.at(200, None)
    terminal.at(300, o.Release(part=part("check")))

    stage.play()

    (wait,) = waiting_on(terminal.seen[1])
    assert (wait["part"], wait["kind"], wait["who_can_resolve"]) == ("check", "held", "operator")


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Tracker:
    stage = Stage(NIGHT, tmp_path_factory.mktemp("night"), scripts={"load": Script(seconds=100)})
    terminal = Terminal(stage)
    terminal.at(10, None)
    stage.play()
    return terminal.seen[0]


SENTENCES: list[tuple[o.Order, str]] = [
    (
        o.Skip(part=part("check")),
        "Skip: report starts when the turn of check has come, without outputs of check.",
    ),
    (o.Skip(part=part("load")), "Skip: check starts now, without outputs of load."),
    (
        o.Hold(part=part("report")),
        "Hold: report does not start before it is released; the end of the run waits for it.",
    ),
    (o.Kill(now=True), "Kill: what runs of the run is ended, and nothing more starts."),
    (o.Kill(), "Kill: what runs of the run is ended, no rescue runs, every always does."),
    (
        o.ChangeTime(part=part("load"), to=datetime(2026, 5, 29, 12, tzinfo=UTC)),
        "Change time: load waits until 2026-05-29 12:00:00 UTC.",
    ),
]


@pytest.mark.parametrize(("order", "sentence"), SENTENCES)
def test_an_order_says_before_what_it_will_do(
    tracker: Tracker, order: o.Order, sentence: str
) -> None:
    assert sentence_of(order, tracker) == sentence


def names_of(kind: Any) -> list[str]:  # noqa: ANN401 - the class of an order
    return [field.name for field in fields(kind)]


@pytest.mark.parametrize("name", sorted(set(ORDERS) - {"rerun"}))
def test_every_order_has_a_sentence(tracker: Tracker, name: str) -> None:
    values = {
        "part": "check", "to": "2026-05-29T21:55", "choice": "a", "result": "normal",
        "priority": 3, "queue": "q", "text": "t",
    }  # fmt: skip
    kind = ORDERS[name]
    given = {each: values[each] for each in names_of(kind) if each in values}

    order = read_order({"order": name, "fields": given}, tracker)

    assert isinstance(order, kind)
    assert sentence_of(order, tracker).endswith(".")


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"order": "explode"}, "none of answer"),
        ({"order": ["skip"]}, "none of answer"),
        ({"order": "rerun", "fields": {"by": "x"}}, "rerun takes no 'by'"),
        ({"order": "rerun", "fields": {"start": "soon"}}, "start is none of whole"),
        ({"order": "rerun", "fields": {"start": "only"}}, "rerun only needs part"),
        ({"order": "rerun", "fields": {"start": "failed", "part": "a"}}, "failed takes no part"),
        ({"order": "rerun", "fields": {"held": 1}}, "held is neither"),
        ({"order": "rerun", "fields": {"params": []}}, "params is no JSON object"),
        ({"order": "rerun", "fields": {"params": {"no": "x"}}}, "no"),
        ({"order": "skip"}, "needs part"),
        ({"order": "skip", "fields": []}, "no JSON object"),
        ({"order": "skip", "fields": {"part": 3}}, "part is no text"),
        ({"order": "skip", "fields": {"part": "x" * 2000}}, "part is no text"),
        ({"order": "skip", "fields": {"part": "a", "by": "root"}}, "takes no 'by'"),
        ({"order": "skip", "fields": {"part": "a", "exit_code": True}}, "exit_code cannot be"),
        ({"order": "change-time", "fields": {"part": "a", "to": "soon"}}, "is no time"),
        ({"order": "change-result", "fields": {"part": "a", "result": "lost"}}, "result cannot"),
    ],
)
def test_an_order_that_does_not_fit_is_refused(
    tracker: Tracker, request_: dict[str, object], says: str
) -> None:
    with pytest.raises(RequestUnfit, match=says):
        read_order(request_, tracker)


def answering(tracker: Tracker) -> Callable[[bytes], dict[str, Any]]:
    """Return a control whose pump is a thread that shows one tracker and takes no order."""
    inbox: Inbox = Inbox()

    def pump() -> None:
        while isinstance(item := inbox.get(), Asked):
            item.answered(tracker, datetime(2026, 5, 29, tzinfo=UTC), "no")

    Thread(target=pump, daemon=True).start()
    control = Control(inbox=inbox, describe=lambda _: {"run": "r-1"})
    return lambda line: json.loads(control.answer(line, "ann"))


@drawn(
    line=st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(sorted(ORDERS)),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["ask", "order", "fields", "part", "key", "to", "form", "start", "params"]
                ),
                inner,
            )
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_arrives_is_answered_with_one_line(line: bytes) -> None:
    control = Control(inbox=Inbox(), describe=lambda _: {}, seconds_max=0.0)

    answer = control.answer(line, "ann")

    assert b"\n" not in answer
    assert "message" in json.loads(answer)["error"]


def test_a_deeply_nested_request_is_refused(tracker: Tracker) -> None:
    answer = answering(tracker)(b"[" * 60_000)

    assert "no JSON" in str(answer["error"])


def test_status_preview_and_order_are_answered(tracker: Tracker) -> None:
    ask = answering(tracker)
    skip = {"order": "skip", "fields": {"part": "load"}}

    status = ask(b'{"ask": "status"}')
    preview = ask(json.dumps({"ask": "preview", **skip}).encode())
    order = ask(json.dumps({"ask": "order", "key": "k", "reason": "r", **skip}).encode())
    keyless = ask(json.dumps({"ask": "order", "reason": "r", **skip}).encode())

    assert (status["run"], status["now"]) == ("r-1", "2026-05-29T00:00:00+00:00")
    assert preview["sentence"] == "Skip: check starts now, without outputs of load."
    assert order["error"] == {"code": "order_refused", "message": "no"}
    assert "key is no text" in str(keyless["error"])
