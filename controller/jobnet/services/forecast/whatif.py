"""Compares two forecasts: which runs end otherwise, and which deadlines are missed or kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobnet.ids import NetworkName
from jobnet.services.forecast.expected_times import Rate
from jobnet.services.forecast.forecast import Forecast, ForecastRun
from jobnet.services.forecast.passing import Predicted
from jobnet.services.forecast.risks import Risk

_Deadline = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a run begins and ends at P50; None: never, as far as anybody can tell."""

    began: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDifference:
    """A run that goes otherwise. ``before`` or ``after`` None: it is not there.

    ``newly_missed`` are deadlines missed that were kept, or that are missed at P50 and were at
    risk only; ``newly_kept`` the other way round.
    """

    key: str
    name: str
    network: NetworkName
    before: Times | None
    after: Times | None
    newly_missed: tuple[Risk, ...]
    newly_kept: tuple[Risk, ...]

    @property
    def later(self) -> timedelta | None:
        """Return how much later it ends, negative where earlier; None where that has no answer."""
        if self.before is None or self.after is None:
            return None
        if self.before.ended is None or self.after.ended is None:
            return None
        return self.after.ended - self.before.ended

    @property
    def never_ends_now(self) -> bool:
        """Return whether it ended before and would not end any more."""
        had_end = self.before is not None and self.before.ended is not None
        return had_end and self.after is not None and self.after.ended is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs between two forecasts; ``unchanged`` is how many runs do not.

    ``over_before`` and ``over_after`` are when the last run ends. ``is_cut``: one of both
    forecasts is not the whole truth.
    """

    differences: tuple[RunDifference, ...]
    unchanged: int
    over_before: datetime | None
    over_after: datetime | None
    is_cut: bool

    @property
    def later_total(self) -> timedelta:
        """Return how much later all runs end together."""
        known = (each.later for each in self.differences)
        return sum((each for each in known if each is not None), timedelta(0))

    @property
    def missed_count(self) -> int:
        """Return how many deadlines are newly missed."""
        return sum(len(each.newly_missed) for each in self.differences)

    @property
    def kept_count(self) -> int:
        """Return how many deadlines are newly kept."""
        return sum(len(each.newly_kept) for each in self.differences)


def compare(before: Forecast, after: Forecast) -> Comparison:
    """Return how the second forecast differs from the first; runs that change most come first."""
    old = {run.key: run for run in before.runs}
    new = {run.key: run for run in after.runs}
    differences = sorted(
        _differences(old, new),
        key=lambda each: (not each.newly_missed, -_size(each), each.key),
    )
    return Comparison(
        differences=tuple(differences),
        unchanged=len(old.keys() | new.keys()) - len(differences),
        over_before=_over(before),
        over_after=_over(after),
        is_cut=before.is_cut or after.is_cut,
    )


def _differences(
    old: Mapping[str, ForecastRun], new: Mapping[str, ForecastRun]
) -> Iterator[RunDifference]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        either = before or after
        assert either is not None, "it is in one of both"
        at_risk, at_risk_now = _risks(before), _risks(after)
        difference = RunDifference(
            key=key,
            name=either.name,
            network=either.network,
            before=_times(before),
            after=_times(after),
            newly_missed=_worse_than(at_risk, at_risk_now),
            newly_kept=() if after is None else _worse_than(at_risk_now, at_risk),
        )
        has_risk = difference.newly_missed or difference.newly_kept
        if has_risk or difference.before != difference.after:
            yield difference


def _risks(run: ForecastRun | None) -> Mapping[_Deadline, Risk]:
    if run is None:
        return {}
    return {(run.key, risk.part, risk.kind.value): risk for risk in run.risks}


def _worse_than(
    others: Mapping[_Deadline, Risk], risks: Mapping[_Deadline, Risk]
) -> tuple[Risk, ...]:
    """Return the deadlines that the others keep, or miss at P90 only and these at P50."""
    return tuple(
        risk
        for due, risk in risks.items()
        if due not in others or (risk.rate, others[due].rate) == (Rate.P50, Rate.P90)
    )


def _times(run: ForecastRun | None) -> Times | None:
    usual: Predicted | None = None if run is None else run.usual
    return None if usual is None else Times(began=usual.began, ended=usual.ended)


def _size(one: RunDifference) -> float:
    if one.later is None:
        return float("inf")
    return abs(one.later.total_seconds())


def _over(found: Forecast) -> datetime | None:
    ends = (run.usual.ended for run in found.runs if run.usual is not None)
    return max((end for end in ends if end is not None), default=None)
