"""Decides whether the clock of a run may jump to its next timer (``--fast-forward``).

Pure waits jump, everything real takes its real time. An event, a network's end or a part's
end can only come from a part of this very process: that part either does something real, and
then nothing jumps, or it waits for a time itself, and then the earliest jump is its. So such
waits never hold the clock. A file may be changed by anybody: a file wait gets real looks
for a real while before the clock may pass it, and one that settles is always waited for.
"""

from dataclasses import dataclass

LOOKS_MIN = 3
LOOKING_SECONDS_MIN = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RealWork:
    """What is open in the real world while a run waits for its next timer."""

    jobs: int = 0
    messages: int = 0
    questions: int = 0
    has_fresh_file_wait: bool = False
    is_looking: bool = False
    is_settling: bool = False


def holds_clock(work: RealWork) -> bool:
    """Return whether the clock has to keep step with the real one."""
    return bool(
        work.jobs
        or work.messages
        or work.questions
        or work.has_fresh_file_wait
        or work.is_looking
        or work.is_settling
    )
