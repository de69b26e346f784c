"""Names what the exit status of a `jobnet` command means; documented in reference/cli.md."""

from enum import IntEnum

from jobnet.engine.states import State


class ExitCode(IntEnum):
    """The exit status of every command."""

    NORMAL = 0
    REFUSED = 1
    USAGE = 2
    WARNING = 3
    ABNORMAL = 4
    LOST = 5
    CANCELLED = 6
    BUG = 70


_OF_STATE = {
    State.NORMAL: ExitCode.NORMAL,
    State.SKIPPED: ExitCode.NORMAL,
    State.BYPASSED: ExitCode.NORMAL,
    State.WARNING: ExitCode.WARNING,
    State.LOST: ExitCode.LOST,
    State.CANCELLED: ExitCode.CANCELLED,
    State.NOT_RUN: ExitCode.CANCELLED,
}


def exit_code_of(state: State, *, has_lost_part: bool) -> ExitCode:
    """Return the status for the end of a run; one that a LOST part spoilt says so."""
    code = _OF_STATE.get(state, ExitCode.ABNORMAL)
    return ExitCode.LOST if code is ExitCode.ABNORMAL and has_lost_part else code
