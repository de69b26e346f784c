"""Says when a network starts next by the plan, and why its schedules start nothing today."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from jobnet.calendars import operating_day_of
from jobnet.errors import ControllerError
from jobnet.ids import NetworkName
from jobnet.services.controller.plan.entries import PlanEntry, PlanPage, PlanWish
from jobnet.services.controller.plan.schedules import ScheduleBook, Source

AHEAD: Final = timedelta(hours=48)
STARTS_SHOWN: Final = 3
SCHEDULES_MAX: Final = 20
STEPS_SHOWN: Final = 3


class Plans(Protocol):
    """What an outlook needs of the plan."""

    def show(self, wish: PlanWish) -> PlanPage:
        """Return a page of the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookView:
    """The next starts of a network; ``silent`` says why schedules start nothing today."""

    starts: tuple[PlanEntry, ...]
    silent: tuple[str, ...]


class Outlook:
    """What is to come for networks."""

    def __init__(self, plans: Plans, book: ScheduleBook, *, now: Callable[[], datetime]) -> None:
        self._plans, self._book, self._now = plans, book, now

    def of(self, network: NetworkName) -> OutlookView:
        """Return what is to come for a network within two days."""
        now = self._now()
        wish = PlanWish(first=now, last=now + AHEAD, network=network, limit=STARTS_SHOWN)
        sources = [one for one in self._book.current()[1].every if network in one.networks]
        said = [self._silence(one, network, now) for one in sources[:SCHEDULES_MAX]]
        return OutlookView(
            starts=self._plans.show(wish).entries, silent=tuple(one for one in said if one)
        )

    def _silence(self, source: Source, network: NetworkName, now: datetime) -> str:
        """Return why a schedule starts nothing today, "" where it does."""
        compiled = source.compiled
        base_time = compiled.calendar.base_time
        day = operating_day_of(now, zone=compiled.zones[network], base_time=base_time)
        try:
            steps = list(_steps(source, day))
        except ControllerError as error:
            steps = [str(error)]
        if not steps:
            return ""
        more = "; ..." if len(steps) > STEPS_SHOWN else ""
        return f"{source.name} starts nothing on {day}: {'; '.join(steps[:STEPS_SHOWN])}{more}"


def _steps(source: Source, day: date) -> Iterator[str]:
    explained = source.compiled.explain(day)
    if not explained.matches:
        yield from explained.steps
        for rule in explained.rules:
            yield from rule.steps
            yield from (step for one in rule.occurrences for step in one.steps[-1:])
