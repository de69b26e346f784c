"""Sends the messages of runs: of their notify parts, and to those who listen to occasions.

A message is marked before it is handed over. One that was marked when a process died may have
left: it is LOST and never sent a second time. A letter that fails ends its part; for an occasion
nobody waits, so it is told to those who watch and kept in the audit log.
"""

import json
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from jobnet.definition import Address, Notification
from jobnet.engine.commands import SendMessage
from jobnet.engine.inputs import AttemptAnswered, Input, MessageAnswered
from jobnet.engine.results import JobEnd, JobResult
from jobnet.errors.play import MessageNotSent
from jobnet.ids import EditionId, OperatorName, PartKey, RunId
from jobnet.ports.messages import Letter, Messenger
from jobnet.ports.pieces import RunPieces
from jobnet.ports.store import (
    LiveNote,
    MessageRow,
    RunRow,
    SignalKind,
    Store,
    Transaction,
)
from jobnet.ports.store.audits import AuditRow
from jobnet.services.controller.bells import Bells, Name, Worker
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.letters import (
    Written,
    addresses_of,
    digest,
    of_notice,
    of_part,
)
from jobnet.services.controller.occasions import PREFIX, notice_from_payload
from jobnet.services.controller.payloads import message_from_payload
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.windows.silence import Silence
from jobnet.services.controller.working import Pass
from jobnet.services.play import Aside

NOBODY_KNOWS = "Jobnet was cut off while the message was sent; it may have arrived"
UNDER_WAY_MAX = 8
"""So many messages are handed over at the same time."""
DIGEST = "digest:"
"""A message of a digest is kept under this and its part until its run has ended."""
ASK_AGAIN_SECONDS = 1.0
"""So soon an alert is looked at again whose hosts an inventory is asked for."""
CONTROLLER = OperatorName("jobnet")

MessageKey = tuple[RunId, PartKey, int]


