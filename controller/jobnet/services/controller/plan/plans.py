"""Answers for the plan: shows it, changes a day of it, compares it with what would be applied."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol, TypeVar

from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    find_zone,
    instant_at,
    operating_day_of,
    parse_clock_time,
)
from jobnet.calendars.clock import CLOCK_SECONDS_MAX, ClockTime
from jobnet.definition import Bundle
from jobnet.errors.controller import NetworkNotApplied
from jobnet.errors.plan import StartUnchanged
from jobnet.errors.project import DefinitionRefused
from jobnet.ids import EditionId, NetworkName
from jobnet.ports.plain_values import from_json, to_json
from jobnet.ports.store import Store
from jobnet.ports.store.plan import PlanRow, PlanState
from jobnet.project import Reading, convert_params
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan import deciding
from jobnet.services.controller.plan.changed import with_params
from jobnet.services.controller.plan.changing import Changing
from jobnet.services.controller.plan.diff import plan_diff
from jobnet.services.controller.plan.drawn import ADDED_AGAIN, FOLLOWING, SECOND_ONE
from jobnet.services.controller.plan.entries import PlanDiff, PlanEntry, PlanPage, PlanWish
from jobnet.services.controller.plan.schedules import ScheduleBook
from jobnet.services.controller.plan.showing import Showing
from jobnet.services.secret_params import refuse_secrets

ADDED_STEP = "added by hand"
Found = TypeVar("Found")


class Definitions(Protocol):
    """What is needed of the definitions that have been applied, and of those that may be."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def networks(self) -> Collection[NetworkName]:
        """Return the qualified names of the networks in it."""

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        """Return the network with all that it needs, as it was in an edition."""

    def calendars(self, bundle: Bundle) -> Mapping[str, Calendar]:
        """Return the calendars of a bundle, ready to be asked."""

    def look(self, work: Callable[[Reading], Found], *, edition: EditionId | None = None) -> Found:
        """Return what somebody finds in the texts of an edition."""

    def reading_after(self, paths: Iterable[str | Path], *, prune: bool) -> Reading:
        """Return all texts as they would be if files were applied."""

    def reading_after_texts(
        self, texts: Sequence[tuple[str, str]], *, base: str | None, prune: bool
    ) -> Reading:
        """Return all texts as they would be if texts were applied."""


