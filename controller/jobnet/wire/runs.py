"""States the shapes of runs: how one is started, how it stands, a page of them."""

import json
from datetime import date

from pydantic import Field, JsonValue

from jobnet.engine.states import State
from jobnet.ports.store import Entry, RunRow
from jobnet.schedules import OccurrenceKey
from jobnet.wire.parts import WaitingOn
from jobnet.wire.plan import Key
from jobnet.wire.shapes import Answer, Instant, Name, Reason, Related, Request


class StartRequest(Request):
    """What to run."""

    network: Name = Field(description="The network with its folder: payroll/emea/backup.")
    params: dict[str, JsonValue] = Field(default={}, description="Params by name.")
    operating_day: date | None = Field(default=None, description="None: today, in its zone.")
    reason: Reason = ""
    check: bool = Field(default=False, description="Ansible's check mode.")
    diff: bool = Field(default=False, description="Ansible's diff mode.")
    held: bool = Field(default=False, description="Begin suspended: nothing starts before resume.")


class Run(Answer):
    """One execution of a network.

    ``params``, ``outputs`` and ``waiting_on`` are null in lists.
    """

    run: str
    network: str
    edition: int = Field(description="The edition of all definitions that it is pinned to.")
    state: State
    exit_code: int | None
    detail: str = Field(description="Why it waits, or how it ended.")
    by: str = Field(description="Who has started it.")
    operating_day: date
    planned_start: Instant
    zone: str = Field(description="The IANA zone that its wall times are in.")
    created_at: Instant
    started: Instant | None
    ended: Instant | None
    round: int = Field(description="How often it was opened.")
    position: int = Field(description="The last entry of its journal.")
    flags: list[str]
    recovered: list[str] = Field(description="Parts that failed and were dealt with.")
    parts: int
    open_parts: int
    ended_parts: int
    failed_parts: int
    is_check: bool
    is_suspended: bool
    params: JsonValue = None
    outputs: JsonValue = None
    waiting_on: list[WaitingOn] | None = None
    planned: Key | None = Field(
        default=None, description="The start of the plan that made it; null in lists."
    )
    related: Related


class RunPage(Answer):
    """Some runs, the latest first; ``next`` is the address of the following page."""

    items: list[Run]
    next: str | None


class RunIds(Answer):
    """Ids of runs that begin in a certain way, the latest first."""

    items: list[str]


class JournalEntry(Answer):
    """One fact of a run as its journal keeps it."""

    position: int
    kind: str
    version: int
    at: Instant
    fact: JsonValue


class JournalPage(Answer):
    """Some facts of a run in their order; ``next`` is the address of the following page."""

    items: list[JournalEntry]
    next: str | None


def run_of(row: RunRow, *, root: str) -> Run:
    """Return the shape of a run in a list; ``root`` is the address of all runs."""
    own = f"{root}/runs/{row.run}"
    return Run(
        run=row.run,
        network=row.network,
        edition=row.edition,
        state=row.state,
        exit_code=row.exit_code,
        detail=row.detail,
        by=row.by,
        operating_day=row.operating_day,
        planned_start=row.planned_start,
        zone=row.zone,
        created_at=row.created_at,
        started=row.started,
        ended=row.ended,
        round=row.round,
        position=row.position,
        flags=list(row.flags),
        recovered=list(row.recovered),
        parts=row.parts,
        open_parts=row.open_parts,
        ended_parts=row.ended_parts,
        failed_parts=row.failed_parts,
        is_check=row.is_check,
        is_suspended=row.is_suspended,
        related={
            "self": own,
            "network": f"{root}/networks/{row.network}",
            "parts": f"{own}/parts",
            "journal": f"{own}/journal",
            "project": f"{own}/project",
            "why": f"{own}/why",
        },
    )


def run_in_full(
    row: RunRow, waits: list[WaitingOn], *, root: str, planned: OccurrenceKey | None = None
) -> Run:
    """Return the shape of one run with its params and outputs, and what it waits for."""
    return run_of(row, root=root).model_copy(
        update={
            "params": json.loads(row.params),
            "outputs": json.loads(row.outputs),
            "waiting_on": waits,
            "planned": None if planned is None else Key.model_validate(planned),
        }
    )


def entry_of(entry: Entry) -> JournalEntry:
    """Return the shape of a journal entry."""
    return JournalEntry(
        position=entry.position,
        kind=entry.kind,
        version=entry.version,
        at=entry.at,
        fact=json.loads(entry.payload),
    )