class Definitions(Protocol):
    """What sending needs of the definitions that have been applied."""

    def listeners(self, edition: EditionId, folder: str) -> tuple[Notification, ...]:
        """Return who listens to networks of a folder without being asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """What became of a message; ``rows`` are those that it was made of."""

    rows: tuple[MessageRow, ...]
    error: str


class Post:
    """The worker that sends messages."""

    name = "post"
    bells: Collection[Name] = (SignalKind.MESSAGE, Worker.OUTCOMES)

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        trackers: Trackers,
        bells: Bells,
        *,
        messenger: Messenger,
        pieces: RunPieces,
        threads: Aside,
        silence: Silence | None = None,
    ) -> None:
        """Begin; ``silence`` keeps alerts back in maintenance windows."""
        self._silence = silence
        self._store, self._definitions, self._trackers = store, definitions, trackers
        self._bells, self._messenger = bells, messenger
        self._pieces, self._threads = pieces, threads
        self._under_way: set[MessageKey] = set()
        self._sent: deque[_Sent] = deque()
        self._is_asking = False

    def recover(self) -> None:
        """Give up what a process before this one may have sent."""

        def give_up(tx: Transaction) -> tuple[RunId, ...]:
            lost = [row for row in tx.errands.messages() if row.is_sending]
            for row in lost:
                self._answer(tx, row, _lost(row))
            tx.errands.drop(lost)
            return tuple(dict.fromkeys(row.run for row in lost))

        self._bells.ring_runs(self._store.write(give_up))

    def work_once(self) -> Pass:
        """Write down what has been sent, and hand over what is to be sent."""
        self._settle()
        self._is_asking = False
        signals, rows = self._store.read(_waiting)
        fresh = [row for row in rows if _key(row) not in self._under_way]
        self._hand_over([row for row in fresh if not row.part.startswith(DIGEST)])
        self._send_digests([row for row in fresh if row.part.startswith(DIGEST)])
        if signals:
            self._store.write(lambda tx: tx.signals.done(signals))
        again = ASK_AGAIN_SECONDS if self._is_asking else None
        return Pass(found=len(signals), again_seconds=again)

    def _hand_over(self, rows: Sequence[MessageRow]) -> None:
        room = UNDER_WAY_MAX - len(self._under_way)
        for row in rows[: max(0, room)]:
            if self._is_silenced(row):
                continue
            written = self._store.read(lambda tx, row=row: self._written(tx, row))  # type: ignore[misc]
            if written is None:
                self._drop((row,))
            elif not written.letters:
                self._finish((row,), written.problem)
            elif self._mark((row,)):
                self._send((row,), written.letters)

    def _is_silenced(self, row: MessageRow) -> bool:
        """Return whether a window keeps an alert back, or nobody knows yet whether it does."""
        quiet = None if self._silence is None else self._silence.over(row)
        if quiet is None or self._silence is None:
            return False
        if quiet.span is None:
            self._is_asking = True
        else:
            self._silence.keep_back(row, quiet.span)
        return True

    def _written(self, tx: Transaction, row: MessageRow) -> Written | None:
        """Return the letters of a message; None where nobody wants it."""
        run = tx.runs.find(row.run)
        if run is None:
            return None
        tracker = self._trackers.current(tx, run)
        bundle = tracker.layout.bundle
        try:
            if row.part.startswith(PREFIX):
                folder = bundle.network.folder
                listeners = self._definitions.listeners(run.edition, folder)
                notice = notice_from_payload(row.payload)
                found = of_notice(notice, run, listeners, folder=folder)
                return found if found.letters else None
            message = message_from_payload(row.payload)
        except (ValueError, KeyError, TypeError) as error:
            return Written(problem=f"its message cannot be read: {error!r}"[:300])
        if run.is_check:
            return Written()
        found = of_part(message, run, bundle.notifications, self._pieces)
        return Written(problem=found.problem) if message.digest else found

    def _mark(self, rows: Sequence[MessageRow]) -> bool:
        """Note that messages may leave from now on; False where one is not there any more."""

        def mark(tx: Transaction) -> bool:
            known = {_key(row) for row in tx.errands.messages()}
            if not all(_key(row) in known for row in rows):
                return False
            tx.errands.change([replace(row, is_sending=True) for row in rows])
            return True

        return self._store.write(mark)

    def _send(self, rows: Sequence[MessageRow], letters: Sequence[Letter]) -> None:
        self._under_way.update(_key(row) for row in rows)

        def send() -> None:
            error = "it was not sent: a fault in Jobnet"
            try:
                error = " ".join(_problems(self._messenger, letters))
            finally:
                self._sent.append(_Sent(rows=tuple(rows), error=error))
                self._bells.ring((SignalKind.MESSAGE,))

        self._threads.aside(send)

    def _settle(self) -> None:
        while self._sent:
            sent = self._sent[0]
            self._finish(sent.rows, sent.error)
            self._sent.popleft()
            self._under_way.difference_update(_key(row) for row in sent.rows)

    def _finish(self, rows: Sequence[MessageRow], error: str) -> None:
        """Answer for messages that are over; a part of a digest is kept for later."""

        def finish(tx: Transaction) -> tuple[RunId, ...]:
            for row in rows:
                self._answer(tx, row, _answer(row, error), error=error)
                if not error and _is_digest(row):
                    kept = PartKey(f"{DIGEST}{row.part}")
                    tx.errands.put([replace(row, part=kept, is_sending=False)])
            tx.errands.drop(rows)
            return tuple(dict.fromkeys(row.run for row in rows))

        self._bells.ring_runs(self._store.write(finish))
        if error:
            self._bells.ring((Worker.LIVE,))

    def _answer(
        self, tx: Transaction, row: MessageRow, answer: Input | None, *, error: str = NOBODY_KNOWS
    ) -> None:
        """Tell the run; of a message that no part waits for, tell people what went wrong."""
        now = self._store.now()
        if answer is not None:
            tx.runs.put_inputs([to_input(answer, run=row.run, at=now)])
        elif error:
            payload = json.dumps({"message": row.part, "error": error})
            tx.live.add([LiveNote(run=row.run, kind="message_failed", payload=payload, at=now)])
            tx.audits.add(
                AuditRow(at=now, by=CONTROLLER, act="notify", subject=str(row.run), refusal=error)
            )

    def _drop(self, rows: Sequence[MessageRow]) -> None:
        self._store.write(lambda tx: tx.errands.drop(rows))

    def _send_digests(self, rows: Sequence[MessageRow]) -> None:
        """Send what was collected for runs that have ended, one letter per address."""
        for run in dict.fromkeys(row.run for row in rows):
            mine = [row for row in rows if row.run == run]
            letters = self._store.read(lambda tx, mine=mine: self._digests(tx, mine))  # type: ignore[misc]
            if letters is None:
                continue
            if not letters:
                self._drop(mine)
            elif self._mark(mine):
                self._send(mine, letters)

    def _digests(self, tx: Transaction, rows: Sequence[MessageRow]) -> Sequence[Letter] | None:
        """Return the letters of an ended run's digests; None as long as it has not ended."""
        run = tx.runs.find(rows[0].run)
        if run is None:
            return ()
        if run.ended is None:
            return None
        return _collected(run, rows, self._trackers.current(tx, run).layout.bundle.notifications)


def _waiting(tx: Transaction) -> tuple[tuple[int, ...], Sequence[MessageRow]]:
    signals = tuple(number for number, _ in tx.signals.pending((SignalKind.MESSAGE,)))
    return signals, [row for row in tx.errands.messages() if not row.is_sending]


def _collected(
    run: RunRow, rows: Sequence[MessageRow], notifications: Mapping[str, Notification]
) -> Sequence[Letter]:
    found: dict[Address, list[SendMessage]] = {}
    for row in rows:
        message = message_from_payload(row.payload)
        for address in addresses_of(message, notifications):
            found.setdefault(address, []).append(message)
    return [digest(run, address, messages) for address, messages in found.items()]


def _problems(messenger: Messenger, letters: Sequence[Letter]) -> list[str]:
    """Send every letter, and return what went wrong with some of them."""
    problems: list[str] = []
    for letter in letters:
        try:
            messenger.send(letter)
        except MessageNotSent as error:
            problems.append(str(error))
    return problems


def _answer(row: MessageRow, error: str) -> Input | None:
    if row.part.startswith((PREFIX, DIGEST)):
        return None
    return MessageAnswered(part=row.part, attempt=row.attempt, error=error)


def _lost(row: MessageRow) -> Input | None:
    if row.part.startswith((PREFIX, DIGEST)):
        return None
    result = JobResult(end=JobEnd.LOST, message=NOBODY_KNOWS)
    return AttemptAnswered(part=row.part, attempt=row.attempt, result=result)


def _is_digest(row: MessageRow) -> bool:
    if row.part.startswith((PREFIX, DIGEST)):
        return False
    return message_from_payload(row.payload).digest


def _key(row: MessageRow) -> MessageKey:
    return (row.run, row.part, row.attempt)
