"""Gives the attempts and executions of many runs their slots, on a virtual clock.

Whom to let start is the engine's decision (``admit``). Those who need nothing in common are
decided apart from each other; together they are told in the order in which one line tells them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from jobnet.definition import Placement
from jobnet.engine import Candidate, Limits, Verdict, admit, place_in_line
from jobnet.engine.commands import AskSlot
from jobnet.engine.inputs import SlotDelayed, SlotGranted, SlotRefused
from jobnet.engine.states import QueueReason
from jobnet.ids import NetworkName, PartKey
from jobnet.services.forecast.course import Cause
from jobnet.services.forecast.shared_things import Thing

BEHIND_MAX = 5
"""So many of those who hold what somebody waits for are named."""
WHOLE_RUN = PartKey("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """One attempt, or with ``WHOLE_RUN`` one run, that asks for ``things`` among others."""

    run: str
    part: PartKey
    attempt: int
    candidate: Candidate
    things: tuple[Thing, ...]

    @property
    def cause(self) -> Cause:
        """Return what others say who have waited for it."""
        return Cause(run=self.run, part=self.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one who asked is told: it starts, it never will, or why it waits."""

    asker: Asker
    input: SlotGranted | SlotDelayed | SlotRefused
    behind: tuple[Cause, ...] = ()
    cause: Cause | None = None


@dataclass(slots=True)
class _Apart:
    """Those who share something: who asks, who holds, and who gave something back last."""

    asking: dict[str, Asker] = field(default_factory=dict)
    holding: dict[str, Asker] = field(default_factory=dict)
    again_at: datetime | None = None
    returned: tuple[Asker, datetime] | None = None

    def take(self, other: "_Apart") -> None:
        """Become one with another."""
        self.asking |= other.asking
        self.holding |= other.holding


