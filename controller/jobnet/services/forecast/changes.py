"""Says what may be otherwise in a what-if, and gives the situation as it would be then.

Whatever names something that is not there is refused: a change that changes nothing proves nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import reduce
from typing import assert_never

from jobnet.definition import Queue, walk
from jobnet.engine import Limits, NetworkRule
from jobnet.errors.forecast import WhatIfRefused
from jobnet.ids import NetworkName
from jobnet.services.forecast.asked import PlannedStart, Situation
from jobnet.services.forecast.nodes import queues_without, situation_without

FACTOR_MAX = 1_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A part takes so much longer; without a part, the network starts so much later."""

    network: NetworkName
    part: str = ""
    by: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The jobs of a network, or one of them, take so many times as long."""

    network: NetworkName
    part: str = ""
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLimit:
    """A queue runs so many jobs at most; 0: none."""

    queue: str
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkLimit:
    """A network executes so often at once at most."""

    network: NetworkName
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """There is so much of a resource."""

    resource: str
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lose:
    """A node is away: what runs only there waits."""

    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A start is put to another instant; its operating day stays."""

    key: str
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A start is left out."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """A start more; without an operating day, that of its start in UTC or of its network's zone."""

    network: NetworkName
    start: datetime
    operating_day: date | None = None
    params: Mapping[str, object] = field(default_factory=dict)


Change = Delay | Scale | QueueLimit | NetworkLimit | Capacity | Lose | Move | Skip | Add
AddedStart = Callable[[Add], PlannedStart]
"""Gives a start that is added its operating day, its zone and its complete params."""


def changed(situation: Situation, changes: Iterable[Change], added: AddedStart) -> Situation:
    """Return the situation with all changes, made one after the other; raise ``WhatIfRefused``."""
    return reduce(lambda one, change: _changed(one, change, added), changes, situation)


def _changed(one: Situation, change: Change, added: AddedStart) -> Situation:
    match change:
        case Delay():
            return _delayed(one, change)
        case Scale():
            return _scaled(one, change)
        case QueueLimit():
            return _in_limits(one, lambda limits: _queue_limited(limits, change))
        case NetworkLimit():
            return _network_limited(one, change)
        case Capacity(resource=name, capacity=amount):
            return _in_limits(
                one, lambda limits: replace(limits, resources={**limits.resources, name: amount})
            )
        case Lose(node=node):
            return _lost(one, node)
        case Move() | Skip():
            return _restarted(one, change)
        case Add():
            return _added(one, added(change))
        case _:
            assert_never(change)


def _added(one: Situation, start: PlannedStart) -> Situation:
    """Return the situation with a start more; its network may not have started in it so far."""
    defined = one.networks.get(start.network)
    if defined is None:
        raise WhatIfRefused(start.network, problem="is no network that is applied")
    rules = {
        name: NetworkRule(limit=network.limit, overlap=network.overlap)
        for name, network in defined.bundle.networks.items()
    }
    known = _in_limits(one, lambda limits: replace(limits, networks={**rules, **limits.networks}))
    return replace(known, starts=(*one.starts, start))


def _delayed(one: Situation, change: Delay) -> Situation:
    if change.part:
        _check_part(one, change.network, change.part)
        key = (change.network, change.part)
        delays = {**one.times.delays, key: one.times.delays.get(key, timedelta(0)) + change.by}
        return replace(one, times=replace(one.times, delays=delays))
    if not any(each.network == change.network for each in one.starts):
        raise WhatIfRefused(change.network, problem="does not start in the time of the forecast")
    starts = tuple(
        replace(each, start=_later(each.start, change.by, change.network))
        if each.network == change.network
        else each
        for each in one.starts
    )
    return replace(one, starts=starts)


def _later(start: datetime, by: timedelta, network: str) -> datetime:
    try:
        return start + by
    except OverflowError as error:
        raise WhatIfRefused(network, problem="would start beyond the year 9999") from error


def _scaled(one: Situation, change: Scale) -> Situation:
    if not 0 <= change.factor <= FACTOR_MAX:
        problem = f"takes a factor from 0 to {FACTOR_MAX:g}"
        raise WhatIfRefused(f"{change.network}={change.factor:g}", problem=problem)
    if change.part:
        _check_part(one, change.network, change.part)
    elif not _defines(one, change.network):
        raise WhatIfRefused(change.network, problem="is no network of the forecast")
    factors = {**one.times.factors, (change.network, change.part): change.factor}
    return replace(one, times=replace(one.times, factors=factors))


def _check_part(one: Situation, network: NetworkName, part: str) -> None:
    for each in one.networks.values():
        found = each.bundle.networks.get(network)
        if found is not None and any(inner.id == part for inner in walk(found.flow)):
            return
    raise WhatIfRefused(f"{network}/{part}", problem="names no part of a network of the forecast")


def _defines(one: Situation, network: NetworkName) -> bool:
    return any(network in each.bundle.networks for each in one.networks.values())


def _in_limits(one: Situation, change: Callable[[Limits], Limits]) -> Situation:
    return replace(one, limits=tuple((at, change(limits)) for at, limits in one.limits))


def _queue_limited(limits: Limits, change: QueueLimit) -> Limits:
    if change.queue not in limits.queues:
        raise WhatIfRefused(change.queue, problem="is no queue; `jobnet queue list` shows them")
    before = limits.queues[change.queue]
    return replace(
        limits, queues={**limits.queues, change.queue: replace(before, limit=change.limit)}
    )


def _network_limited(one: Situation, change: NetworkLimit) -> Situation:
    defined = one.networks.get(change.network)
    if defined is None:
        raise WhatIfRefused(change.network, problem="is no network of the forecast")
    overlap = defined.bundle.network.overlap
    rule = NetworkRule(limit=change.limit, overlap=overlap)

    def limited(limits: Limits) -> Limits:
        return replace(limits, networks={**limits.networks, change.network: rule})

    return _in_limits(one, limited)


def _lost(one: Situation, node: str) -> Situation:
    queues = {name for _, each in one.limits for name in queues_without(each.queues, node)}
    without = situation_without(one, node)
    if not queues and without is one:
        raise WhatIfRefused(node, problem="is the only node of no queue and of no part")

    def held(limits: Limits) -> Limits:
        closed = {name: _held(limits.queues, name) for name in queues}
        return replace(limits, queues={**limits.queues, **closed})

    return _in_limits(without, held)


def _held(queues: Mapping[str, Queue], name: str) -> Queue:
    return replace(queues.get(name, Queue(name=name)), is_held=True)


def _restarted(one: Situation, change: Move | Skip) -> Situation:
    found = [each for each in one.starts if each.key == change.key]
    if not found:
        problem = "is no start of the forecast; `jobnet plan show` lists them"
        raise WhatIfRefused(change.key, problem=problem)
    rest = tuple(each for each in one.starts if each.key != change.key)
    if isinstance(change, Skip):
        return replace(one, starts=rest)
    return replace(one, starts=(*rest, replace(found[0], start=change.to)))
