"""Says how a run is expected to go: when its parts begin and end, and what they wait for.

Times count from the planned start of the run, so that runs of the same shape share one course.
"""

from dataclasses import dataclass
from datetime import timedelta

from jobnet.engine.states import State
from jobnet.ids import NetworkName, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A part of a run (``part`` "": the run itself) that let somebody go on by its end.

    ``run`` "" is the run of whoever says so.
    """

    run: str
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long something waited, for what; ``end`` None: to the end of all that is known.

    ``reason`` is a wait reason or queue reason, ``behind`` are those who held what it waited for
    when it began to, ``cause`` is who let it go on.
    """

    state: State
    reason: str
    detail: str
    start: timedelta
    end: timedelta | None
    behind: tuple[Cause, ...] = ()
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCourse:
    """How one part goes. ``after`` are the parts of the run whose end let its turn come.

    ``reason`` says what ended it if that was a deadline: ``end_by``, ``latest_start``, ``timeout``.
    """

    key: PartKey
    network: NetworkName
    is_job: bool
    state: State
    reason: str
    begun: timedelta
    started: timedelta | None
    ended: timedelta | None
    waits: tuple[Wait, ...] = ()
    after: tuple[PartKey, ...] = ()
    is_leaf: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a run goes; ``endless`` says what it waits for if it never ends.

    ``waits`` are those of the run itself, before it may begin. ``last`` are the parts whose end
    ended it; ``reason`` is the deadline that did, or "".
    """

    state: State
    reason: str = ""
    started: timedelta | None
    ended: timedelta | None
    parts: tuple[PartCourse, ...] = ()
    waits: tuple[Wait, ...] = ()
    last: tuple[PartKey, ...] = ()
    endless: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Return whether the run is expected to end."""
        return self.ended is not None
