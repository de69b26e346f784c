"""Lets a check run go through: nobody is asked, no time passes, nothing outside is waited for.

Only its jobs are real, in Ansible's check mode. Everything else that it would wait for is answered
by the turn that opens it: a pause is over at once, a dialog has the answer that does no harm, and
what others would send or make is taken as fulfilled. Limits of time stay as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from jobnet.engine import Tracker
from jobnet.engine import commands as c
from jobnet.engine.inputs import Input, OrderGiven, TimerFired
from jobnet.engine.orders import ClearWait, Order
from jobnet.engine.timers import TimerKind
from jobnet.engine.waits import EventWait
from jobnet.ids import OperatorName, PartKey
from jobnet.ports.store import Errand, RunChange, RunRow, TimerRow
from jobnet.services.answers import harmless_answer
from jobnet.services.controller.inputs import to_input
from jobnet.services.dialogs import voter_of

BY: Final = OperatorName("jobnet")
REASON: Final = "check mode"
_PAUSES: Final = frozenset({TimerKind.WAIT, TimerKind.RETRY, TimerKind.INTERVAL, TimerKind.SETTLE})


def checked(
    change: RunChange, commands: Sequence[c.Command], tracker: Tracker, row: RunRow
) -> RunChange:
    """Return what a turn writes, with the answers that a check run is given; others stay.

    ``row`` is that before the turn: its position tells the answers of one loop from the next.
    """
    if tracker.run is None or not tracker.run.check or tracker.last_at is None:
        return change
    given = [answer for command in commands for answer in _answers(command, row)]
    inputs = [to_input(answer, run=row.run, at=tracker.last_at) for answer in given]
    return replace(
        change,
        puts=tuple(put for put in change.puts if not _is_pause(put)),
        inputs=(*change.inputs, *inputs),
    )


def _is_pause(put: Errand) -> bool:
    return isinstance(put, TimerRow) and put.kind in _PAUSES


def _answers(command: c.Command, row: RunRow) -> Iterator[Input]:
    match command:
        case c.ArmTimer(timer=armed) if armed.timer.kind in _PAUSES:
            yield TimerFired(timer=armed.timer, due=armed.due)
        case c.WatchFile(part=part):
            yield _order(ClearWait(part=part), row, part)
        case c.OpenWait(wait=wait) if isinstance(wait, EventWait) or wait.network is not None:
            yield _order(ClearWait(part=wait.part), row, wait.part)
        case c.OpenDialog(part=part, dialog=dialog):
            answer = harmless_answer(part, dialog)
            for vote in range(1, dialog.answer.votes + 1):
                yield _order(answer, row, part, by=voter_of(dialog, vote, row.by), vote=vote)
        case _:
            return


def _order(
    order: Order, row: RunRow, part: PartKey, *, by: OperatorName = BY, vote: int = 1
) -> OrderGiven:
    key = f"check:{row.position}:{part}:{vote}"
    return OrderGiven(order=order, by=by, key=key, reason=REASON)
