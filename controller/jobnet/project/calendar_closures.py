"""Finds a calendar and those that it is made of, each under its qualified name.

A calendar that is missing somewhere in the chain makes the whole of no use: nobody could say which
days are open.
"""

from dataclasses import dataclass, field

from jobnet.calendars import CalendarDefinition
from jobnet.calendars.definition import renamed
from jobnet.project.folders import qualified
from jobnet.project.shelf import Shelf
from jobnet.project.suggestions import shown, suggest


@dataclass(slots=True)
class CalendarClosure:
    """The calendars that were found so far, by qualified name; ``missing`` says what was not."""

    shelf: Shelf
    calendars: dict[str, CalendarDefinition] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)

    def take(self, name: str, folder: str) -> str:
        """Return the qualified name of a calendar, and keep it with those that it is made of.

        One that is not there keeps the name that was written.
        """
        found = self.shelf.find("calendar", name, folder)
        if found is None or not isinstance(found.value, CalendarDefinition):
            self.missing.append(self._told(name, folder, is_there=found is not None))
            return name if found is None else found.qualified_name
        key = qualified(found.value.folder, found.value.name)
        if key not in self.calendars:
            self.calendars[key] = found.value  # its place, so that a circle ends
            self.calendars[key] = self._resolved(found.value)
        return key

    def _resolved(self, calendar: CalendarDefinition) -> CalendarDefinition:
        return renamed(calendar, lambda name: self.take(name, calendar.folder))

    def _told(self, name: str, folder: str, *, is_there: bool) -> tuple[str, str]:
        if is_there:
            return f"The calendar `{shown(name)}` has errors", "Mend it first"
        known = self.shelf.names("calendar", folder)
        hint = suggest(name, known, otherwise="Add a document with kind: calendar")
        return f"No calendar is called `{shown(name)}`", hint
