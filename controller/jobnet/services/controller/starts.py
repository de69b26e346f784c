"""Starts runs: gives them their name and definition, and puts their first input into the inbox.

A network that may not execute as often as one likes has its runs ask first: such a run has a row
and no journal until it may begin (``admissions``).
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Protocol

from jobnet.calendars import Calendar, find_zone
from jobnet.definition import Bundle
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.inputs import OrderGiven, StartRun
from jobnet.engine.orders import Suspend
from jobnet.engine.states import State, WaitReason
from jobnet.errors.controller import NetworkNotApplied
from jobnet.errors.play import RunFolderNotMade
from jobnet.ids import EditionId, NetworkName, OperatorName, RunId
from jobnet.ports.plain_values import to_json
from jobnet.ports.store import (
    NewInput,
    RunRow,
    Signal,
    SignalKind,
    SlotState,
    Store,
    StoredInput,
    Transaction,
)
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.warmth import Warmer
from jobnet.project import convert_params
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.inputs import from_input, to_input
from jobnet.services.controller.limits import is_suspended
from jobnet.services.controller.turns import place_of_run
from jobnet.services.expected_jobs import first_expected
from jobnet.services.secret_params import refuse_secrets
from jobnet.services.start_time import Beginning, read_beginning

SAME_NAME_MAX = 10_000
NAME_MAX = 100


class Definitions(Protocol):
    """What a start needs of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def networks(self) -> Collection[NetworkName]:
        """Return the qualified names of the networks in it."""

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        """Return the network with all that it needs, as it was in an edition."""

    def calendars(self, bundle: Bundle) -> Mapping[str, Calendar]:
        """Return the calendars of a bundle, ready to be asked."""

    def pinned_to(self, edition: EditionId, network: NetworkName) -> str:
        """Return what a run goes by: its edition, and the commit or hash of its projects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartWish:
    """Somebody wants a run. ``params`` are as given, ``day`` is ``YYYY-MM-DD`` or None.

    The same ``key`` again gives the run that it gave before. ``held``: it begins suspended.
    """

    network: str
    by: OperatorName
    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    day: str | None = None
    reason: str = ""
    check: bool = False
    diff: bool = False
    held: bool = False


class Starts:
    """Starts runs of the networks that have been applied."""

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        bells: Bells,
        *,
        zone: str,
        warmer: Warmer | None = None,
        must_ask: Callable[[NetworkName], bool] = lambda _: False,
    ) -> None:
        """Begin; ``must_ask`` says whether a run asks first though its network has no limit."""
        self._store, self._definitions, self._bells = store, definitions, bells
        self._zone, self._warmer, self._must_ask = zone, warmer, must_ask

    def start(self, wish: StartWish) -> RunRow:
        """Start a run and return its row; it begins at once, or when its network allows."""
        meant = self.meant(wish)

        def work(tx: Transaction) -> RunRow:
            known = tx.audits.find(key=wish.key, act="start")
            found = None if known is None else tx.runs.find(RunId(known.after))
            if found is not None:
                return found
            return add_run(tx, wish, meant, self._store.now())

        row = self._store.write(work)
        self.begun(row, meant)
        return row

    def meant(
        self, wish: StartWish, *, at: datetime | None = None, zone: str | None = None
    ) -> "Meant":
        """Return what a wish means now, for ``add_run``; raises what is wrong with it.

        ``at`` is the planned start of a run that was planned for an instant, in a ``zone``.
        """
        edition = self._definitions.current()
        network = self._named(wish.network)
        bundle = self._definitions.bundle(edition, network)
        params = convert_params(bundle.network, wish.params)
        refuse_secrets(bundle.network, params)
        calendar = self._definitions.calendars(bundle).get(bundle.network.calendar or "")
        beginning = read_beginning(bundle.network, calendar, at=None, day=wish.day, zone=self._zone)
        where = beginning.zone if zone is None else find_zone(zone)
        return Meant(
            bundle=bundle,
            edition=edition,
            beginning=replace(beginning, at=at, zone=where),
            params=params,
            pinned_to=self._definitions.pinned_to(edition, network),
            is_asking=is_limited(bundle.network) or self._must_ask(network),
        )

    def begun(self, row: RunRow, meant: "Meant") -> None:
        """Wake those who carry on with a run that was added; its transaction has committed."""
        self._bells.ring_runs([row.run])
        self._bells.ring([SignalKind.ADMIT])
        self._expect(meant.bundle)

    def _expect(self, bundle: Bundle) -> None:
        """Have Ansible loaded while the run begins, if it has jobs that may start warm."""
        job = first_expected(bundle)
        if self._warmer is not None and job is not None:
            self._warmer.expect(project_root=job.project_root, environment=job.environment)

    def _named(self, name: str) -> NetworkName:
        known = self._definitions.networks()
        if name in known:
            return NetworkName(name)
        near = get_close_matches(name[:NAME_MAX], known, n=1)
        raise NetworkNotApplied(name, near[0] if near else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a wish means: the network as it is now, when its run begins, with which params.

    ``is_asking``: it stands in line first, for its network's limit, the end of a window, or until
    it is suspended no longer.
    """

    bundle: Bundle
    edition: EditionId
    beginning: Beginning
    params: Mapping[str, object]
    pinned_to: str = ""
    is_asking: bool = False


