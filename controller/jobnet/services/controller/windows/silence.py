"""Keeps alerts back while a window is open for what they are about, and counts them.

Only what nobody has asked for by a part of the network is kept back: the messages of ``notify``
parts are sent. Each one that is kept back stands in the audit log with its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jobnet.definition import UnitJob
from jobnet.engine import Tracker
from jobnet.engine.standing import part_of
from jobnet.engine.states import CLASS_OF_END, EndClass
from jobnet.ids import OperatorName, PartKey
from jobnet.ports.store import MessageRow, Store, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.schedules.windows import WindowSpan
from jobnet.services.controller.occasions import PREFIX, notice_from_payload
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.windows.gate import Gate, Who

SILENCE: Final = "silence"
COUNTED_MAX: Final = 1_000
"""More silenced alerts of one window are not counted."""
CONTROLLER: Final = OperatorName("jobnet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Which window keeps an alert back; None: as long as an inventory is asked, nobody knows."""

    span: WindowSpan | None


class Silence:
    """Asks the windows about alerts, and keeps back what they silence."""

    def __init__(self, store: Store, gate: Gate, trackers: Trackers) -> None:
        self._store, self._gate, self._trackers = store, gate, trackers

    def over(self, row: MessageRow) -> Quiet | None:
        """Return what keeps an alert back; None where it may be sent."""
        if not row.part.startswith(PREFIX):
            return None
        now = self._store.now()
        spans = [span for span in self._gate.spans(now) if span.is_open(now)]
        about = self._store.read(lambda tx: self._about(tx, row)) if spans else None
        if about is None:
            return None
        answers = [(span, self._covers(span, about)) for span in spans]
        for span, covers in answers:
            if covers:
                return Quiet(span=span)
        return Quiet(span=None) if any(covers is None for _, covers in answers) else None

    def keep_back(self, row: MessageRow, span: WindowSpan) -> None:
        """Drop an alert and count it."""

        def write(tx: Transaction) -> None:
            if not any(_is_same(one, row) for one in tx.errands.messages()):
                return
            tx.errands.drop([row])
            tx.audits.add(
                AuditRow(
                    at=self._store.now(),
                    by=CONTROLLER,
                    act=SILENCE,
                    subject=subject_of(span),
                    reason=notice_from_payload(row.payload).occasion.text,
                )
            )

        self._store.write(write)

    def _covers(self, span: WindowSpan, about: "_About") -> bool | None:
        """Return whether a window covers it, or all parts that a run has failed by."""
        if covers := self._gate.covers(span, about.itself):
            return covers
        failed = [self._gate.covers(span, who) for who in about.failed]
        if not failed or any(one is False for one in failed):
            return covers
        return None if any(one is None for one in failed) else True

    def _about(self, tx: Transaction, row: MessageRow) -> "_About | None":
        run = tx.runs.find(row.run)
        if run is None:
            return None
        try:
            part = notice_from_payload(row.payload).occasion.part
        except (ValueError, KeyError, TypeError):
            return None
        tracker = self._trackers.current(tx, run)
        failed = () if part is not None else _failed_jobs(tracker)
        return _About(
            itself=self._gate.who_of_part(tracker, part),
            failed=tuple(self._gate.who_of_part(tracker, key) for key in failed),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What an alert is about; ``failed`` are the jobs because of which a run ended badly."""

    itself: Who
    failed: tuple[Who, ...]


def _failed_jobs(tracker: Tracker) -> Iterator[PartKey]:
    """Yield the unit jobs that ended badly."""
    for _, record in sorted(tracker.parts.items()):
        is_bad = CLASS_OF_END.get(record.state) is EndClass.ABNORMAL
        if is_bad and isinstance(part_of(tracker, record).body, UnitJob):
            yield record.key


def subject_of(span: WindowSpan) -> str:
    """Return under which name the audit log keeps what a window has silenced."""
    return f"window {span.window}"


def silenced_in(tx: Transaction, span: WindowSpan) -> int:
    """Return how many alerts were not sent since a window is open."""
    subject = subject_of(span)
    rows = tx.audits.page(before=None, limit=COUNTED_MAX, subject=subject, since=span.first)
    return sum(row.act == SILENCE and row.subject == subject and row.at < span.last for row in rows)


def _is_same(one: MessageRow, other: MessageRow) -> bool:
    return (one.run, one.part, one.attempt) == (other.run, other.part, other.attempt)
