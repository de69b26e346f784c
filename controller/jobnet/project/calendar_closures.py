"""Finds a calendar and those that it is made of, each under its qualified name.

A calendar that is missing somewhere in the chain makes the whole of no use: nobody could say which
days are open.
"""

from dataclasses import dataclass, field
from functools import partial

from jobnet.calendars import CalendarDefinition, renamed
from jobnet.project.folders import qualified
from jobnet.project.problems import Problem
from jobnet.project.shelf import Shelf
from jobnet.project.suggestions import shown, suggest


@dataclass(slots=True)
class CalendarClosure:
    """The calendars that were found so far, by qualified name.

    ``missing`` says what was not found, with a hint; ``problems`` are those of their texts.
    """

    shelf: Shelf
    calendars: dict[str, CalendarDefinition] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, name: str, folder: str) -> str:
        """Return the qualified name of a calendar, and keep it with those that it is made of.

        One that is not there keeps the name that was written.
        """
        waiting: list[CalendarDefinition] = []
        key = self._key(folder, waiting, name)
        while waiting:
            calendar = waiting.pop()
            rename = partial(self._key, calendar.folder, waiting)
            self.calendars[qualified(calendar.folder, calendar.name)] = renamed(calendar, rename)
        return key

    def _key(self, folder: str, waiting: list[CalendarDefinition], name: str) -> str:
        found = self.shelf.find("calendar", name, folder)
        self.problems.extend(found.problems if found is not None else ())
        if found is None or not isinstance(found.value, CalendarDefinition):
            self.missing.append(self._told(name, folder, is_there=found is not None))
            return name if found is None else found.qualified_name
        key = qualified(found.value.folder, found.value.name)
        if key not in self.calendars:
            self.calendars[key] = found.value  # its place, so that a circle ends
            waiting.append(found.value)
        return key

    def _told(self, name: str, folder: str, *, is_there: bool) -> tuple[str, str]:
        if is_there:
            return f"The calendar `{shown(name)}` has errors", "Mend it first"
        known = self.shelf.names("calendar", folder)
        hint = suggest(name, known, otherwise="Add a document with kind: calendar")
        return f"No calendar is called `{shown(name)}`", hint
