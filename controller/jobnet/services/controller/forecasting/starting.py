"""Makes the starts of a forecast complete: the definition of their network, zone and params.

What cannot be started is told as a problem and left out: a forecast of the rest is worth more than
none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from jobnet.calendars import Calendar
from jobnet.definition import Bundle
from jobnet.errors import ControllerError
from jobnet.errors.forecast import WhatIfRefused
from jobnet.ids import NetworkName
from jobnet.project import convert_params
from jobnet.schedules import OccurrenceKey
from jobnet.services.forecast.asked import Defined, PlannedStart
from jobnet.services.forecast.changes import Add
from jobnet.services.start_time import read_beginning

PROBLEMS_MAX: Final = 100
ADDED: Final = "added"

Definition = Callable[[NetworkName], tuple[Bundle, Mapping[str, Calendar]]]


@dataclass(slots=True)
class Starting:
    """The networks and starts that were taken so far, and what could not be."""

    definition: Definition
    zone: str
    networks: dict[NetworkName, Defined] = field(default_factory=dict)
    starts: dict[str, PlannedStart] = field(default_factory=dict)
    problems: dict[str, None] = field(default_factory=dict)
    _broken: set[NetworkName] = field(default_factory=set)
    _added: int = 0

    def take(
        self,
        key: OccurrenceKey | str,
        *,
        network: NetworkName,
        start: datetime,
        zone: str,
        params: Mapping[str, object],
        day: OccurrenceKey | None = None,
        repeat_after: timedelta | None = None,
        repeat_until: datetime | None = None,
    ) -> None:
        """Take a start of the plan in, or say why it cannot be."""
        known = key if isinstance(key, OccurrenceKey) else day
        assert known is not None, "an operating day belongs to every start"
        defined = self.define(network)
        if defined is None:
            return
        try:
            complete = convert_params(defined.bundle.network, params)
        except ControllerError as error:
            self.tell(f"{key}: {error}")
            return
        self.starts[str(key)] = PlannedStart(
            key=str(key),
            network=network,
            start=start,
            operating_day=known.operating_day,
            zone=zone,
            params=complete,
            repeat_after=repeat_after,
            repeat_until=repeat_until,
        )

    def define(self, network: NetworkName) -> Defined | None:
        """Return a network, or None where it is none or has errors."""
        if network in self.networks:
            return self.networks[network]
        if network in self._broken:
            return None
        try:
            bundle, calendars = self.definition(network)
        except ControllerError as error:
            self._broken.add(network)
            self.tell(f"{network}: {error}")
            return None
        self.networks[network] = Defined(bundle=bundle, calendars=calendars)
        return self.networks[network]

    def tell(self, problem: str) -> None:
        """Note what could not be taken in; each is told once, and not endlessly many."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.setdefault(problem)

    def added(self, change: Add) -> PlannedStart:
        """Return a start that a what-if adds; raises ``WhatIfRefused``."""
        defined = self.define(change.network)
        if defined is None:
            raise WhatIfRefused(change.network, problem="is no network that can be started")
        network = defined.bundle.network
        calendar = defined.calendars.get(network.calendar or "")
        beginning = read_beginning(network, calendar, at=None, day=None, zone=self.zone)
        try:
            params = convert_params(network, change.params)
        except ControllerError as error:
            raise WhatIfRefused(change.network, problem=f"takes other params: {error}") from error
        self._added += 1
        return PlannedStart(
            key=f"{ADDED}|{change.network}|{self._added}",
            network=change.network,
            start=change.start,
            operating_day=change.operating_day or beginning.operating_day(change.start),
            zone=str(beginning.zone),
            params=params,
        )
