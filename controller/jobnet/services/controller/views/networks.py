"""Shows the networks that are applied, each with its latest run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from jobnet.engine.states import State
from jobnet.errors.controller import NetworkNotApplied
from jobnet.ids import NetworkName
from jobnet.ports.store import RunRow, Transaction
from jobnet.ports.store.editions import DocumentRow
from jobnet.ports.store.lists import RunFilter
from jobnet.project.folders import qualified
from jobnet.services.controller.views.waiting import WaitingOn

KIND = "network"
RUNS_SHOWN = 5
OPEN_COUNTED_MAX = 1000
NAME_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """A network that is applied; ``suspended`` says so where it is."""

    name: NetworkName
    document: DocumentRow
    open_runs: int
    latest: RunRow | None
    suspended: WaitingOn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastView:
    """How a network went last. ``usual`` is how long normal runs usually take."""

    network: NetworkName
    runs: tuple[RunRow, ...]
    latest_normal: RunRow | None
    usual: timedelta | None
    by_part: dict[str, float]


def network_rows(
    tx: Transaction, *, folder: str, after: str, limit: int
) -> Sequence[tuple[NetworkName, DocumentRow]]:
    """Return networks of a folder and below, by name, that come after one."""
    rows = {
        NetworkName(qualified(row.folder, row.name)): row for row in tx.editions.documents(KIND)
    }
    around = f"{folder.strip('/')}/" if folder.strip("/") else ""
    names = sorted(name for name in rows if name.startswith(around) and name > after)
    return [(name, rows[name]) for name in names[:limit]]


def network_row(tx: Transaction, name: NetworkName) -> DocumentRow:
    """Return the document of a network; raise ``NetworkNotApplied``."""
    folder, _, bare = name.rpartition("/")
    versions = tx.editions.versions(KIND, folder, bare)
    if versions and not versions[0].removed:
        return versions[0]
    known = [qualified(row.folder, row.name) for row in tx.editions.documents(KIND)]
    near = get_close_matches(name[:NAME_MAX], known, n=1)
    raise NetworkNotApplied(name, near[0] if near else "")


def network_view(
    tx: Transaction, name: NetworkName, row: DocumentRow, suspended: WaitingOn | None
) -> NetworkView:
    """Return one network with its latest run."""
    latest = tx.lists.runs(RunFilter(network=name), after=None, limit=1)
    meant = RunFilter(network=name, is_open=True)
    return NetworkView(
        name=name,
        document=row,
        open_runs=tx.lists.count_runs(meant, count_max=OPEN_COUNTED_MAX),
        latest=latest[0] if latest else None,
        suspended=suspended,
    )


def last_view(tx: Transaction, network: NetworkName) -> LastView:
    """Return how a network went last; raise ``NetworkNotApplied`` if nobody knows it."""
    runs = tuple(tx.lists.runs(RunFilter(network=network), after=None, limit=RUNS_SHOWN))
    folder, _, bare = network.rpartition("/")
    if not runs and not tx.editions.versions(KIND, folder, bare):
        raise NetworkNotApplied(network)
    meant = RunFilter(network=network, states=(State.NORMAL,))
    normal = tx.lists.runs(meant, after=None, limit=1)
    usual = tx.durations.usual(network)
    seconds = usual.get("")
    return LastView(
        network=network,
        runs=runs,
        latest_normal=normal[0] if normal else None,
        usual=None if seconds is None else timedelta(seconds=seconds),
        by_part={part: each for part, each in usual.items() if part},
    )
