"""Names what is refused of the plan: starts that are not there or that nobody can change."""

from datetime import datetime, timedelta
from typing import ClassVar

from jobnet.errors import ControllerError


def _named(key: object) -> str:
    return repr(str(key)[:200])


class StartNotPlanned(ControllerError):
    """A start was named that the plan does not have."""

    code: ClassVar[str] = "start_not_planned"

    def __init__(self, key: object) -> None:
        self.key = key
        super().__init__(
            f"The plan has no start {_named(key)}; `jobnet plan show` lists those there are."
        )


class StartSettled(ControllerError):
    """A start was to be changed of which something has become already."""

    code: ClassVar[str] = "start_settled"

    def __init__(self, key: object, *, state: str, wanted: str, run: str = "") -> None:
        self.key, self.state, self.wanted, self.run = key, state, wanted, run
        what = f"is {state}"
        help_ = "`jobnet plan start` starts it now."
        if run:
            what, help_ = f"has started as run {run!r}", f"`jobnet why {run}` tells about it."
        super().__init__(f"The start {_named(key)} {what}, so you cannot {wanted} it; {help_}")


class StartUnchanged(ControllerError):
    """A change was asked for that changes nothing."""

    code: ClassVar[str] = "start_unchanged"

    def __init__(self, key: object, *, how: str) -> None:
        self.key, self.how = key, how
        super().__init__(f"The start {_named(key)} {how} already; nothing was changed.")


class InstantPassed(ControllerError):
    """A start was to be put where its time has passed already."""

    code: ClassVar[str] = "instant_passed"

    def __init__(self, what: str, *, to: datetime, now: datetime) -> None:
        self.what, self.to, self.now = what, to, now
        super().__init__(
            f"{what[:200]} cannot start at {to.isoformat()}: it is {now.isoformat()};"
            " give a later time, or start it now."
        )


class InstantTooFar(ControllerError):
    """A start was to be put further ahead than the plan goes."""

    code: ClassVar[str] = "instant_too_far"

    def __init__(self, what: str, *, to: datetime, span_max: timedelta) -> None:
        self.what, self.to, self.span_max = what, to, span_max
        super().__init__(
            f"{what[:200]} cannot start at {to.isoformat()}: the plan goes {span_max.days} days"
            " ahead; give an earlier time, or write a schedule."
        )


class ChangeNotFound(ControllerError):
    """A change on the day was named that is not there."""

    code: ClassVar[str] = "plan_change_not_found"

    def __init__(self, change: str) -> None:
        self.change = change
        super().__init__(
            f"There is no change {change[:80]!r} on the plan; `jobnet plan show` lists them"
            " with the starts that they change."
        )


class PlanFull(ControllerError):
    """The plan has as many changes on the day as it takes."""

    code: ClassVar[str] = "plan_full"

    def __init__(self, *, count_max: int) -> None:
        self.count_max = count_max
        super().__init__(
            f"The plan has {count_max:,} changes on the day, and takes no more;"
            " take some back, or change the schedules."
        )


class PlanSpanRefused(ControllerError):
    """The plan was asked for with an end before its beginning, or too far away."""

    code: ClassVar[str] = "plan_span_refused"

    def __init__(self, first: datetime, last: datetime, *, span_max: timedelta) -> None:
        self.first, self.last, self.span_max = first, last, span_max
        super().__init__(
            f"From {first.isoformat()} to {last.isoformat()} is no span of the plan:"
            f" name an end after the beginning, at most {span_max.days} days later."
        )


class PlanCursorRefused(ControllerError):
    """A page of the plan was asked for with a cursor that no page has given."""

    code: ClassVar[str] = "plan_cursor_refused"

    def __init__(self, cursor: str) -> None:
        self.cursor = cursor
        super().__init__(
            f"{cursor[:80]!r} is no place in the plan; ask without it for the first page."
        )


class ScheduleSilent(ControllerError):
    """A schedule was asked for a start and cannot work out any."""

    code: ClassVar[str] = "schedule_silent"

    def __init__(self, schedule: str, *, problem: str) -> None:
        self.schedule, self.problem = schedule, problem
        super().__init__(
            f"Schedule {schedule[:80]!r} gives no starts: {problem[:400]}"
            " Mend it and apply it again."
        )
