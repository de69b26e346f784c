"""Gathers what a forecast of files depends on, without a controller: schedules and durations.

Nothing is known of runs, settings or history, so every job lasts as long as it is given or assumed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Queue, walk
from jobnet.errors.forecast import WhatIfRefused
from jobnet.ids import NetworkName
from jobnet.ports.plain_values import from_json
from jobnet.ports.store.plan import PlanState
from jobnet.project import Reading, bundle
from jobnet.project.bundled_calendars import calendars_of
from jobnet.services.controller.document_texts import FileTexts
from jobnet.services.controller.forecasting.limits_ahead import limits_ahead, uncounted
from jobnet.services.controller.forecasting.starting import Starting
from jobnet.services.controller.limits import Defined
from jobnet.services.controller.plan.drawn import Drawn
from jobnet.services.controller.plan.schedules import ScheduleBook
from jobnet.services.controller.windows.book import WindowBook
from jobnet.services.forecast.asked import Situation
from jobnet.services.forecast.expected_times import ASSUMED, ExpectedTimes
from jobnet.services.forecast.forecasts import STARTS_MAX, Gathered


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """What files say. ``given`` are durations by network and part; all others are assumed."""

    texts: FileTexts
    clock: Callable[[], datetime]
    zone: str
    given: Mapping[tuple[NetworkName, str], timedelta] = field(default_factory=dict)
    assumed: timedelta = ASSUMED

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock()

    def gather(self, first: datetime, last: datetime) -> Gathered:
        """Return what there is from now on to before an instant; raises ``WhatIfRefused``."""
        starting = Starting(self._definition, self.zone)
        is_cut = self._plan(starting, first, last)
        self._check_given(starting)
        sheet = WindowBook(self.texts, zone=self.zone).between(first, last, {})
        for name, problem in sheet.problems.items():
            starting.tell(f"window {name}: {problem}")
        for problem in uncounted(sheet.spans):
            starting.tell(problem)
        networks = {
            name: network
            for each in starting.networks.values()
            for name, network in each.bundle.networks.items()
        }
        defined = Defined(queues=self.texts.look(_queues), networks=networks)
        situation = Situation(
            now=first,
            starts=tuple(starting.starts.values()),
            networks=starting.networks,
            times=ExpectedTimes(given=self.given, assumed=self.assumed),
            limits=limits_ahead(defined, {}, sheet.spans, now=first, last=last, jobs_max=None),
        )
        return Gathered(
            situation=situation,
            added=starting.added,
            problems=tuple(starting.problems),
            is_cut=is_cut,
        )

    def _definition(self, network: NetworkName) -> tuple[Bundle, Mapping[str, Calendar]]:
        made = self.texts.look(lambda reading: bundle(reading, network))
        return made, calendars_of(made)

    def _plan(self, starting: Starting, first: datetime, last: datetime) -> bool:
        """Take the starts of all schedules in; return whether there are more than are taken."""
        _, sources = ScheduleBook(self.texts, zone=self.zone).current()
        drawn, silent = sources.between(first, last)
        for name, problem in sorted({**sources.problems, **silent}.items()):
            starting.tell(f"{name}: {problem}")
        starts = [each for each in drawn if each.state is PlanState.FIXED]
        for each in starts[:STARTS_MAX]:
            _take(starting, each)
        return len(starts) > STARTS_MAX

    def _check_given(self, starting: Starting) -> None:
        """Refuse a duration of a part that no network has."""
        known = {
            (name, str(part.id))
            for each in starting.networks.values()
            for name, network in each.bundle.networks.items()
            for part in walk(network.flow)
        }
        for network, part in self.given:
            if (network, part) not in known:
                problem = "names no part of a network that starts in this time"
                raise WhatIfRefused(f"{network}/{part}", problem=problem)


def _take(starting: Starting, start: Drawn) -> None:
    params = from_json(json.loads(start.params))
    assert isinstance(params, dict), "params are a mapping"
    starting.take(
        start.key,
        network=NetworkName(start.key.network),
        start=start.start,
        zone=start.occurrence.zone,
        params=params,
        repeat_after=start.occurrence.repeat_after,
        repeat_until=start.occurrence.repeat_until,
    )


def _queues(reading: Reading) -> Mapping[str, Queue]:
    found = reading.shelf.every("queue")
    return {one.qualified_name: one.value for one in found if isinstance(one.value, Queue)}
