"""Decides, from a spool alone, whether its attempt ran, runs, has ended or is lost.

Process ids are never asked: they are used again. The promise is "exactly once or LOST".
"""

import json
from dataclasses import dataclass
from enum import StrEnum

from jobnet.execution.spool import RESULT, STARTED, Spool, boot_id, is_locked


class Standing(StrEnum):
    """What can be said of an attempt whose spool was found."""

    NOT_RUN = "not_run"
    RUNNING = "running"
    ENDED = "ended"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolFacts:
    """What a look at the spool has shown."""

    is_started: bool
    is_locked: bool
    has_result: bool
    is_this_boot: bool


def standing(facts: SpoolFacts) -> Standing:
    """Return the attempt's standing.

    A held lock counts before a missing ``started``: its supervisor is about to make it.
    A lock cannot be held since before the last boot, whatever a file system says. A result
    was written completely or not at all, so it counts after a reboot too.
    """
    if facts.is_locked and (facts.is_this_boot or not facts.is_started):
        return Standing.RUNNING
    if not facts.is_started:
        return Standing.NOT_RUN
    if facts.has_result:
        return Standing.ENDED
    return Standing.LOST


def look(spool: Spool) -> SpoolFacts:
    """Look at the spool.

    The lock is asked first: a supervisor that ends between the looks has then written its
    result already, so an attempt that ended well is never called lost.
    """
    locked = is_locked(spool)
    started = spool[STARTED].exists()
    same_boot = started and _boot_of(spool) == boot_id()
    return SpoolFacts(
        is_started=started,
        is_locked=locked,
        has_result=spool[RESULT].exists(),
        is_this_boot=same_boot,
    )


def _boot_of(spool: Spool) -> str:
    try:
        return str(json.loads(spool[STARTED].read_text())["boot_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
