"""Brings together what parts of many runs wait for, and what these runs send and how they end.

The matching is the engine's; here is only which waits have to be asked again. Ends are kept for
networks that somebody may wait for, and told with the executions that are still to come.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from jobnet.engine.inputs import EndDelivered, EventDelivered
from jobnet.engine.matching import ends_for, first_event
from jobnet.engine.waits import EndWait, EventWait, ExecutionEnd, OpenExecution, SentEvent, Wait
from jobnet.ids import EventId, NetworkName, PartKey
from jobnet.services.forecast.course import Cause

Executions = Callable[[EndWait], tuple[OpenExecution, ...]]
_Key = tuple[str, PartKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a wait of a run is given, and who brought it about."""

    run: str
    input: EventDelivered | EndDelivered
    cause: Cause | None


class SharedBoard:
    """The open waits, the kept events and the ends of all runs."""

    def __init__(
        self, awaited: Collection[NetworkName], executions: Executions, *, ends_known: bool = True
    ) -> None:
        """Begin; ``ends_known`` False: nobody knows what of other networks is still to come."""
        self._awaited, self._executions, self._ends_known = awaited, executions, ends_known
        self._waits: dict[_Key, Wait] = {}
        self._numbers: dict[_Key, int] = {}
        self._by_subject: dict[tuple[str, str], dict[_Key, None]] = {}
        self._events: dict[str, list[SentEvent]] = {}
        self._ends: dict[str, list[ExecutionEnd]] = {}
        self._own_ends: dict[str, list[ExecutionEnd]] = {}
        self._senders: dict[EventId, Cause] = {}
        self._shown: dict[_Key, EndDelivered] = {}
        self._dirty: dict[_Key, None] = {}
        self._fresh_events: set[str] = set()
        self._count = 0

    def open(self, run: str, wait: Wait) -> None:
        """Add a wait; it is matched with all that is kept."""
        key = (run, wait.part, wait.attempt)
        self._count += 1
        self._waits[key] = wait
        self._numbers.setdefault(key, self._count)
        self._by_subject.setdefault(_subject(run, wait), {})[key] = None
        self._dirty[key] = None

    def close(self, run: str, part: PartKey, attempt: int) -> None:
        """Take a wait away."""
        key = (run, part, attempt)
        wait = self._waits.pop(key, None)
        if wait is not None:
            self._by_subject[_subject(run, wait)].pop(key, None)
        self._numbers.pop(key, None)
        self._shown.pop(key, None)
        self._dirty.pop(key, None)

    def publish(self, event: SentEvent, sender: Cause | None) -> None:
        """Add an event; without ``keep`` only waits that are open now get it."""
        self._events.setdefault(str(event.name), []).append(event)
        self._fresh_events.add(str(event.name))
        if sender is not None:
            self._senders[event.id] = sender
        self._dirty |= self._by_subject.get(("event", str(event.name)), {})

    def add_ends(self, ends: Iterable[ExecutionEnd]) -> None:
        """Add what has ended."""
        for end in ends:
            if end.is_own_key:
                self._own_ends.setdefault(str(end.run), []).append(end)
                self._dirty |= self._by_subject.get(("own", str(end.run)), {})
            elif end.network in self._awaited:
                self._ends.setdefault(str(end.network), []).append(end)
                self.changed(end.network)

    def changed(self, network: NetworkName) -> None:
        """Ask the waits for a network again: what is open of it is other than before."""
        self._dirty |= self._by_subject.get(("network", str(network)), {})

    def forget_run(self, run: str) -> None:
        """Forget the own ends of a run that is over."""
        self._own_ends.pop(run, None)

    def deliveries(self, now: datetime) -> tuple[Delivered, ...]:
        """Return what is new for the open waits; a satisfied one is taken away."""
        if not self._dirty:
            self._forget_events(now)
            return ()
        dirty, self._dirty = self._dirty, {}
        found = []
        for key in sorted(dirty, key=self._numbers.__getitem__):
            delivered = self._deliver(key, now)
            if delivered is not None:
                found.append(delivered)
        self._forget_events(now)
        return tuple(found)

    def _deliver(self, key: _Key, now: datetime) -> Delivered | None:
        run, wait = key[0], self._waits[key]
        if isinstance(wait, EventWait):
            event = first_event(wait, self._kept(str(wait.name)), now)
            if event is None:
                return None
            self.close(*key)
            given = EventDelivered(part=wait.part, attempt=wait.attempt, event=event)
            return Delivered(run=run, input=given, cause=self._senders.get(event.id))
        return self._deliver_ends(key, wait)

    def _deliver_ends(self, key: _Key, wait: EndWait) -> Delivered | None:
        run = key[0]
        is_own = wait.network is None
        ends = self._own_ends.get(run, []) if is_own else self._ends.get(str(wait.network), [])
        executions = None if is_own or not self._ends_known else self._executions(wait)
        given = ends_for(wait, ends, executions)
        if given is None or (not given.is_satisfied and self._shown.get(key) == given):
            return None
        if given.is_satisfied:
            self.close(*key)
        else:
            self._shown[key] = given
        last = max(given.ends, key=lambda end: end.ended_at, default=None)
        cause = None if last is None else Cause(run=str(last.run), part=_part_of(last))
        return Delivered(run=run, input=given, cause=cause)

    def _kept(self, name: str) -> list[SentEvent]:
        return sorted(self._events.get(name, ()), key=lambda event: (event.sent_at, event.id))

    def _forget_events(self, now: datetime) -> None:
        """Forget what no wait can get any more, of the names that were sent lately."""
        for name in self._fresh_events:
            events = self._events[name]
            events[:] = [each for each in events if each.keep_until and each.keep_until > now]
        self._fresh_events.clear()


def _subject(run: str, wait: Wait) -> tuple[str, str]:
    if isinstance(wait, EventWait):
        return "event", str(wait.name)
    return ("own", run) if wait.network is None else ("network", str(wait.network))


def _part_of(end: ExecutionEnd) -> str:
    """Return the key in its run of what has ended; "" for the run."""
    if end.is_own_key:
        return end.part or ""
    inside = end.execution.partition("/")[2]
    return ".".join(each for each in (inside, end.part or "") if each)
