"""Builders for the tests of start conditions."""

from collections.abc import Sequence

from jobnet.ids import NetworkName
from jobnet.ports.store import RunRow, SignalKind
from jobnet.ports.store.lists import RunFilter

from tests.services.controller.office import Office, wait_until


def network(name: str, start_on: str = "", *, params: str = "", more: str = "") -> str:
    """Return a network that waits a moment and does nothing else."""
    lines = ["---", "kind: network", f"name: {name}"]
    lines += [f"params: {params}"] if params else []
    lines += [more] if more else []
    lines += [f"start_on: {start_on}"] if start_on else []
    lines += ["flow:", "  - wait_for: 0s"]
    return "\n".join(lines) + "\n"


def runs(here: Office, name: str) -> Sequence[RunRow]:
    """Return the runs of a network, the earliest first."""
    meant = RunFilter(network=NetworkName(name))
    found = here.store.read(lambda tx: tx.lists.runs(meant, after=None, limit=100))
    return sorted(found, key=lambda row: (row.created_at, row.run))


def one_run(here: Office, name: str) -> RunRow:
    """Return the run of a network, when it has ended."""
    wait_until(lambda: runs(here, name), f"a run of {name}")
    return here.ended(runs(here, name)[0].run)


def settled(here: Office) -> None:
    """Return when all that was signalled for start conditions has been taken."""
    pending = (SignalKind.TRIGGER,)
    wait_until(lambda: not here.store.read(lambda tx: tx.signals.pending(pending)), "the signals")
    wait_until(lambda: known(here), "the triggers")


def known(here: Office) -> bool:
    """Return whether the triggers of the definitions are there."""
    rows = here.store.read(lambda tx: tx.triggers.all())
    return len(rows) == len(here.controller.triggers.show())


def unused(here: Office, trigger: str) -> int:
    return len(here.store.read(lambda tx: tx.triggers.unused(trigger, 1000)))
