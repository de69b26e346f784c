"""Answers forecasts and what-ifs, whoever knows the plan: a controller, or files without one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from jobnet.errors.forecast import ForecastSpanRefused, NotForecast
from jobnet.ids import NetworkName
from jobnet.services.forecast.asked import Situation
from jobnet.services.forecast.changes import AddedStart, Change, changed
from jobnet.services.forecast.critical import CriticalPath, critical_path
from jobnet.services.forecast.forecast import Forecast, forecast
from jobnet.services.forecast.house import INPUTS_MAX
from jobnet.services.forecast.whatif import Comparison, compare

SPAN = timedelta(hours=24)
"""So far a forecast goes where nobody says more."""
SPAN_MAX = timedelta(days=400)
STARTS_MAX = 50_000
"""So many starts are forecast; of a plan with more, the first."""
CHANGES_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastWish:
    """What somebody wants to know: runs planned from ``first`` (None: now) to before ``last``.

    All runs of the span are played, whatever is shown: they share what there is.
    """

    first: datetime | None = None
    last: datetime | None = None
    network: NetworkName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a forecast is made from; ``problems`` say what could not be taken into it.

    ``added`` completes a start that a what-if adds; ``is_cut``: there are more starts than these.
    """

    situation: Situation
    added: AddedStart
    problems: tuple[str, ...] = ()
    is_cut: bool = False


class Source(Protocol):
    """Who knows the plan and everything else that a forecast depends on."""

    def now(self) -> datetime:
        """Return the present instant."""

    def gather(self, first: datetime, last: datetime) -> Gathered:
        """Return what there is from now (``first``) to before an instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A forecast with what is wrong with it; ``is_cut``: it is not the whole truth."""

    forecast: Forecast
    first: datetime
    last: datetime
    problems: tuple[str, ...]
    is_cut: bool


class Forecasts:
    """Forecasts what a source knows; every method may be called from any thread."""

    def __init__(self, source: Source, *, inputs_max: int = INPUTS_MAX) -> None:
        self._source, self._inputs_max = source, inputs_max

    def show(self, wish: ForecastWish) -> Told:
        """Return the forecast; raises ``ForecastSpanRefused``."""
        first, last, gathered = self._gathered(wish)
        found = self._forecast(gathered.situation)
        return Told(
            forecast=replace(found, runs=_meant(found, wish, first)),
            first=first,
            last=last,
            problems=gathered.problems,
            is_cut=gathered.is_cut or found.is_cut,
        )

    def path(self, wish: ForecastWish, name: str, *, is_slow: bool = False) -> CriticalPath:
        """Return what decides the end of a run, by its name or its key in the plan.

        Raises ``NotForecast`` and ``ForecastSpanRefused``.
        """
        _, _, gathered = self._gathered(wish)
        found = critical_path(self._forecast(gathered.situation), name, is_slow=is_slow)
        if found is None:
            raise NotForecast(name)
        return found

    def whatif(self, wish: ForecastWish, changes: Sequence[Change]) -> Comparison:
        """Return how the forecast would differ; raises ``WhatIfRefused``.

        Only differences of the wish's network are told, if it names one.
        """
        if len(changes) > CHANGES_MAX:
            raise ForecastSpanRefused(f"a what-if takes {CHANGES_MAX} changes at most")
        first, _, gathered = self._gathered(wish)
        other = changed(gathered.situation, changes, gathered.added)
        before, after = (self._forecast(each) for each in (gathered.situation, other))
        found = compare(
            replace(before, runs=_meant(before, wish, first)),
            replace(after, runs=_meant(after, wish, first)),
        )
        return replace(found, is_cut=found.is_cut or gathered.is_cut)

    def _gathered(self, wish: ForecastWish) -> tuple[datetime, datetime, Gathered]:
        now = self._source.now()
        first = wish.first or now
        last = wish.last or max(first, now) + SPAN
        if not first < last:
            raise ForecastSpanRefused("it would end before it begins; give a later end")
        if last <= now:
            raise ForecastSpanRefused("it lies in the past; `jobnet run list` shows what ran then")
        if last - now > SPAN_MAX:
            raise ForecastSpanRefused(f"it goes {SPAN_MAX.days} days ahead at most")
        return first, last, self._source.gather(now, last)

    def _forecast(self, situation: Situation) -> Forecast:
        return forecast(situation, inputs_max=self._inputs_max)


def _meant(found: Forecast, wish: ForecastWish, first: datetime) -> tuple:  # type: ignore[type-arg]
    return tuple(
        run
        for run in found.runs
        if (wish.network is None or run.network == wish.network)
        and (wish.first is None or run.planned >= first)
    )
