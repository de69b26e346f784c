"""Lets a run that has ended go on with other definitions than those that it is pinned to.

Parts belong together by their id where they stand at the same place and are of the same kind;
what has run must be found again, what has not may differ as it likes. The run's journal is then
read anew with the other definitions, so everything after it goes by them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobnet.engine import Tracker, begin
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.orders import Rerun
from jobnet.errors.reruns import DefinitionDoesNotFit, RunNotOver
from jobnet.ids import EditionId
from jobnet.ports.store import Entry, RunRow, StoredInput
from jobnet.services.controller.trackers import Pins, replayed
from jobnet.services.journal import fact_from_line
from jobnet.services.pinning import Mapped, map_parts, outline_of
from jobnet.services.reruns import begun_in

NAMED_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Redefined:
    """A run as other definitions see it; ``mapping`` says how the parts belong together."""

    row: RunRow
    tracker: Tracker
    mapping: str


def redefined(row: RunRow, edition: EditionId, entries: Sequence[Entry], pins: Pins) -> Redefined:
    """Return the run as the definitions of another edition see it; nothing is written.

    Raises ``RunNotOver``, ``DefinitionDoesNotFit``, and ``JournalNotReplayed`` where the journal
    cannot be read with them although the parts fit.
    """
    if row.ended is None:
        raise RunNotOver(row.run)
    bundle = pins.bundle(edition, row.network)
    before = outline_of(pins.bundle(row.edition, row.network))
    facts = (fact_from_line(each.payload, position=each.position) for each in entries)
    mapped = map_parts(before, outline_of(bundle), begun_in(facts))
    if mapped.unfit:
        raise DefinitionDoesNotFit(row.run, because=mapped.unfit)
    other = replace(row, edition=edition)
    tracker = replayed(other, begin(bundle, pins.calendars(bundle)), entries)
    return Redefined(row=other, tracker=tracker, mapping=_told(edition, mapped))


def wanted_edition(stored: StoredInput, row: RunRow) -> EditionId | None:
    """Return the other edition that an input wants its run to go by, if it wants one."""
    if stored.kind != OrderGiven.__name__:
        return None
    document = json.loads(stored.payload)
    if document.get("order") != Rerun.__name__:
        return None
    edition = document["fields"].get("edition")
    return None if edition in {None, row.edition} else EditionId(int(edition))


def _told(edition: EditionId, mapped: Mapped) -> str:
    return (
        f"goes on with edition {edition} of the definitions: {len(mapped.carried)} parts are mapped"
        f" by their id, new: {_some(mapped.new)}, gone: {_some(mapped.gone)}"
    )


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED_MAX
    return (", ".join(names[:NAMED_MAX]) or "none") + (f" and {more} more" if more > 0 else "")