class SharedLine:
    """Everybody who asks or holds, in as many lines as have nothing in common."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._apart: dict[Thing, _Apart] = {}
        self._free = _Apart()
        self._place: dict[str, _Apart] = {}
        self._dirty: dict[int, _Apart] = {}
        self._told: dict[str, tuple[QueueReason, str]] = {}
        self._last_starts: dict[str, datetime] = dict(limits.last_starts)
        self._cancelled: set[str] = set()
        self._to_cancel: list[Asker] = []

    @property
    def again_at(self) -> datetime | None:
        """When somebody may start by the clock alone."""
        ats = (each.again_at for each in self._apart.values())
        return min((at for at in ats if at is not None), default=None)

    def set_limits(self, limits: Limits) -> None:
        """Let other limits count from now on."""
        self._limits = limits
        self.look_again()

    def look_again(self) -> None:
        """Decide once more about everybody in line."""
        self._dirty = {id(each): each for each in self._apart.values() if each.asking}

    def ask(self, asker: Asker) -> None:
        """Stand in line; who asks again stands once, with the placement that it has now."""
        name = asker.candidate.id
        known = self._place.get(name)
        if known is not None and name in known.holding:
            return
        if known is not None and name in known.asking:
            since = known.asking[name].candidate.asked_at
            asker = replace(asker, candidate=replace(asker.candidate, asked_at=since))
            del known.asking[name]
        place = self._placed(name, asker.things)
        place.asking[name] = asker
        self._dirty[id(place)] = place

    def hold(self, asker: Asker) -> None:
        """Let one hold what it was granted before the clock began."""
        name = asker.candidate.id
        self._placed(name, asker.things).holding[name] = asker

    def give_back(self, name: str, now: datetime) -> None:
        """Leave the line, or give back what was held."""
        self._told.pop(name, None)
        place = self._place.pop(name, None)
        if place is None:
            return
        place.asking.pop(name, None)
        held = place.holding.pop(name, None)
        if held is not None:
            place.returned = (held, now)
        if place.asking and place is not self._free:
            self._dirty[id(place)] = place

    def verdicts(self, now: datetime) -> tuple[Told, ...]:
        """Return who may start now and holds its slot from here on, who waits and who never may."""
        if not self._dirty:
            return ()
        dirty, self._dirty = self._dirty, {}
        decided = [(each, self._decide(each, now)) for each in dirty.values() if each.asking]
        for place, verdict in decided:
            place.again_at = verdict.again_at
            to_cancel = (place.holding[name] for name in verdict.to_cancel if self._is_new(name))
            self._to_cancel.extend(to_cancel)
        told = [
            *self._granted(decided, now),
            *self._refused(decided),
            *self._delayed(decided),
        ]
        self._free.holding.clear()  # nobody asks who holds what is never short
        return tuple(told)

    def take_cancelled(self) -> tuple[Asker, ...]:
        """Return those who have to make room for a later one, each once."""
        taken, self._to_cancel = tuple(self._to_cancel), []
        return taken

    def _decide(self, place: _Apart, now: datetime) -> Verdict:
        limits = replace(self._limits, last_starts=self._last_starts)
        return admit(
            [each.candidate for each in place.asking.values()],
            [each.candidate for each in place.holding.values()],
            limits,
            now=now,
        )

    def _granted(self, decided: Sequence[tuple[_Apart, Verdict]], now: datetime) -> Iterator[Told]:
        named = ((place, name, verdict) for place, verdict in decided for name in verdict.granted)
        for place, name, verdict in self._in_order(named):
            asker = place.asking.pop(name)
            queue = verdict.queues.get(name, asker.candidate.placement.queue)
            placement = replace(asker.candidate.placement, queue=queue)
            held = replace(asker, candidate=replace(asker.candidate, placement=placement))
            place.holding[name] = held
            self._told.pop(name, None)
            if queue is not None and asker.candidate.network is None:
                self._last_starts[queue] = now
            cause = None
            if place.returned is not None and place.returned[1] == now:
                cause = place.returned[0].cause
            given = SlotGranted(part=asker.part, attempt=asker.attempt)
            yield Told(asker=asker, input=given, cause=cause)

    def _refused(self, decided: Sequence[tuple[_Apart, Verdict]]) -> Iterator[Told]:
        named = ((place, name, verdict) for place, verdict in decided for name in verdict.refused)
        for place, name, _ in self._in_order(named):
            asker = place.asking.pop(name)
            del self._place[name]
            message = f"{asker.candidate.network} is executing already and its overlap is skip"
            given = SlotRefused(part=asker.part, attempt=asker.attempt, message=message)
            behind = _holders(place, asker, QueueReason.QUEUE_LIMIT, "")
            yield Told(asker=asker, input=given, behind=behind)

    def _delayed(self, decided: Sequence[tuple[_Apart, Verdict]]) -> Iterator[Told]:
        """Yield why somebody stays in line, unless that was told before."""
        named = ((place, name, verdict) for place, verdict in decided for name in verdict.waiting)
        for place, name, verdict in self._in_order(named):
            reason, detail = verdict.waiting[name], verdict.details.get(name, "")
            if self._told.get(name) == (reason, detail):
                continue
            self._told[name] = (reason, detail)
            asker = place.asking[name]
            given = SlotDelayed(
                part=asker.part, attempt=asker.attempt, reason=reason, detail=detail
            )
            behind = _holders(place, asker, reason, detail)
            yield Told(asker=asker, input=given, behind=behind)

    def _in_order(
        self, named: Iterable[tuple[_Apart, str, Verdict]]
    ) -> list[tuple[_Apart, str, Verdict]]:
        """Return them as one line would have looked at them."""
        return sorted(
            named, key=lambda each: place_in_line(each[0].asking[each[1]].candidate, self._limits)
        )

    def _placed(self, name: str, things: Sequence[Thing]) -> _Apart:
        """Return the line of those who need any of some things; lines that meet become one."""
        if not things:
            self._place[name] = self._free
            return self._free
        lines = {
            id(self._apart[thing]): self._apart[thing] for thing in things if thing in self._apart
        }
        first, *others = lines.values() or [_Apart()]
        for other in others:
            first.take(other)
            self._place |= dict.fromkeys((*other.asking, *other.holding), first)
            self._dirty.pop(id(other), None)
            self._apart |= {thing: first for thing, each in self._apart.items() if each is other}
        self._apart |= dict.fromkeys(things, first)
        self._place[name] = first
        return first

    def _is_new(self, name: str) -> bool:
        is_new = name not in self._cancelled
        self._cancelled.add(name)
        return is_new


def _holders(place: _Apart, asker: Asker, reason: QueueReason, detail: str) -> tuple[Cause, ...]:
    """Return some of those who hold what somebody waits for."""
    mine = asker.candidate
    wanted = detail.partition(":")[0]

    def is_in_the_way(other: Candidate) -> bool:
        if mine.network is not None:
            return other.network == mine.network
        match reason:
            case QueueReason.LOCK:
                return wanted in other.placement.locks
            case QueueReason.RESOURCE:
                return wanted in other.placement.resources
            case _:
                return other.network is None

    found = (each for each in place.holding.values() if is_in_the_way(each.candidate))
    return tuple(each.cause for _, each in zip(range(BEHIND_MAX), found, strict=False))


def asker_name(run: str, part: PartKey, attempt: int) -> str:
    """Return the name under which somebody stands in line, as in a controller."""
    return f"{run}/{part}:{attempt}"


def asker_of(
    run: str, main: NetworkName, command: AskSlot, things: tuple[Thing, ...], now: datetime
) -> Asker:
    """Return one who asks for what a command says."""
    candidate = Candidate(
        id=asker_name(run, command.part, command.attempt),
        asked_at=now,
        placement=command.placement,
        network=command.network,
        within=(main,),
    )
    return Asker(
        run=run, part=command.part, attempt=command.attempt, candidate=candidate, things=things
    )


def run_asker(run: str, main: NetworkName, things: tuple[Thing, ...], now: datetime) -> Asker:
    """Return a run that asks for an execution of its network."""
    command = AskSlot(part=WHOLE_RUN, attempt=0, placement=Placement(), network=main)
    return asker_of(run, main, command, things, now)
