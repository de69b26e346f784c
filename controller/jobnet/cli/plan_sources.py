"""Answers about calendars and schedules: from a controller, or from files without any.

Both give the same documents, so that what is printed does not depend on who was asked.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from pydantic import BaseModel

from jobnet.cli.calling import calling, own_settings
from jobnet.client import Client
from jobnet.errors.execution import PathNotFound
from jobnet.machine import MachineClock
from jobnet.project import read_project
from jobnet.services.controller.calendars import Calendars
from jobnet.services.controller.document_texts import FileTexts
from jobnet.wire import calendars as shapes

Document = Mapping[str, Any]
NO_ADDRESS: Final = ""


class Source(Protocol):
    """Who is asked; every answer is a document as REST gives it."""

    def calendars(self) -> Document:
        """Return all calendars."""

    def calendar(self, name: str) -> Document:
        """Return one calendar."""

    def days(self, name: str, first: date | None, last: date | None) -> Document:
        """Return days of a calendar; from today for a month, where nothing is told."""

    def day(self, name: str, day: date) -> Document:
        """Return why a day is open or closed."""


@contextmanager
def source(project: str | None) -> Iterator[Source]:
    """Yield the controller, or the files below a path where one is given."""
    if project is not None:
        yield in_files(project)
        return
    with calling() as client:
        yield AtController(client)


@dataclass(frozen=True, slots=True)
class AtController:
    """Asks a controller."""

    client: Client

    def calendars(self) -> Document:
        """Return all calendars."""
        return self._get("/calendars")

    def calendar(self, name: str) -> Document:
        """Return one calendar."""
        return self._get(f"/calendars/{_address(name)}")

    def days(self, name: str, first: date | None, last: date | None) -> Document:
        """Return days of a calendar."""
        return self._get(f"/calendars/{_address(name)}/days", first=_text(first), last=_text(last))

    def day(self, name: str, day: date) -> Document:
        """Return why a day is open or closed."""
        return self._get(f"/calendars/{_address(name)}/explain", day=_text(day))

    def _get(self, path: str, **query: object) -> Document:
        found: Document = self.client.get(path, **query)
        return found


@dataclass(frozen=True, slots=True)
class InFiles:
    """Reads files of this machine."""

    kept: Calendars

    def calendars(self) -> Document:
        """Return all calendars."""
        found = [shapes.calendar_of(one, root=NO_ADDRESS) for one in self.kept.listed()]
        return _document(shapes.Calendars(items=found))

    def calendar(self, name: str) -> Document:
        """Return one calendar."""
        return _document(shapes.calendar_of(self.kept.show(name), root=NO_ADDRESS))

    def days(self, name: str, first: date | None, last: date | None) -> Document:
        """Return days of a calendar."""
        return _document(shapes.Days.model_validate(self.kept.days(name, first, last)))

    def day(self, name: str, day: date) -> Document:
        """Return why a day is open or closed."""
        return _document(shapes.ExplainedDay.model_validate(self.kept.explain(name, day)))


def in_files(project: str) -> InFiles:
    """Return a source that reads a file or folder."""
    if not Path(project).exists():
        raise PathNotFound(kind="file or folder", path=project)
    texts = FileTexts(reading=read_project([project]), path=project)
    clock, zone = MachineClock(None), own_settings().zone
    return InFiles(Calendars(texts, now=clock.now, zone=zone))


def _document(answer: BaseModel) -> Document:
    return answer.model_dump(mode="json")


def _address(name: str) -> str:
    return quote(name, safe="")


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
