"""Changes single starts of the plan: each change is a row of its own, audited, done once a key.

The start's own row is brought up to date in the same transaction, so that what is due follows the
change at once. The change stays beside it: when the rules are worked out anew, it is laid over
what they give.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from jobnet.errors.plan import (
    ChangeNotFound,
    InstantPassed,
    PlanFull,
    StartNotPlanned,
)
from jobnet.ids import EditionId, NetworkName, OperatorName
from jobnet.ports.store import SignalKind, Store, Transaction
from jobnet.ports.store.plan import ChangeKind, PlanChange, PlanRow, PlanState
from jobnet.schedules import Misfire, OccurrenceKey
from jobnet.services.controller.bells import Bells, Worker
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan.acts import added_before, is_done, note
from jobnet.services.controller.plan.changed import (
    INSTANT,
    PARAMS,
    ZONE,
    instant_of,
    instant_text,
    value_of,
    with_changes,
)
from jobnet.services.controller.plan.deciding import (
    OPEN,
    UNSETTLED,
    Next,
    check_instant,
    settled,
)
from jobnet.services.controller.plan.drawn import ADDED_AGAIN, FOLLOWING, Drawn, row_of
from jobnet.services.controller.plan.materialising import CHANGES_MAX, lock_plan, tell_waits
from jobnet.services.controller.plan.misfire import misfire_text
from jobnet.services.controller.plan.schedules import ScheduleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """Carries out changes of starts."""

    store: Store
    book: ScheduleBook
    bells: Bells

    def change(
        self, key: OccurrenceKey, act: Act, verb: str, decide: Callable[[PlanRow, datetime], Next]
    ) -> None:
        """Change a start as ``decide`` says of it now; nothing where the act was done before."""
        drawn, edition = self._drawn(key)

        def work(tx: Transaction) -> None:
            if is_done(tx, act, verb):
                return
            lock_plan(tx)
            now = self.store.now()
            row = tx.plan.find(key)
            before = row or self._fresh(tx, key, drawn, edition, now)
            meant = decide(before, now)
            self._put(tx, meant, act, now)
            if row is None:
                tx.plan.add([meant.row])
            elif not tx.plan.replace(meant.row, expected=(row.state,)):
                found = tx.plan.find(key) or before  # it was started just now
                raise settled(found, verb)
            note(tx, act, verb, key, now, before=before, after=meant.row)
            tell_waits(tx, {key.network})

        self.store.write(work)
        self.bells.ring([Worker.PLAN, SignalKind.MATCH_END])

    def add(self, row: PlanRow, params: str, act: Act, verb: str) -> OccurrenceKey:
        """Add a start that no rule gives; its key has a number where there is one already."""

        def work(tx: Transaction) -> OccurrenceKey:
            known = added_before(tx, act, verb)
            if known is not None:
                return known
            lock_plan(tx)
            now = self.store.now()
            check_instant(f"Network {row.key.network}", row.start, now)
            key = _free(tx, row.key)
            misfire = misfire_text(Misfire())
            added = replace(row, key=key, params=params, is_changed=True, misfire=misfire)
            value = {INSTANT: instant_text(row.start), PARAMS: json.loads(params), ZONE: row.zone}
            self._put(tx, Next(row=added, kind=ChangeKind.ADD, value=value), act, now)
            tx.plan.add([added])
            note(tx, act, verb, key, now, before=None, after=added)
            tell_waits(tx, {key.network})
            return key

        key = self.store.write(work)
        self.bells.ring([Worker.PLAN, SignalKind.MATCH_END])
        return key

    def take_back(self, change_id: str, act: Act) -> OccurrenceKey | None:
        """Take a change back; return the start if there still is one."""
        found = self.store.read(lambda tx: _change(tx, change_id))
        if found is None:
            done = self.store.read(lambda tx: is_done(tx, act, "take back"))
            if done:
                return None
            raise ChangeNotFound(change_id)
        drawn, edition = self._drawn(found.key, asks_always=True)

        def work(tx: Transaction) -> OccurrenceKey | None:
            lock_plan(tx)
            now, change = self.store.now(), _change(tx, change_id)
            if change is None:
                raise ChangeNotFound(change_id)
            row = tx.plan.find(change.key)
            if row is not None and row.state is PlanState.STARTED:
                raise settled(row, "change")
            tx.plan.drop_change(change_id)
            after = self._without(tx, change, row, drawn, edition, now)
            note(tx, act, "take back", change.key, now, before=row, after=after)
            tell_waits(tx, {change.key.network})
            return None if after is None else change.key

        key = self.store.write(work)
        self.bells.ring([Worker.PLAN, SignalKind.MATCH_END])
        return key

    def _without(
        self,
        tx: Transaction,
        change: PlanChange,
        row: PlanRow | None,
        drawn: Drawn | None,
        edition: EditionId,
        now: datetime,
    ) -> PlanRow | None:
        """Make the row what it is without a change that was taken back."""
        left = tx.plan.changes([change.key])
        is_gone = drawn is None and change.key.schedule
        if change.kind is ChangeKind.ADD or is_gone:
            for each in left:
                tx.plan.drop_change(each.id)
            tx.plan.drop([change.key], expected=UNSETTLED)
            return None
        if row is None:
            return None
        after = with_changes(_base(row, drawn, left, edition), left)
        if after.start <= now:
            raise InstantPassed(f"Start {change.key}", to=after.start, now=now)
        if after.state not in OPEN:
            after = replace(after, settled_at=row.settled_at or now)
        if not tx.plan.replace(after, expected=(row.state,)):
            raise settled(tx.plan.find(change.key) or row, "change")
        return after

    def _put(self, tx: Transaction, meant: Next, act: Act, now: datetime) -> None:
        changes = tx.plan.changes([meant.row.key])
        for change in changes:
            if change.kind in meant.gone:
                tx.plan.drop_change(change.id)
        if meant.kind is None:
            return
        if len(tx.plan.changes()) >= CHANGES_MAX:
            raise PlanFull(count_max=CHANGES_MAX)
        value = dict(meant.value)
        for change in changes:
            if change.kind is meant.kind is ChangeKind.PARAMS:
                value[PARAMS] = {**_mapping(value_of(change)), **_mapping(value)}
        tx.plan.put_change(
            PlanChange(
                id=uuid4().hex,
                key=meant.row.key,
                kind=meant.kind,
                value=json.dumps(value, sort_keys=True),
                by=OperatorName(act.by),
                at=now,
                reason=act.reason,
            )
        )

    def _drawn(
        self, key: OccurrenceKey, *, asks_always: bool = False
    ) -> tuple[Drawn | None, EditionId]:
        """Return what the rules give for a key; asked only where it is needed."""
        edition, sources = self.book.current()
        row = self.store.read(lambda tx: tx.plan.find(key))
        if not key.schedule or (row is not None and not asks_always):
            return None, edition
        return sources.start_of(key), edition

    def _fresh(
        self,
        tx: Transaction,
        key: OccurrenceKey,
        drawn: Drawn | None,
        edition: EditionId,
        now: datetime,
    ) -> PlanRow:
        """Return the row that a start has which lies behind the near plan."""
        if drawn is None or drawn.key != key or drawn.start <= now:
            raise StartNotPlanned(key)
        row = row_of(drawn, edition, json.dumps(drawn.occurrence.steps))
        return with_changes(row, tx.plan.changes([key]))


def _base(
    row: PlanRow, drawn: Drawn | None, changes: Collection[PlanChange], edition: EditionId
) -> PlanRow:
    """Return a start as it was before anybody changed it."""
    added = next((each for each in changes if each.kind is ChangeKind.ADD), None)
    if added is not None:
        start, params = instant_of(added), json.dumps(value_of(added)[PARAMS], sort_keys=True)
        return replace(_open(row), start=start, params=params, misfire=misfire_text(Misfire()))
    assert drawn is not None, "what the rules do not give has been dropped"
    plain = row_of(drawn, edition, json.dumps(drawn.occurrence.steps))
    if FOLLOWING in row.key.nominal:
        at = row.nominal_start
        return replace(plain, key=row.key, start=at, nominal_start=at)
    return plain


def _open(row: PlanRow) -> PlanRow:
    return replace(row, state=PlanState.FIXED, detail="", settled_at=None)


def _free(tx: Transaction, key: OccurrenceKey) -> OccurrenceKey:
    """Return the key, with a number behind it where there are others of that time."""
    taken = {row.key for row in tx.plan.of_day(NetworkName(key.network), key.operating_day)}
    number, found = 1, key
    while found in taken:
        number += 1
        found = replace(key, nominal=f"{key.nominal}{ADDED_AGAIN}{number}")
    return found


def _change(tx: Transaction, change_id: str) -> PlanChange | None:
    return next((each for each in tx.plan.changes() if each.id == change_id), None)


def _mapping(value: Mapping[str, object]) -> Mapping[str, object]:
    found = value[PARAMS]
    assert isinstance(found, Mapping), "params are a mapping"
    return found
