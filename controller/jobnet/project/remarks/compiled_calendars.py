"""Compiles each calendar of a project once, however many documents are looked at by it."""

from collections.abc import Mapping

from jobnet.calendars import EVERY_DAY_OPEN, Calendar, CalendarDefinition, compile_calendar


class CompiledCalendars:
    """The calendars of one project by qualified name."""

    def __init__(self) -> None:
        """Begin with none."""
        self._compiled: dict[str, Calendar] = {}

    def of(self, name: str | None, closure: Mapping[str, CalendarDefinition]) -> Calendar:
        """Return a calendar of a closure; no name means that every day is open.

        What is wrong with its definition is raised as the ``ControllerError`` that it is.
        """
        if name is None:
            return EVERY_DAY_OPEN
        if name not in self._compiled:
            self._compiled[name] = compile_calendar(closure[name], parents=closure)
        return self._compiled[name]
