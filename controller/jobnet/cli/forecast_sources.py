"""Answers forecasts and what-ifs: from a controller, or from files without any.

Both give the same documents, so that what is printed does not depend on who was asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from jobnet.calendars import parse_duration
from jobnet.cli.calling import calling, own_settings
from jobnet.cli.file_sources import texts_of
from jobnet.cli.instants import read
from jobnet.client import Client
from jobnet.errors.calendars import DurationRefused
from jobnet.errors.client import CommandUsage
from jobnet.ids import NetworkName
from jobnet.machine import MachineClock
from jobnet.services.controller.forecasting.in_files import FileSource
from jobnet.services.forecast.forecasts import Forecasts, ForecastWish
from jobnet.wire.forecast import GivenChange, change_of, comparison_of, forecast_of, path_of

Document = Mapping[str, Any]
Span = tuple[datetime | None, datetime | None]


class ForecastSource(Protocol):
    """Who is asked; every answer is a document as REST gives it."""

    def now(self) -> datetime:
        """Return the instant that counts."""

    def forecast(self, span: Span, network: str) -> Document:
        """Return the forecast of a span."""

    def path(self, span: Span, run: str, *, is_slow: bool) -> Document:
        """Return what decides the end of a run."""

    def whatif(self, span: Span, network: str, changes: Sequence[Document]) -> Document:
        """Return how the forecast would differ."""


@contextmanager
def forecast_source(project: str | None, durations: Sequence[str]) -> Iterator[ForecastSource]:
    """Yield the controller, or the files below a path where one is given."""
    if project is not None:
        yield files_below(project, durations)
        return
    if durations:
        problem = (
            "--duration is for files; a controller has its history, so give --project PATH too"
        )
        raise CommandUsage(problem, command="jobnet forecast")
    with calling() as client:
        yield AtController(client)


@dataclass(frozen=True, slots=True)
class AtController:
    """Asks a controller."""

    client: Client

    def now(self) -> datetime:
        """Return the instant by the controller's clock."""
        found = read(self.client.get("/whoami")["now"])
        assert found is not None, "every answer has its instant"
        return found

    def forecast(self, span: Span, network: str) -> Document:
        """Return the forecast of a span."""
        found: Document = self.client.get("/forecast", **_texts(span), network=network)
        return found

    def path(self, span: Span, run: str, *, is_slow: bool) -> Document:
        """Return what decides the end of a run."""
        slow = "true" if is_slow else "false"
        found: Document = self.client.get("/forecast/path", **_texts(span), run=run, slow=slow)
        return found

    def whatif(self, span: Span, network: str, changes: Sequence[Document]) -> Document:
        """Return how the forecast would differ."""
        body = {**_texts(span), "network": network, "changes": list(changes)}
        found: Document = self.client.act("POST", "/whatif", body)
        return found


@dataclass(frozen=True, slots=True)
class InFiles:
    """Reads files of this machine."""

    source: FileSource

    def now(self) -> datetime:
        """Return the instant by this machine's clock."""
        return self.source.now()

    def forecast(self, span: Span, network: str) -> Document:
        """Return the forecast of a span."""
        told = Forecasts(self.source).show(_wish(span, network))
        return forecast_of(told).model_dump(mode="json")

    def path(self, span: Span, run: str, *, is_slow: bool) -> Document:
        """Return what decides the end of a run."""
        found = Forecasts(self.source).path(_wish(span, ""), run, is_slow=is_slow)
        return path_of(found).model_dump(mode="json")

    def whatif(self, span: Span, network: str, changes: Sequence[Document]) -> Document:
        """Return how the forecast would differ."""
        try:
            given = TypeAdapter(list[GivenChange]).validate_python(list(changes))
        except ValidationError as error:
            first = error.errors()[0]
            raise CommandUsage(str(first["msg"]), command="jobnet whatif") from error
        wish = _wish(span, network)
        found = Forecasts(self.source).whatif(wish, [change_of(each) for each in given])
        return comparison_of(found).model_dump(mode="json")


def files_below(project: str, durations: Sequence[str]) -> InFiles:
    """Return a source that reads a file or folder, with durations as ``NETWORK:PART=10m``."""
    given = dict(_given_duration(text) for text in durations)
    clock, zone = MachineClock(None).now, own_settings().zone
    return InFiles(FileSource(texts=texts_of(project), clock=clock, zone=zone, given=given))


def _given_duration(text: str) -> tuple[tuple[NetworkName, str], timedelta]:
    name, _, duration = text.rpartition("=")
    network, _, part = name.partition(":")
    try:
        lasts = parse_duration(duration)
    except DurationRefused as error:
        raise _unclear(text) from error
    if not network or not part:
        raise _unclear(text)
    return (NetworkName(network), part), lasts


def _unclear(text: str) -> CommandUsage:
    problem = f"--duration {text[:80]!r} says too little; write it as NETWORK:PART=10m"
    return CommandUsage(problem, command="jobnet forecast")


def _wish(span: Span, network: str) -> ForecastWish:
    first, last = span
    return ForecastWish(first=first, last=last, network=NetworkName(network) if network else None)


def _texts(span: Span) -> dict[str, str]:
    first, last = span
    named = {"first": first, "last": last}
    return {name: each.isoformat() for name, each in named.items() if each is not None}
