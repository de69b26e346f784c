"""Finds out how an attempt ends whose starter has gone: a play that was killed, a power cut.

What may be believed is decided by ``adoption``; here somebody looks until it is certain. A
supervisor that was about to begin is kept from it before the attempt is called not run.
"""

import shutil
import time
from collections.abc import Callable
from typing import Final

from jobnet.engine.results import JobEnd, JobResult
from jobnet.execution.adoption import Standing, look, standing
from jobnet.execution.collect import collect
from jobnet.execution.masters import without_masters
from jobnet.execution.processes import end_all, given, marked
from jobnet.execution.spool import KILL, Spool, mark_started

_LOOK_AGAIN_SECONDS: Final = 0.1
_SUPERVISOR_GRACE_SECONDS: Final = 10.0
_CUT_OFF: Final = "its play was cut off"


def end_of_orphan(
    spool: Spool,
    *,
    has_begun: bool,
    is_killed: Callable[[], bool],
    began: Callable[[], None],
    grace_seconds: float,
    follow: Callable[[bool], None] = lambda _is_over: None,
) -> JobResult | None:
    """Return how the attempt ended, or None if it surely never ran and never will.

    ``began`` is called once if it is still at work; it is followed then, as long as it takes.
    ``follow`` is called at each look at one that ran, with whether it is the last.
    """
    has_told = False
    while spool.folder.is_dir():
        found = standing(look(spool))
        if found is not Standing.NOT_RUN:
            follow(found is not Standing.RUNNING)
        if found is Standing.ENDED:
            return collect(spool)
        if found is Standing.LOST or (found is Standing.NOT_RUN and has_begun):
            return _lost(spool, grace_seconds)
        if found is Standing.NOT_RUN and mark_started(spool):
            _withdraw(spool)
            return None
        if found is Standing.RUNNING and not has_told:
            has_told = True
            began()
        if is_killed():
            spool[KILL].touch()
        time.sleep(_LOOK_AGAIN_SECONDS)
    return _result(f"{_CUT_OFF}, and its spool is gone", "") if has_begun else None


def _withdraw(spool: Spool) -> None:
    """Clear the way for a new start: no supervisor of the old one may find the new spool."""
    folder = str(spool.folder)
    end_all(
        lambda: sorted({*given(folder), *marked(spool.mark)}),
        grace_seconds=_SUPERVISOR_GRACE_SECONDS,
        after_look=lambda: None,
    )
    shutil.rmtree(spool.folder, ignore_errors=True)


def _lost(spool: Spool, grace_seconds: float) -> JobResult:
    """End what is left of a job that nobody supervises; nobody can say how far it came."""
    left = end_all(
        lambda: without_masters(marked(spool.mark)),
        grace_seconds=grace_seconds,
        after_look=lambda: None,
    )
    unended = f"; processes {', '.join(map(str, left))} could not be ended" if left else ""
    return _result(f"{_CUT_OFF}, and it left no result{unended}", str(spool.folder))


def _result(message: str, folder: str) -> JobResult:
    return JobResult(end=JobEnd.LOST, message=message, folder=folder)
