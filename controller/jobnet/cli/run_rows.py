"""Shows runs as rows of a table."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from jobnet.cli.forms import columns
from jobnet.cli.instants import at, lasted, zone_named
from jobnet.cli.wording import word_of

HEAD: Final = ("RUN", "STATE", "DAY", "STARTED", "TOOK", "PARTS", "BY", "DETAIL")


def run_lines(runs: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a table of runs."""
    return columns(HEAD, map(_row, runs))


def _row(run: Mapping[str, Any]) -> tuple[object, ...]:
    zone = zone_named(run["zone"])
    return (
        run["run"],
        word_of(run["state"]),
        run["operating_day"],
        at(run["started"], zone),
        lasted(run["started"], run["ended"]),
        f"{run['ended_parts']}/{run['parts']}",
        run["by"],
        run["detail"],
    )
