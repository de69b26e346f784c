"""Answers about calendars and schedules from files of this machine, without a controller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from jobnet.cli.calling import own_settings
from jobnet.errors.execution import PathNotFound
from jobnet.machine import MachineClock
from jobnet.project import read_project
from jobnet.services.controller.calendars import Calendars
from jobnet.services.controller.document_texts import FileTexts
from jobnet.services.controller.plan.schedules import ScheduleBook
from jobnet.services.controller.schedules import Schedules
from jobnet.wire import calendars as shapes
from jobnet.wire.schedules import Schedules as ScheduleList
from jobnet.wire.schedules import explained_of, next_of, schedule_of

Document = Mapping[str, Any]
NO_ADDRESS: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InFiles:
    """Reads files of this machine."""

    kept_calendars: Calendars
    kept_schedules: Schedules

    def calendars(self) -> Document:
        """Return all calendars."""
        found = [shapes.calendar_of(one, root=NO_ADDRESS) for one in self.kept_calendars.listed()]
        return _document(shapes.Calendars(items=found))

    def calendar(self, name: str) -> Document:
        """Return one calendar."""
        return _document(shapes.calendar_of(self.kept_calendars.show(name), root=NO_ADDRESS))

    def days(self, name: str, first: date | None, last: date | None) -> Document:
        """Return days of a calendar."""
        return _document(shapes.Days.model_validate(self.kept_calendars.days(name, first, last)))

    def day(self, name: str, day: date) -> Document:
        """Return why a day is open or closed."""
        return _document(shapes.ExplainedDay.model_validate(self.kept_calendars.explain(name, day)))

    def check(self, name: str, sisters: Sequence[str], country: str | None) -> Document:
        """Return what is odd about a calendar."""
        found = self.kept_calendars.check(name, sisters=sisters, country=country)
        return _document(shapes.Check.model_validate(found))

    def ics(self, name: str, first: date | None, last: date | None, *, complete: bool) -> str:
        """Return days of a calendar as iCalendar text."""
        return self.kept_calendars.ics(name, first, last, is_complete=complete)

    def schedules(self) -> Document:
        """Return all schedules."""
        found = [schedule_of(one, root=NO_ADDRESS) for one in self.kept_schedules.listed()]
        return _document(ScheduleList(items=found))

    def schedule(self, name: str) -> Document:
        """Return one schedule."""
        return _document(schedule_of(self.kept_schedules.show(name), root=NO_ADDRESS))

    def next_starts(self, name: str, count: int, after: datetime | None) -> Document:
        """Return the next starts of a schedule."""
        return _document(next_of(self.kept_schedules.next(name, count=count, after=after)))

    def starts_of_day(self, name: str, day: date) -> Document:
        """Return why a schedule has starts on a day, or why it has none."""
        return _document(explained_of(self.kept_schedules.explain(name, day)))


def in_files(project: str) -> InFiles:
    """Return a source that reads a file or folder."""
    texts, now, zone = texts_of(project), MachineClock(None).now, own_settings().zone
    book = ScheduleBook(texts, zone=zone)
    return InFiles(
        kept_calendars=Calendars(texts, now=now, zone=zone),
        kept_schedules=Schedules(texts, book, now=now, zone=zone),
    )


def texts_of(project: str) -> FileTexts:
    """Return the texts of a file or folder."""
    if not Path(project).exists():
        raise PathNotFound(kind="file or folder", path=project)
    return FileTexts(reading=read_project([project]), path=project)


def _document(answer: BaseModel) -> Document:
    return answer.model_dump(mode="json")