def add_run(tx: Transaction, wish: StartWish, meant: Meant, now: datetime) -> RunRow:
    """Add the run with its first input, or with its place in the line of its network.

    Whoever calls makes sure that it happens once: by the wish's key, or by what the same
    transaction uses up.
    """
    bundle, params = meant.bundle, meant.params
    if is_suspended(tx.queues.settings(), bundle.main, now):
        meant = replace(meant, is_asking=True)
    row = _named_row(tx, wish, meant, now)
    start = StartRun(
        run=row.run,
        by=wish.by,
        operating_day=row.operating_day,
        planned_start=row.planned_start,
        zone=row.zone,
        params=params,
        check=wish.check,
        diff=wish.diff,
        usual_seconds=_usual(tx, bundle),
        pinned_to=meant.pinned_to,
    )
    request = {"start": to_input(start, run=row.run, at=now).payload, "held": wish.held}
    asked = replace(row, request=json.dumps(request), params=json.dumps(to_json(params)))
    tx.runs.replace_unstarted(asked)
    if meant.is_asking:
        tx.errands.put([place_of_run(asked, at=now, state=SlotState.ASKING)])
        tx.signals.add([Signal(kind=SignalKind.ADMIT, name="", run=row.run)])
    else:
        tx.runs.put_inputs(begin_inputs(asked, at=now))
    tx.audits.add(_act(wish, asked))
    return asked


def _act(wish: StartWish, row: RunRow) -> AuditRow:
    return AuditRow(
        at=row.created_at,
        by=wish.by,
        act="start",
        subject=f"network {row.network}",
        reason=wish.reason,
        after=row.run,
        key=wish.key,
    )


def begin_inputs(row: RunRow, *, at: datetime) -> tuple[NewInput, ...]:
    """Return the first inputs of a run that may begin now, as it was asked for."""
    request = json.loads(row.request)
    stored = StoredInput(id=0, key="start", kind=StartRun.__name__, payload=request["start"])
    start = to_input(from_input(stored), run=row.run, at=at)
    if not request["held"]:
        return (start,)
    key = f"{row.run}:held"
    suspended = OrderGiven(order=Suspend(), by=row.by, key=key, reason="started held")
    return (start, to_input(suspended, run=row.run, at=at))


def _named_row(tx: Transaction, wish: StartWish, meant: Meant, now: datetime) -> RunRow:
    """Add a row under the first name that is free: ``NAME-2026-05-29-2155``, ``...-2``."""
    beginning, network = meant.beginning, meant.bundle.main
    start = beginning.at or now
    day = beginning.operating_day(start)
    stem = f"{network.replace('/', '.')[:NAME_MAX]}-{day}-{beginning.wall_hhmm(start)}"
    taken = set(tx.lists.runs_named(stem, SAME_NAME_MAX))
    for number in range(1, SAME_NAME_MAX):
        run = RunId(stem if number == 1 else f"{stem}-{number}")
        if run in taken:
            continue
        row = RunRow(
            run=run,
            network=network,
            edition=meant.edition,
            state=State.WAITING if meant.is_asking else State.FIXED,
            by=wish.by,
            operating_day=day,
            planned_start=start,
            zone=str(beginning.zone),
            created_at=now,
            detail=WaitReason.NETWORK_LIMIT.value if meant.is_asking else "",
            is_check=wish.check,
        )
        if tx.runs.add(row):
            return row
    raise RunFolderNotMade(stem, problem=f"{SAME_NAME_MAX} runs have this name")


def _usual(tx: Transaction, bundle: Bundle) -> Mapping[str, float]:
    """Return how long things usually take: by part id, and "" for the run itself."""
    found: dict[str, float] = {}
    for name in bundle.networks:
        usual = tx.durations.usual(name)
        found.update({part: seconds for part, seconds in usual.items() if part})
        if name == bundle.main and "" in usual:
            found[""] = usual[""]
    return found
