"""Reads what a turn goes by and writes what it decided: the only hand that writes journals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobnet.errors.controller import RunNotFound
from jobnet.errors.storage import JournalOvertaken
from jobnet.ids import RunId
from jobnet.ports.store import Entry, RunChange, RunRow, RunTurn
from jobnet.storage.connections import Connection
from jobnet.storage.inboxes import INPUTS_OF_RUN, NEW_INPUTS, STORED_INPUTS, TAKE_INPUT
from jobnet.storage.journals import ADD_ENTRY, ENTRIES
from jobnet.storage.outcomes import ADD_OUTCOME, OUTCOMES
from jobnet.storage.parts import PARTS
from jobnet.storage.runs import LOCK_RUN, change_of_run, run_of, run_values
from jobnet.storage.transactions import OpenTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a turn has seen, with the revision of the run's row at that instant."""

    turn: RunTurn
    revision: int


def look(connection: Connection, run: RunId, *, inputs_max: int) -> Seen:
    """Return what a turn has to go by; PostgreSQL locks the run's row. Raises ``RunNotFound``."""
    row = connection.ask(LOCK_RUN, {"id": run})
    inputs = connection.ask(INPUTS_OF_RUN, {"run_id": run, "inputs_max": inputs_max})
    rows = row()
    if not rows:
        raise RunNotFound(run)
    (found,) = rows
    tables = OpenTransaction(connection)

    def entries(after: int) -> Sequence[Entry]:
        return tables.runs.entries(run, after)

    turn = RunTurn(
        row=run_of(found),
        inputs=tuple(STORED_INPUTS.all(inputs())),
        entries=entries,
        snapshot=lambda: tables.snapshots.find(run),
        parts=lambda: tables.runs.parts(run),
        errands=lambda: tables.errands.of_run(run),
    )
    return Seen(turn=turn, revision=int(found[-1]))


def write(tables: OpenTransaction, seen: Seen, change: RunChange) -> None:
    """Write all that a turn decided. Raises ``JournalOvertaken`` where it saw what is no more."""
    before = seen.turn.row
    assert change.row.run == before.run, "a turn writes to its own run"
    if change.mends:
        assert not change.entries, "what mends a run adds nothing to its journal"
    else:
        _check_positions(before, change)
    _write_journal(tables.connection, change)
    _write_parts(tables.connection, change)
    _write_errands(tables, change)
    _write_for_others(tables, change)
    if change.row.edition != before.edition:
        tables.snapshots.forget(change.row.run)  # it goes by the definitions of before
    _write_run(tables.connection, seen, change)


def _check_positions(before: RunRow, change: RunChange) -> None:
    last = before.position + len(change.entries)
    positions = [entry.position for entry in change.entries]
    if positions != list(range(before.position + 1, last + 1)):
        raise JournalOvertaken(before.run)
    assert change.row.position == last, "the row tells the position of the last entry"


def _write_run(connection: Connection, seen: Seen, change: RunChange) -> None:
    """Write what has changed of the run's row; the only write that waits for its answer."""
    before = run_values(seen.turn.row)
    changed = {
        name: value for name, value in run_values(change.row).items() if value != before[name]
    }
    proof = {
        "of_run": change.row.run,
        "position_before": before["position"],
        "revision_before": seen.revision,
    }
    if not connection.change(change_of_run(frozenset(changed)), {**changed, **proof}):
        raise JournalOvertaken(change.row.run)


def _write_journal(connection: Connection, change: RunChange) -> None:
    run = change.row.run
    connection.send_many(
        ADD_ENTRY, [{**ENTRIES.values(entry), "run_id": run} for entry in change.entries]
    )
    connection.send_many(TAKE_INPUT, [{"id": each, "run_id": run} for each in change.taken])
    outcomes = [{**OUTCOMES.values(each), "run_id": run} for each in change.outcomes]
    connection.send_many(ADD_OUTCOME, outcomes)


def _write_parts(connection: Connection, change: RunChange) -> None:
    keys: list[Mapping[str, object]] = [
        {"run_id": change.row.run, "part": part} for part in change.parts_gone
    ]
    connection.send_many(PARTS.drop, keys)
    connection.send_many(PARTS.put, map(PARTS.values, change.parts))


def _write_errands(tables: OpenTransaction, change: RunChange) -> None:
    if change.drops:
        tables.errands.drop_keys(change.row.run, change.drops)
    if change.puts:
        tables.errands.put_by_turn(change.puts)
    if change.kills:
        tables.errands.kill(change.row.run, change.kills)


def _write_for_others(tables: OpenTransaction, change: RunChange) -> None:
    if change.ends:
        tables.board.put_ends(change.ends)
    if change.events:
        tables.board.add_events(change.events)
    if change.inputs:
        tables.connection.send_many(NEW_INPUTS.add, map(NEW_INPUTS.values, change.inputs))
    if change.signals:
        tables.signals.add(change.signals)
    for each in change.durations:
        tables.durations.remember(each.network, [(each.part, each.seconds)])
    if change.notes:
        tables.live.add(change.notes)
