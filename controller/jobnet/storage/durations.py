"""Keeps how long networks and parts took, with the median that everybody asks for.

P90 is the smallest duration that nine in ten of the latest did not exceed.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from statistics import median

from sqlalchemy import select
from sqlmodel import Field

from jobnet.ids import NetworkName
from jobnet.ports.store import Spread
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, given, table_of, upsert
from jobnet.storage.statements import Statement
from jobnet.storage.types import JsonText, Name

REMEMBERED = 50


class DurationRecord(Record, table=True):
    """The latest normal durations of one part; ``part`` "" is the network itself.

    ``latest`` is a JSON list of seconds, the latest last.
    """

    __tablename__ = "duration"

    network: str = Field(sa_type=Name, primary_key=True)
    part: str = Field(sa_type=Name, primary_key=True)
    latest: str = Field(sa_type=JsonText)
    median_seconds: float


_DURATION = table_of(DurationRecord)
_USUAL = Statement(
    lambda _: select(_DURATION.c.part, _DURATION.c.median_seconds).where(given(_DURATION.c.network))
)
_LATEST = Statement(
    lambda _: select(_DURATION.c.latest).where(given(_DURATION.c.network), given(_DURATION.c.part))
)
_ALL = Statement(
    lambda _: select(_DURATION.c.part, _DURATION.c.latest, _DURATION.c.median_seconds).where(
        given(_DURATION.c.network)
    )
)
_PUT = Statement(lambda kind: upsert(kind, _DURATION))


class Durations:
    """How long things took, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def usual(self, network: NetworkName) -> Mapping[str, float]:
        """Return the median seconds of the latest normal durations by part id; "" the network."""
        return dict(self._connection.rows(_USUAL, {"network": network}))

    def spread(self, network: NetworkName) -> Mapping[str, Spread]:
        """Return P50 and P90 of the latest normal durations by part id; "" the network."""
        return {
            part: spread_of(json.loads(latest), p50=middle)
            for part, latest, middle in self._connection.rows(_ALL, {"network": network})
        }

    def remember(self, network: NetworkName, seconds: Collection[tuple[str, float]]) -> None:
        """Add durations and forget the oldest beyond a bound."""
        for part, took in seconds:
            key = {"network": network, "part": part}
            found = self._connection.row(_LATEST, key)
            latest = [*(json.loads(found[0]) if found else ()), took][-REMEMBERED:]
            new = {"latest": json.dumps(latest), "median_seconds": float(median(latest))}
            self._connection.change(_PUT, {**key, **new})


def spread_of(latest: Sequence[float], *, p50: float) -> Spread:
    """Return the spread of durations whose median is known.

    >>> spread_of([10.0, 20.0, 30.0], p50=20.0)
    Spread(p50=20.0, p90=30.0, count=3)
    """
    assert latest, "a duration is kept with the first value that is remembered"
    place = -(-len(latest) * 9 // 10)
    return Spread(p50=p50, p90=max(p50, sorted(latest)[place - 1]), count=len(latest))
