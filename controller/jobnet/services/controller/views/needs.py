"""Says what one network needs of others, and what it shares with them, as its text says.

A file that a wait looks at is not among it: no definition says who makes the file.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from jobnet.definition import (
    Network,
    Part,
    SendEvent,
    SubNetwork,
    WaitEvent,
    WaitNetwork,
    WaitPart,
    walk,
)
from jobnet.definition.attributes import Placement
from jobnet.project.folders import candidates
from jobnet.schedules import EventArrived, NetworkEnded, StartCondition, leaves


class NeedKind(StrEnum):
    """How a network depends on another."""

    CALL = "call"
    WAIT_NETWORK = "wait_network"
    WAIT_PART = "wait_part"
    EVENT = "event"
    START_NETWORK = "start_network"
    START_EVENT = "start_event"

    @property
    def is_event(self) -> bool:
        """Whether it is an event that is needed, whoever sends it."""
        return self in (NeedKind.EVENT, NeedKind.START_EVENT)


class ShareKind(StrEnum):
    """What networks have in common without needing each other."""

    QUEUE = "queue"
    LOCK = "lock"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that a network needs: a network, or an event by name.

    ``part`` is the part that needs it, "" for the start of the network; ``detail`` is the part
    of the other network that is waited for. A network that nobody has applied keeps the name
    that was written. ``line`` counts from 1, 0: unknown.
    """

    kind: NeedKind
    name: str
    part: str = ""
    detail: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A queue, a lock or a resource that a network uses."""

    kind: ShareKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """All that ties one network to others."""

    needs: tuple[Need, ...] = ()
    sends: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()


def ties_of(network: Network, known: Collection[str], queues: Collection[str]) -> Ties:
    """Return what ties a network, whose names are as written, to those that are known."""
    parts = tuple(walk(network.flow))
    needs = [need for part in parts for need in _needs_of(part)]
    needs.extend(_start_needs(network.start_on, network.position.line))
    places = (network.placement, *(part.placement for part in parts))
    shares = {share for place in places for share in _shares_of(place, network.folder, queues)}
    sends = {part.body.name for part in parts if isinstance(part.body, SendEvent)}
    return Ties(
        needs=tuple(_meant(need, network.folder, known) for need in needs),
        sends=tuple(sorted(sends)),
        shares=tuple(sorted(shares, key=lambda share: (share.kind, share.name))),
    )


def _needs_of(part: Part) -> Iterator[Need]:
    line = part.position.line
    match part.body:
        case SubNetwork(network=name):
            yield Need(kind=NeedKind.CALL, name=name, part=part.id, line=line)
        case WaitNetwork(network=name):
            yield Need(kind=NeedKind.WAIT_NETWORK, name=name, part=part.id, line=line)
        case WaitPart(network=str(name), part=other):
            yield Need(kind=NeedKind.WAIT_PART, name=name, part=part.id, detail=other, line=line)
        case WaitEvent(name=name):
            yield Need(kind=NeedKind.EVENT, name=name, part=part.id, line=line)
        case _:
            return


def _start_needs(condition: StartCondition | None, line: int) -> Iterator[Need]:
    """Yield what a start condition names: networks and events, however they are nested."""
    for leaf in leaves(condition.when) if condition is not None else ():
        match leaf.source:
            case NetworkEnded(network=name):
                yield Need(kind=NeedKind.START_NETWORK, name=name, line=line)
            case EventArrived(name=name):
                yield Need(kind=NeedKind.START_EVENT, name=name, line=line)
            case _:
                continue


def _shares_of(place: Placement, folder: str, queues: Collection[str]) -> Iterator[Share]:
    if place.queue is not None:
        yield Share(kind=ShareKind.QUEUE, name=found_name(place.queue, folder, queues))
    for lock in place.locks:
        yield Share(kind=ShareKind.LOCK, name=lock)
    for resource in place.resources:
        yield Share(kind=ShareKind.RESOURCE, name=resource)


def _meant(need: Need, folder: str, known: Collection[str]) -> Need:
    if need.kind.is_event:
        return need
    return replace(need, name=found_name(need.name, folder, known))


def found_name(written: str, folder: str, known: Collection[str]) -> str:
    """Return the full name that a written one means in a folder; as written if it means none.

    >>> found_name("pay", "a/b", {"a/pay", "pay"})
    'a/pay'
    """
    return next((name for name in candidates(written, folder) if name in known), written)
