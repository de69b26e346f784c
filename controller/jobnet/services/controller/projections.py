"""Makes the rows that lists show from what a turn has changed in a tracker.

They can be made again from the journal alone (``rebuilt``): nothing stands in them that is not in
the facts, but for what was asked for before the first fact.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobnet.engine import Tracker
from jobnet.engine.kinds import kind_of
from jobnet.engine.standing import place_of, run_of
from jobnet.engine.states import CLASS_OF_END, EndClass, State, has_ended
from jobnet.engine.tracker import PartRecord
from jobnet.ids import PartKey
from jobnet.ports.plain_values import to_json
from jobnet.ports.store import PartRow, RunRow

DETAIL_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The rows of parts that a turn has changed, and the parts that are no more."""

    parts: tuple[PartRow, ...]
    gone: tuple[PartKey, ...]
    open_parts: int
    ended_parts: int
    failed_parts: int


def changed_parts(before: Tracker, after: Tracker) -> Changed:
    """Return the rows of the parts that differ, and by how much each count has grown."""
    parts: list[PartRow] = []
    gone: list[PartKey] = []
    counts = [0, 0, 0]
    for key, old, new in after.parts.changed_since(before.parts):
        if new is None:
            gone.append(PartKey(key))
        else:
            parts.append(part_row(after, new))
        for number, (was, now) in enumerate(zip(_counted(old), _counted(new), strict=True)):
            counts[number] += now - was
    return Changed(
        parts=tuple(parts),
        gone=tuple(gone),
        open_parts=counts[0],
        ended_parts=counts[1],
        failed_parts=counts[2],
    )


def run_row(row: RunRow, before: Tracker, after: Tracker, changed: Changed) -> RunRow:
    """Return the row of a run after a turn; the inbox and the errands are not its business."""
    run = run_of(after)
    is_new = before.run is None
    outputs_same = before.run is not None and before.run.outputs is run.outputs
    params_same = before.run is not None and before.run.params is run.params
    return replace(
        row,
        state=run.state,
        params=row.params if params_same else json.dumps(to_json(run.params)),
        outputs=row.outputs if outputs_same else json.dumps(to_json(run.outputs)),
        started=run.started,
        ended=run.ended,
        exit_code=run.exit_code,
        detail=run.message[:DETAIL_MAX],
        flags=tuple(flag.value for flag in run.flags),
        recovered=tuple(str(part) for part in run.recovered),
        round=run.round,
        position=after.facts,
        parts=len(after.layout.places) if is_new else row.parts,
        open_parts=row.open_parts + changed.open_parts,
        ended_parts=row.ended_parts + changed.ended_parts,
        failed_parts=row.failed_parts + changed.failed_parts,
        is_check=run.check,
        is_suspended=run.is_suspended,
    )


def rebuilt(row: RunRow, empty: Tracker, tracker: Tracker) -> tuple[RunRow, tuple[PartRow, ...]]:
    """Return a run's row and all of its part rows, made anew from the tracker."""
    changed = changed_parts(empty, tracker)
    blank = replace(row, open_parts=0, ended_parts=0, failed_parts=0)
    return run_row(blank, empty, tracker, changed), changed.parts


def part_row(tracker: Tracker, record: PartRecord) -> PartRow:
    """Return the row of one part."""
    place = place_of(tracker, record)
    part = place.part
    return PartRow(
        run=run_of(tracker).run,
        part=record.key,
        network=place.network,
        name=part.name or str(part.id),
        kind=kind_of(part.body),
        state=record.state,
        since=record.since,
        reason="" if record.reason is None else record.reason.value,
        detail=record.detail[:DETAIL_MAX],
        attempt=record.attempt,
        iteration=record.iteration,
        started=record.started,
        ended=record.ended if has_ended(record.state) else None,
        exit_code=record.exit_code,
        message=record.message[:DETAIL_MAX],
        flags=tuple(flag.value for flag in record.flags),
    )


def _counted(record: PartRecord | None) -> Iterator[int]:
    """Yield 1 or 0 for each: has begun and not ended, has ended, has ended abnormally."""
    state = State.FIXED if record is None else record.state
    is_over = has_ended(state)
    yield int(state is not State.FIXED and not is_over)
    yield int(is_over)
    yield int(is_over and CLASS_OF_END.get(state) is EndClass.ABNORMAL)
