"""Gives operators' orders to runs: says beforehand what they will do, afterwards what they did.

An order is an input like any other: it is in the inbox before anybody answers, so a crash loses
none, and the engine alone decides. Who gives it waits a moment for its outcome.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from jobnet.engine import Tracker
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.orders import Order, Rerun
from jobnet.engine.states import State, has_ended
from jobnet.errors.controller import (
    OrderNotAnswered,
    OrderNotDone,
    OrderNotUnderstood,
    RunNotBegunYet,
    RunNotFound,
)
from jobnet.errors.engine import OrderRefused
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.ports.store import (
    RunRow,
    Signal,
    SignalKind,
    SlotState,
    Store,
    Transaction,
)
from jobnet.ports.store.audits import AuditRow
from jobnet.services.confirming import sentence_of
from jobnet.services.control import read_order
from jobnet.services.controller.bells import Bells, Worker
from jobnet.services.controller.definition_changes import project_changes, text_changes
from jobnet.services.controller.inputs import order_key, to_input
from jobnet.services.controller.redefinition import Redefined, redefined
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.turns import place_of_run
from jobnet.services.requests import RequestUnfit
from jobnet.services.reruns import preview

OUTCOME_SECONDS_MAX: Final = 10.0
PINNED: Final = "pinned"
CURRENT: Final = "current"
_LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPreview:
    """What an order would do, were it given now.

    For a rerun ``again`` are the parts that run again, ``carried`` how many are not touched,
    ``asking`` parts that ask before they run again, each with its note. With the current
    definitions ``mapping`` says how parts belong together, ``changes`` is a unified diff of
    their texts, ``projects`` are roots with how they stood and stand.
    """

    sentence: str
    again: tuple[str, ...] = ()
    carried: int = 0
    asking: tuple[tuple[str, str], ...] = ()
    mapping: str = ""
    changes: str = ""
    projects: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDone:
    """An order that was carried out, and what it did."""

    sentence: str


class Orders:
    """Takes orders for runs."""

    def __init__(self, store: Store, trackers: Trackers, bells: Bells) -> None:
        self._store, self._trackers, self._bells = store, trackers, bells

    def preview(self, run: RunId, request: Mapping[str, object]) -> OrderPreview:
        """Return what an order would do; ``OrderRefused`` where a rerun cannot be had."""
        row, tracker = self._store.read(lambda tx: self._of(tx, run))
        if tracker is None:
            return OrderPreview(sentence=_sentence_unbegun(row, request))
        request, other = self._meant(row, request)
        tracker = tracker if other is None else other.tracker
        order = _read(request, tracker)
        sentence = sentence_of(order, tracker)
        if not isinstance(order, Rerun):
            return OrderPreview(sentence=sentence)
        found = preview(tracker, order)
        seen = OrderPreview(
            sentence=sentence,
            again=tuple(str(part) for part in found.again),
            carried=found.carried,
            asking=tuple((str(part), note) for part, note in found.asking),
        )
        return seen if other is None else self._with_changes(seen, row, other)

    def give(
        self,
        run: RunId,
        request: Mapping[str, object],
        *,
        by: OperatorName,
        key: str,
        reason: str = "",
    ) -> OrderDone:
        """Give an order and wait until it has been carried out; the same key counts once.

        Raises ``OrderNotDone`` where the engine refuses it, ``OrderNotAnswered`` where nobody
        got to it in time: it stays in the inbox and will be carried out.
        """
        row, tracker = self._store.read(lambda tx: self._of(tx, run))
        if tracker is None:
            return self._cancel_unbegun(row, request, by=by, key=key, reason=reason)
        if self._store.read(lambda tx: tx.runs.outcome(run, order_key(key))) is None:
            sentence = self._ordered(row, tracker, request, by=by, key=key, reason=reason)
        else:
            sentence = "It was carried out before; the same key counts once."
        refusal = self._outcome(run, key)
        if refusal:
            raise OrderNotDone(run, refusal)
        return OrderDone(sentence=sentence)

    def _ordered(
        self,
        row: RunRow,
        tracker: Tracker,
        request: Mapping[str, object],
        *,
        by: OperatorName,
        key: str,
        reason: str,
    ) -> str:
        """Put an order into the inbox and return what it does."""
        plain, other = self._meant(row, request)
        tracker = tracker if other is None else other.tracker
        order = _read(plain, tracker)
        if isinstance(order, Rerun):
            meant = row if other is None else other.row
            self._trackers.make_ready(meant)  # its project's copy may have been removed
            if other is not None:
                order = replace(order, edition=other.row.edition, mapping=other.mapping)
        self._put(row, order, request, by=by, key=key, reason=reason)
        return _sentence(order, tracker)

    def _meant(
        self, row: RunRow, request: Mapping[str, object]
    ) -> tuple[Mapping[str, object], Redefined | None]:
        """Return a request without the definitions that it wants, and the run as they see it."""
        fields = request.get("fields")
        if request.get("order") != "rerun" or not isinstance(fields, dict):
            return request, None
        wanted = fields.get("definition", PINNED)
        if wanted not in {PINNED, CURRENT}:
            raise OrderNotUnderstood(f"definition is neither {PINNED} nor {CURRENT}")
        rest = {name: value for name, value in fields.items() if name != "definition"}
        plain = {**request, "fields": rest}
        edition = self._store.read(lambda tx: tx.editions.current().id)
        if wanted == PINNED or edition == row.edition:
            return plain, None
        entries = self._store.read(lambda tx: tx.runs.entries(row.run, 0))
        return plain, redefined(row, edition, entries, self._trackers.pins)

    def _with_changes(self, seen: OrderPreview, row: RunRow, other: Redefined) -> OrderPreview:
        pins, editions = self._trackers.pins, (row.edition, other.row.edition)
        before, after = (pins.bundle(edition, row.network) for edition in editions)

        def work(tx: Transaction) -> OrderPreview:
            return replace(
                seen,
                mapping=other.mapping,
                changes=text_changes(tx, (before, after), editions),
                projects=tuple(project_changes(tx, editions)),
            )

        return self._store.read(work)

    def _of(self, tx: Transaction, run: RunId) -> tuple[RunRow, Tracker | None]:
        row = tx.runs.find(run)
        if row is None:
            raise RunNotFound(run)
        return row, None if row.position == 0 else self._trackers.current(tx, row)

    def _put(
        self,
        row: RunRow,
        order: Order,
        request: Mapping[str, object],
        *,
        by: OperatorName,
        key: str,
        reason: str,
    ) -> None:
        now = self._store.now()
        given = OrderGiven(order=order, by=by, key=f"rest:{key}", reason=reason)
        put = to_input(given, run=row.run, at=now, key=order_key(key))
        act = AuditRow(
            at=now,
            by=by,
            act=str(request.get("order")),
            subject=_subject(row.run, order),
            reason=reason,
            after=json.dumps(request.get("fields", {})),
            key=key,
        )

        def work(tx: Transaction) -> None:
            if tx.runs.put_inputs([put]):
                tx.audits.add(act)

        self._store.write(work)
        self._bells.ring_runs([row.run])

    def _outcome(self, run: RunId, key: str) -> str:
        """Return why an order was refused, "" if it was not, once that is known."""
        until = time.monotonic() + OUTCOME_SECONDS_MAX
        names = [Worker.OUTCOMES]
        while True:
            heard = self._bells.heard(names)
            outcome = self._store.read(lambda tx: tx.runs.outcome(run, order_key(key)))
            if outcome is not None:
                return outcome.refusal
            left = until - time.monotonic()
            if left <= 0 or self._bells.is_closed:
                raise OrderNotAnswered(run, seconds=OUTCOME_SECONDS_MAX)
            self._bells.wait(names, heard, seconds_max=min(left, _LOOK_SECONDS))

    def _cancel_unbegun(
        self,
        row: RunRow,
        request: Mapping[str, object],
        *,
        by: OperatorName,
        key: str,
        reason: str,
    ) -> OrderDone:
        """Take a run away that waits for its network; all other orders need one that has begun."""
        sentence = _sentence_unbegun(row, request)
        now = self._store.now()

        def work(tx: Transaction) -> None:
            tx.errands.slots(for_update=True)  # the line before the run, as admissions do
            found = tx.runs.find(row.run)
            if found is None or has_ended(found.state):
                return
            gone = replace(found, state=State.CANCELLED, ended=now, detail=reason or "cancelled")
            if not tx.runs.replace_unstarted(gone):
                raise OrderNotDone(row.run, "it has just begun; give the order again")
            tx.errands.drop([place_of_run(row, at=now, state=SlotState.ASKING)])
            tx.signals.add([Signal(kind=SignalKind.ADMIT, name="", run=row.run)])
            act = AuditRow(at=now, by=by, act="cancel", subject=row.run, reason=reason, key=key)
            tx.audits.add(act)

        self._store.write(work)
        self._bells.ring([SignalKind.ADMIT, Worker.OUTCOMES])
        return OrderDone(sentence=sentence)


def _sentence_unbegun(row: RunRow, request: Mapping[str, object]) -> str:
    if request.get("order") not in {"cancel", "kill"}:
        raise RunNotBegunYet(row.run, str(request.get("order")))
    return f"Cancel: {row.run} has not begun and never will."


def _sentence(order: Order, tracker: Tracker) -> str:
    try:
        return sentence_of(order, tracker)
    except OrderRefused as refused:  # the engine will say so again, in the journal's order
        return str(refused)


def _read(request: Mapping[str, object], tracker: Tracker) -> Order:
    try:
        return read_order(request, tracker)
    except RequestUnfit as unfit:
        raise OrderNotUnderstood(str(unfit)) from unfit


def _subject(run: RunId, order: Order) -> str:
    part: PartKey | None = getattr(order, "part", None)
    return str(run) if part is None else f"{run}/{part}"
