"""Builds what a forecast is asked with out of networks, and shows what it says."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from jobnet.calendars import compile_calendar
from jobnet.definition import Bundle, Network, Queue
from jobnet.engine import Limits, NetworkRule
from jobnet.ids import NetworkName
from jobnet.services.forecast.asked import Defined, PlannedStart, Situation
from jobnet.services.forecast.expected_times import ExpectedTimes

DAY = date(2026, 5, 29)
NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)


def start(name: str, minutes: float = 0, **more: Any) -> PlannedStart:  # noqa: ANN401
    """Return a start so many minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    values: dict[str, Any] = {
        "key": f"night|{name}|{DAY}|{at:%H:%M}",
        "network": NetworkName(name),
        "start": at,
        "operating_day": DAY,
        "zone": "UTC",
        **more,
    }
    return PlannedStart(**values)


def times(**minutes: float) -> ExpectedTimes:
    """Return how long parts last: ``load__copy=5`` is the part ``copy`` of ``load``."""
    given = {}
    for name, each in minutes.items():
        network, _, part = name.partition("__")
        given[NetworkName(network), part] = timedelta(minutes=each)
    return ExpectedTimes(given=given)


def limits(networks: Iterable[Network], queues: Mapping[str, Queue] | None = None) -> Limits:
    """Return what definitions say there is."""
    rules = {each.name: NetworkRule(limit=each.limit, overlap=each.overlap) for each in networks}
    return Limits(queues=queues or {}, networks=rules)


def situation(
    bundles: Iterable[Bundle],
    starts: Iterable[PlannedStart],
    **more: Any,  # noqa: ANN401
) -> Situation:
    """Return a situation at noon in which nothing is open."""
    made = tuple(bundles)
    queues = {name: queue for bundle in made for name, queue in bundle.queues.items()}
    networks = {name: each for bundle in made for name, each in bundle.networks.items()}
    values: dict[str, Any] = {
        "now": NOON,
        "times": ExpectedTimes(),
        "limits": ((NOON, limits(networks.values(), queues)),),
        **more,
    }
    return Situation(
        starts=tuple(starts),
        networks={bundle.main: defined(bundle) for bundle in made},
        **values,
    )


def defined(bundle: Bundle) -> Defined:
    """Return a bundle with its calendars, ready to be run."""
    calendars = {
        name: compile_calendar(each, parents=bundle.calendars)
        for name, each in bundle.calendars.items()
    }
    return Defined(bundle=bundle, calendars=calendars)
