"""Names what the exit status of a `jobnet` command means; documented in reference/cli.md."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit status of every command."""

    NORMAL = 0
    REFUSED = 1
    USAGE = 2
    WARNING = 3
    ABNORMAL = 4
    LOST = 5
    CANCELLED = 6
    PLAN_CHANGES = 7
    BUG = 70


_OF_STATE = {
    "normal": ExitCode.NORMAL,
    "skipped": ExitCode.NORMAL,
    "bypassed": ExitCode.NORMAL,
    "warning": ExitCode.WARNING,
    "lost": ExitCode.LOST,
    "cancelled": ExitCode.CANCELLED,
    "not_run": ExitCode.CANCELLED,
}


def exit_code_of(state: str, *, has_lost_part: bool) -> ExitCode:
    """Return the status for the end of a run; one that a LOST part spoilt says so."""
    code = _OF_STATE.get(state, ExitCode.ABNORMAL)
    return ExitCode.LOST if code is ExitCode.ABNORMAL and has_lost_part else code
