"""Says how long a part is taken to last: as given, as the history has it, or as assumed.

A given duration counts for P50 and P90 alike. What waits for the world outside (a file, an event
that no run sends, a dialog) lasts only as long as somebody gives; nobody assumes that it comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from jobnet.ids import NetworkName
from jobnet.ports.store import Spread

ASSUMED = timedelta(seconds=60)
"""How long a unit job is taken to last of which nobody knows anything."""
SHORTEST_SHARE_LEFT = 0.1
"""What has lasted longer than expected is taken to last this share of it still."""

_Part = tuple[NetworkName, str]


class Rate(StrEnum):
    """Which duration counts: the usual one, or the one that nine in ten do not exceed."""

    P50 = "p50"
    P90 = "p90"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTimes:
    """How long parts last, by network and part id.

    ``delays`` come on top and ``factors`` multiply; a part "" means all unit jobs of a network.
    """

    spreads: Mapping[NetworkName, Mapping[str, Spread]] = field(default_factory=dict)
    given: Mapping[_Part, timedelta] = field(default_factory=dict)
    delays: Mapping[_Part, timedelta] = field(default_factory=dict)
    factors: Mapping[_Part, float] = field(default_factory=dict)
    assumed: timedelta = ASSUMED

    def of_job(self, network: NetworkName, part: str, rate: Rate) -> timedelta:
        """Return how long a unit job lasts."""
        usual = self._usual(network, part, rate)
        factor = self.factors.get((network, part), self.factors.get((network, ""), 1.0))
        delay = self.delays.get((network, part), timedelta(0))
        return max(timedelta(0), usual * factor + delay)

    def of_wait(self, network: NetworkName, part: str) -> timedelta | None:
        """Return when what a wait waits for comes from outside; None: nobody said."""
        given = self.given.get((network, part))
        delay = self.delays.get((network, part), timedelta(0))
        return None if given is None else max(timedelta(0), given + delay)

    def is_assumed(self, network: NetworkName, part: str) -> bool:
        """Return whether nobody knows how long a unit job lasts."""
        return (network, part) not in self.given and part not in self.spreads.get(network, {})

    def left(self, network: NetworkName, part: str, rate: Rate, *, elapsed: timedelta) -> timedelta:
        """Return how long a job that runs will go on."""
        whole = self.of_job(network, part, rate)
        return max(whole - elapsed, whole * SHORTEST_SHARE_LEFT)

    def _usual(self, network: NetworkName, part: str, rate: Rate) -> timedelta:
        given = self.given.get((network, part))
        if given is not None:
            return given
        spread = self.spreads.get(network, {}).get(part)
        if spread is None:
            return self.assumed
        return timedelta(seconds=spread.p50 if rate is Rate.P50 else spread.p90)