class Plans:
    """The plan; every method may be called from any thread.

    A change takes an ``Act``; the same key again gives what it gave before.
    """

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        book: ScheduleBook,
        bells: Bells,
        *,
        zone: str,
    ) -> None:
        self._store, self._definitions, self._book = store, definitions, book
        self._zone = zone
        self._showing = Showing(store, book)
        self._changing = Changing(store=store, book=book, bells=bells)

    def show(self, wish: PlanWish) -> PlanPage:
        """Return a page of the plan: past, near plan and what lies further ahead."""
        return self._showing.page(wish)

    def entry(self, key: OccurrenceKey) -> PlanEntry:
        """Return one start; raises ``StartNotPlanned``."""
        return self._showing.entry(key)

    def move(self, key: OccurrenceKey, to: datetime, act: Act) -> PlanEntry:
        """Start it at another instant; its operating day stays."""
        self._changing.change(key, act, "move", lambda row, now: deciding.moved(row, now, to))
        return self.entry(key)

    def skip(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Leave it out."""
        self._changing.change(key, act, "skip", lambda row, now: deciding.skipped(row, now, act))
        return self.entry(key)

    def hold(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Keep it back until it is released."""
        self._changing.change(key, act, "hold", lambda row, _: deciding.held(row, act))
        return self.entry(key)

    def release(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Let it start as planned, at once if its time has passed."""
        self._changing.change(key, act, "release", deciding.released)
        return self.entry(key)

    def start_now(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Start it now, with its own operating day; also one that was missed or skipped."""
        self._changing.change(key, act, "start", deciding.started_now)
        return self.entry(key)

    def set_params(self, key: OccurrenceKey, params: Mapping[str, object], act: Act) -> PlanEntry:
        """Start it with other params; those not named stay as they were.

        Raises what is wrong with them.
        """
        before = json.dumps(to_json(dict(self.entry(key).params)))
        given = json.loads(json.dumps(to_json(dict(params))))
        self._check(self._bundle(key.network), from_json(json.loads(with_params(before, given))))
        self._changing.change(
            key, act, "params", lambda row, _: deciding.with_new_params(row, given)
        )
        return self.entry(key)

    def add(
        self,
        network: str,
        start: datetime,
        day: date | None,
        params: Mapping[str, object],
        act: Act,
    ) -> PlanEntry:
        """Add a start that no rule gives; without a day it belongs to that of its instant.

        Raises ``NetworkNotApplied``, ``InstantPassed``, and what is wrong with the params.
        """
        bundle = self._bundle(network)
        self._check(bundle, params)
        calendar, zone = self._calendar(bundle), self._zone_of(bundle)
        where = find_zone(zone)
        day = day or operating_day_of(start, zone=where, base_time=calendar.base_time)
        row = self._added(network, start, day, zone=zone, nominal=_nominal(start, day, zone))
        text = json.dumps(to_json(dict(params)), sort_keys=True)
        return self._add(row, text, act, "add")

    def zone_of(self, network: str) -> str | None:
        """Return the time zone of starts of a network that no schedule gives.

        None where a file beside it has broken its definition.
        """
        try:
            return self._zone_of(self._bundle(network))
        except DefinitionRefused:
            return None

    def copy(self, key: OccurrenceKey, day: date, act: Act) -> PlanEntry:
        """Add the same start to another operating day, at the same clock time."""
        if day == key.operating_day:
            raise StartUnchanged(key, how=f"belongs to {day}")
        entry = self.entry(key)
        clock = _clock(key.nominal)
        start = instant_at(day, clock, zone=find_zone(entry.zone)).instant
        row = self._added(key.network, start, day, zone=entry.zone, nominal=str(clock))
        text = json.dumps(to_json(dict(entry.params)), sort_keys=True)
        return self._add(row, text, act, "copy")

    def take_back(self, change_id: str, act: Act) -> PlanEntry | None:
        """Take a change on the day back; None where no start is left, as of an added one."""
        key = self._changing.take_back(change_id, act)
        return None if key is None else self.entry(key)

    def diff(self, paths: Iterable[str | Path] = (), *, prune: bool = False) -> PlanDiff:
        """Return how the plan would differ if files of this machine were applied."""
        return self._diff(self._definitions.reading_after(paths, prune=prune))

    def diff_texts(
        self, texts: Sequence[tuple[str, str]], *, base: str | None = None, prune: bool = False
    ) -> PlanDiff:
        """Return how the plan would differ if texts were applied, as ``apply_texts`` takes them."""
        return self._diff(self._definitions.reading_after_texts(texts, base=base, prune=prune))

    def _diff(self, after: Reading) -> PlanDiff:
        now = self._store.now()
        return plan_diff(self._definitions.look, self._book, after, now)

    def _calendar(self, bundle: Bundle) -> Calendar:
        found = self._definitions.calendars(bundle).get(bundle.network.calendar or "")
        return found or EVERY_DAY_OPEN

    def _zone_of(self, bundle: Bundle) -> str:
        return bundle.network.timezone or self._calendar(bundle).zone or self._zone

    def _bundle(self, network: str) -> Bundle:
        known = self._definitions.networks()
        if network not in known:
            near = get_close_matches(network[:100], known, n=1)
            raise NetworkNotApplied(network, near[0] if near else "")
        return self._definitions.bundle(self._definitions.current(), NetworkName(network))

    def _check(self, bundle: Bundle, params: object) -> None:
        assert isinstance(params, Mapping), "params are a mapping"
        refuse_secrets(bundle.network, convert_params(bundle.network, params))

    def _added(
        self, network: str, start: datetime, day: date, *, zone: str, nominal: str
    ) -> PlanRow:
        key = OccurrenceKey(schedule="", network=network, operating_day=day, nominal=nominal)
        return PlanRow(
            key=key,
            start=start,
            nominal_start=start,
            state=PlanState.FIXED,
            zone=zone,
            edition=self._definitions.current(),
            steps=json.dumps([ADDED_STEP]),
        )

    def _add(self, row: PlanRow, params: str, act: Act, verb: str) -> PlanEntry:
        return self.entry(self._changing.add(row, params, act, verb))


def _nominal(start: datetime, day: date, zone: str) -> str:
    """Return the clock time of an instant on an operating day, as people write it."""
    wall = start.astimezone(find_zone(zone)).replace(tzinfo=None, microsecond=0)
    since = wall - datetime.combine(day, datetime.min.time())
    if timedelta(0) <= since <= timedelta(seconds=CLOCK_SECONDS_MAX):
        return str(ClockTime(seconds=int(since.total_seconds())))
    return wall.isoformat(sep=" ", timespec="minutes")


def _clock(nominal: str) -> ClockTime:
    """Return the clock time of a key, without what tells it from others of that time."""
    for mark in (FOLLOWING, SECOND_ONE, ADDED_AGAIN):
        nominal = nominal.partition(mark)[0]
    return parse_clock_time(nominal.rpartition(" ")[2])
