"""Reads live notes after a cursor: none twice, none lost, or a clear word that some are gone."""

from dataclasses import dataclass

from jobnet.ids import RunId
from jobnet.ports.store import LiveNote, Transaction

NOTES_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePage:
    """Notes with their cursors in order; ``next`` is the cursor to go on from.

    ``is_reset``: the cursor was too old, or of another database. What was on the screen has to be
    read anew; from ``next`` on nothing is missing.
    """

    notes: tuple[tuple[int, LiveNote], ...]
    next: int
    is_reset: bool = False


def live_page(tx: Transaction, after: int | None, *, run: RunId | None, limit: int) -> LivePage:
    """Return what came after a cursor; None begins with what comes from now on."""
    oldest, newest = tx.lists.live_bounds()
    if after is None:
        return LivePage(notes=(), next=newest)
    if not oldest <= after <= newest:
        return LivePage(notes=(), next=newest, is_reset=True)
    found = tuple(tx.lists.live(after, limit))
    meant = tuple(each for each in found if run is None or each[1].run == run)
    return LivePage(notes=meant, next=found[-1][0] if found else after)
