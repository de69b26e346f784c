"""Names what can be wrong with cron texts and RRULE texts."""

from typing import ClassVar

from jobnet.errors import ControllerError

_QUOTED_MAX = 60


def _quoted(text: str) -> str:
    """Return the text in quotes, cut where it would fill a screen."""
    return repr(text if len(text) <= _QUOTED_MAX else text[:_QUOTED_MAX] + "...")


class CronRefused(ControllerError):
    """A cron text that is not understood, or that would never start anything."""

    code: ClassVar[str] = "cron_refused"

    def __init__(self, text: str, problem: str) -> None:
        self.text = text
        self.problem = problem or 'it is empty; write five fields, such as "30 22 * * 1-5".'
        super().__init__(f"Cron text {_quoted(text)}: {self.problem}")


class RecurrenceRefused(ControllerError):
    """An RRULE text that is not understood, is no wall time, or would never start anything."""

    code: ClassVar[str] = "recurrence_refused"

    def __init__(self, text: str, problem: str) -> None:
        self.text = text
        self.problem = problem
        super().__init__(f"RRULE text {_quoted(text)}: {problem}")
