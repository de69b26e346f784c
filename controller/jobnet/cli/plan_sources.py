"""Answers about calendars and schedules: from a controller, or from files without any.

Both give the same documents, so that what is printed does not depend on who was asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import quote

from jobnet.cli.calling import calling
from jobnet.client import Client

Document = Mapping[str, Any]


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

    def check(self, name: str, sisters: Sequence[str], country: str | None) -> Document:
        """Return what is odd about a calendar."""

    def ics(self, name: str, first: date | None, last: date | None, *, complete: bool) -> str:
        """Return days of a calendar as iCalendar text."""

    def schedules(self) -> Document:
        """Return all schedules."""

    def schedule(self, name: str) -> Document:
        """Return one schedule."""

    def next_starts(self, name: str, count: int, after: datetime | None) -> Document:
        """Return the next starts of a schedule, from now on where no instant is told."""

    def starts_of_day(self, name: str, day: date) -> Document:
        """Return why a schedule has starts on a day, or why it has none."""


@contextmanager
def source(project: str | None) -> Iterator[Source]:
    """Yield the controller, or the files below a path where one is given."""
    if project is not None:
        from jobnet.cli.file_sources import in_files  # noqa: PLC0415 - start-up time

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

    def check(self, name: str, sisters: Sequence[str], country: str | None) -> Document:
        """Return what is odd about a calendar."""
        path = f"/calendars/{_address(name)}/check"
        return self._get(path, sister=list(sisters) or None, country=country)

    def ics(self, name: str, first: date | None, last: date | None, *, complete: bool) -> str:
        """Return days of a calendar as iCalendar text."""
        path = f"/calendars/{_address(name)}/ics"
        return self.client.text(path, first=_text(first), last=_text(last), complete=complete)

    def schedules(self) -> Document:
        """Return all schedules."""
        return self._get("/schedules")

    def schedule(self, name: str) -> Document:
        """Return one schedule."""
        return self._get(f"/schedules/{_address(name)}")

    def next_starts(self, name: str, count: int, after: datetime | None) -> Document:
        """Return the next starts of a schedule."""
        path = f"/schedules/{_address(name)}/next"
        return self._get(path, count=count, after=None if after is None else after.isoformat())

    def starts_of_day(self, name: str, day: date) -> Document:
        """Return why a schedule has starts on a day, or why it has none."""
        return self._get(f"/schedules/{_address(name)}/explain", day=_text(day))

    def _get(self, path: str, **query: object) -> Document:
        found: Document = self.client.get(path, **query)
        return found


def _address(name: str) -> str:
    return quote(name, safe="")


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
