"""Names what can be wrong with a schedule once its days, times and zones are put together."""

from typing import ClassVar

from jobnet.errors import ControllerError


class ScheduleRefused(ControllerError):
    """One field of a schedule that contradicts itself, or names what is not there."""

    code: ClassVar[str] = "schedule_refused"

    def __init__(self, schedule: str, *, field: str, problem: str) -> None:
        self.schedule = schedule
        self.field = field
        self.problem = problem
        super().__init__(f"Schedule {schedule!r}, {field}: {problem}")
