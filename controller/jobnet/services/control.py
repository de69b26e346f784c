"""Answers what somebody asks of a running play from a second terminal.

A request is one JSON object: ``{"ask": "status"}``, or ``{"ask": "preview" | "order", "order":
"skip", "fields": {"part": "load"}, "reason": ..., "key": ...}``. Whatever arrives is only data: all
that does not fit is refused with a sentence and changes nothing. What an order may do is the
engine's decision; who gives it is told by the operating system, never by the request.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import cast
from zoneinfo import ZoneInfo

from jobnet.engine import Tracker, orders
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.orders import NewResult, Order
from jobnet.errors.engine import OrderRefused
from jobnet.ids import OperatorName
from jobnet.project.order_words import ORDERS
from jobnet.services.confirming import sentence_of
from jobnet.services.inbox import Asked, Inbox
from jobnet.services.requests import RequestUnfit, read_rerun, text_of
from jobnet.services.reruns import preview
from jobnet.services.standings import standing_of

ANSWER_SECONDS_MAX = 10.0
TEXT_MAX = 1000
KEY_MAX = 100

_TEXTS = frozenset({"part", "choice", "queue", "text"})
_NUMBERS = frozenset({"exit_code", "priority"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    tracker: Tracker
    now: datetime
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The far end of the socket; ``answer`` is called on a thread of the socket's."""

    inbox: Inbox
    describe: Callable[[Tracker], Mapping[str, object]]
    seconds_max: float = field(default=ANSWER_SECONDS_MAX)

    def answer(self, line: bytes, peer: str) -> bytes:
        """Return the answer to one line, itself without its line end."""
        try:
            document = self._document(line, OperatorName(peer))
        except RequestUnfit as unfit:
            document = {"error": {"code": "request_unfit", "message": str(unfit)}}
        return json.dumps(document).encode()

    def _document(self, line: bytes, by: OperatorName) -> Mapping[str, object]:
        request = _read(line)
        match request.get("ask"):
            case "status":
                asked = self._ask(None)
                return standing_of(asked.tracker, asked.now, self.describe(asked.tracker))
            case "preview" | "order" as wish:
                try:
                    return self._order(request, by, is_given=wish == "order")
                except OrderRefused as refused:
                    return {"error": {"code": "order_refused", "message": str(refused)}}
        raise RequestUnfit("ask is none of status, preview, order")

    def _order(
        self, request: Mapping[str, object], by: OperatorName, *, is_given: bool
    ) -> Mapping[str, object]:
        tracker = self._ask(None).tracker
        order = read_order(request, tracker)
        sentence = sentence_of(order, tracker)
        if not is_given:
            return {"sentence": sentence, **_rerun_preview(order, tracker)}
        given = OrderGiven(
            order=order,
            by=by,
            key=f"control:{text_of(request, 'key', KEY_MAX)}",
            reason=text_of(request, "reason", TEXT_MAX),
        )
        refusal = self._ask(given).refusal
        if refusal:
            return {"error": {"code": "order_refused", "message": refusal}}
        return {"done": sentence}

    def _ask(self, given: OrderGiven | None) -> _Answer:
        answers: SimpleQueue[_Answer] = SimpleQueue()

        def answered(tracker: Tracker, now: datetime, refusal: str) -> None:
            answers.put(_Answer(tracker=tracker, now=now, refusal=refusal))

        self.inbox.put(Asked(given=given, answered=answered))
        try:
            answer = answers.get(timeout=self.seconds_max)
        except Empty:
            raise RequestUnfit("the run gives no answer; it may just be ending") from None
        if answer.tracker.run is None:
            raise RequestUnfit("the run has not begun yet")
        return answer


def _read(line: bytes) -> Mapping[str, object]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise RequestUnfit("the request is no JSON") from None
    if not isinstance(request, dict):
        raise RequestUnfit("the request is no JSON object")
    return request


def read_order(request: Mapping[str, object], tracker: Tracker) -> Order:
    """Return the order of a request, or say what does not fit."""
    name = request.get("order")
    kind = ORDERS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise RequestUnfit(f"the order is none of {', '.join(sorted(ORDERS))}")
    given = request.get("fields", {})
    if not isinstance(given, dict):
        raise RequestUnfit("fields is no JSON object")
    if kind is orders.Rerun:
        return read_rerun(given, tracker)
    known = {each.name: each for each in fields(kind)}
    for each in given:
        if each not in known:
            raise RequestUnfit(f"{name} takes no {str(each)[:40]!r}, only {', '.join(known)}")
    for each, about in known.items():
        is_needed = about.default is MISSING and about.default_factory is MISSING
        if is_needed and each not in given:
            raise RequestUnfit(f"{name} needs {each}")
    values = {each: _value(each, value, tracker) for each, value in given.items()}
    return cast("Order", kind(**values))


def _rerun_preview(order: Order, tracker: Tracker) -> Mapping[str, object]:
    """Return what whoever gives a rerun has to know before: what runs again, and what asks."""
    if not isinstance(order, orders.Rerun):
        return {}
    found = preview(tracker, order)
    return {
        "again": [str(part) for part in found.again],
        "carried": found.carried,
        "asking": [[str(part), note] for part, note in found.asking],
    }


def _value(name: str, value: object, tracker: Tracker) -> object:
    if name in _TEXTS:
        return text_of({name: value}, name, TEXT_MAX)
    if name in _NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        return value
    if name == "now" and isinstance(value, bool):
        return value
    if name == "to" and isinstance(value, str):
        return _instant(value, tracker)
    if name == "result" and isinstance(value, str) and value in set(NewResult):
        return NewResult(value)
    if name == "form" and isinstance(value, dict):
        return value
    raise RequestUnfit(f"{name} cannot be {str(value)[:40]!r}")


def _instant(text: str, tracker: Tracker) -> datetime:
    assert tracker.run is not None, "the run has begun"
    try:
        read = datetime.fromisoformat(text)
        aware = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(tracker.run.zone))
        return aware.astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        shown = text[:40]
        raise RequestUnfit(f"{shown!r} is no time; write it such as 2026-05-29T21:55") from None
