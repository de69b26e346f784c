"""Decides which of those who stand in line may start: queues, limits, locks and resources.

Slot, locks and resources of a part are granted together or not at all. The heads of a line are
looked at in order of priority (higher first) and arrival. What is told here is the whole
truth: who calls it holds the rows, or is the only one who decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.definition import Overlap, Placement, Queue
from jobnet.engine.states import QueueReason
from jobnet.engine.tallies import Tally
from jobnet.ids import NetworkName

PRIORITY_DEFAULT = 50
EXECUTIONS_MAX = 1_000_000
FORWARDED_MAX = 10
"""A queue may forward to one that forwards, so often and no further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One who asks: a unit job for a slot, or a call for an execution of its network.

    ``id`` is the asker's own name for the request, unique among all of them. ``within`` are the
    networks that it is a part of: where one is suspended, it waits.
    """

    id: str
    asked_at: datetime
    placement: Placement
    network: NetworkName | None = None
    within: tuple[NetworkName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRule:
    """How many executions of a network there may be, and what happens beyond."""

    limit: int | None
    overlap: Overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something is left alone until an instant, None: nobody knows until when."""

    detail: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What there is: queues by name, capacities of resources, rules of networks.

    ``jobs_max`` bounds the unit jobs of all queues together. ``last_starts`` says when the last
    job of a queue started, for its spacing. ``tripped`` queues let so many jobs run: none, or one
    that tries. ``suspended`` networks start nothing, ``standstill`` everything; both say why.
    Maintenance windows hold single candidates (``held``, by their id) and whole queues.
    """

    queues: Mapping[str, Queue] = field(default_factory=dict)
    resources: Mapping[str, int] = field(default_factory=dict)
    networks: Mapping[NetworkName, NetworkRule] = field(default_factory=dict)
    jobs_max: int | None = None
    last_starts: Mapping[str, datetime] = field(default_factory=dict)
    tripped: Mapping[str, int] = field(default_factory=dict)
    suspended: Mapping[NetworkName, str] = field(default_factory=dict)
    standstill: str = ""
    held: Mapping[str, Held] = field(default_factory=dict)
    held_queues: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided: who starts, who never will, and why the others wait.

    ``details`` says more of a reason. ``queues`` tells where a granted job runs that its queue
    has forwarded. ``to_cancel`` are holders that have to make room: ``overlap: cancel_previous``.
    ``again_at`` is when somebody may start by the clock alone.
    """

    granted: tuple[str, ...]
    refused: tuple[str, ...]
    waiting: Mapping[str, QueueReason]
    to_cancel: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Obstacle:
    """What stands in somebody's way; ``until``: the clock takes it away."""

    reason: QueueReason
    detail: str = ""
    until: datetime | None = None


def admit(
    candidates: Sequence[Candidate],
    holders: Sequence[Candidate],
    limits: Limits,
    *,
    now: datetime | None = None,
) -> Verdict:
    """Return who may start beside those who hold something already.

    Without ``now`` the spacing of starts counts for nothing.
    """
    tally = Tally(limits.last_starts)
    for holder in holders:
        tally.add(holder.placement, network=holder.network)
    for candidate in candidates:
        tally.await_in(candidate.placement.queue)
    decided = _Decided()
    for candidate in sorted(candidates, key=lambda each: place_in_line(each, limits)):
        if _is_refused(candidate, tally, limits):
            decided.refused.append(candidate.id)
            continue
        queue, obstacle = _way_in(candidate, tally, limits, now)
        if obstacle is None:
            placed = _placed(candidate, queue)
            tally.add(placed.placement, network=placed.network, started_at=now)
            decided.granted.append(candidate.id)
            if queue is not None and queue != candidate.placement.queue:
                decided.queues[candidate.id] = queue
        else:
            decided.obstacles[candidate.id] = obstacle
            decided.to_cancel += _in_the_way(candidate, holders, limits, decided.to_cancel)
    return _verdict(decided)


def place_in_line(candidate: Candidate, limits: Limits) -> tuple[int, datetime, str]:
    """Return what is smaller for one who is looked at earlier."""
    priority = candidate.placement.priority
    if priority is None:
        queue = limits.queues.get(candidate.placement.queue or "")
        priority = PRIORITY_DEFAULT if queue is None else queue.priority
    return (-priority, candidate.asked_at, candidate.id)


@dataclass(slots=True)
class _Decided:
    """What is decided about those who were looked at so far."""

    granted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    obstacles: dict[str, _Obstacle] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)
    to_cancel: list[str] = field(default_factory=list)


def _verdict(decided: _Decided) -> Verdict:
    obstacles = decided.obstacles
    untils = [each.until for each in obstacles.values() if each.until is not None]
    return Verdict(
        granted=tuple(decided.granted),
        refused=tuple(decided.refused),
        waiting={name: each.reason for name, each in obstacles.items()},
        to_cancel=tuple(decided.to_cancel),
        details={name: each.detail for name, each in obstacles.items() if each.detail},
        queues=decided.queues,
        again_at=min(untils, default=None),
    )


def _placed(candidate: Candidate, queue: str | None) -> Candidate:
    if queue == candidate.placement.queue:
        return candidate
    own = candidate.placement
    placement = Placement(
        queue=queue,
        priority=own.priority,
        nodes=own.nodes,
        locks=own.locks,
        resources=own.resources,
        warm=own.warm,
    )
    return Candidate(
        id=candidate.id,
        asked_at=candidate.asked_at,
        placement=placement,
        network=candidate.network,
        within=candidate.within,
    )


def _in_the_way(
    candidate: Candidate, holders: Sequence[Candidate], limits: Limits, chosen: list[str]
) -> list[str]:
    """Return the oldest execution that has to end so that this one can begin."""
    rule = None if candidate.network is None else limits.networks.get(candidate.network)
    if rule is None or rule.overlap is not Overlap.CANCEL_PREVIOUS:
        return []
    same = [each for each in holders if each.network == candidate.network]
    earlier = sorted(same, key=lambda each: (each.asked_at, each.id))
    return [each.id for each in earlier if each.id not in chosen][:1]


def _is_refused(candidate: Candidate, tally: Tally, limits: Limits) -> bool:
    rule = None if candidate.network is None else limits.networks.get(candidate.network)
    if candidate.network is None or rule is None or rule.overlap is not Overlap.SKIP:
        return False
    return tally.executions(candidate.network) >= _room(rule)


def _room(rule: NetworkRule) -> int:
    """Return how many executions fit; without a limit skip and cancel_previous mean one."""
    if rule.limit is not None:
        return rule.limit
    is_single = rule.overlap in {Overlap.SKIP, Overlap.CANCEL_PREVIOUS}
    return 1 if is_single else EXECUTIONS_MAX


def _way_in(
    candidate: Candidate, tally: Tally, limits: Limits, now: datetime | None
) -> tuple[str | None, _Obstacle | None]:
    """Return the queue in which a candidate starts, or what stands in its way."""
    own = candidate.placement.queue
    stop = _standstill(candidate, limits)
    if stop is not None:
        return own, stop
    if candidate.network is not None:
        return own, _full_network(candidate.network, tally, limits)
    queue, obstacle = _way_through(candidate, tally, limits, now)
    if obstacle is None and limits.jobs_max is not None and tally.jobs >= limits.jobs_max:
        detail = f"{limits.jobs_max} unit jobs run already"
        obstacle = _Obstacle(reason=QueueReason.QUEUE_LIMIT, detail=detail)
    if obstacle is not None:
        return queue, obstacle
    if lock := tally.lock_in_the_way(candidate.placement.locks):
        return queue, _Obstacle(reason=QueueReason.LOCK, detail=lock)
    missing = tally.resource_missing(candidate.placement.resources, limits.resources)
    if missing:
        return queue, _Obstacle(reason=QueueReason.RESOURCE, detail=missing)
    return queue, None


def _standstill(candidate: Candidate, limits: Limits) -> _Obstacle | None:
    if limits.standstill:
        return _Obstacle(reason=QueueReason.PAUSED, detail=limits.standstill)
    networks = (*candidate.within, *((candidate.network,) if candidate.network else ()))
    for network in networks:
        if network in limits.suspended:
            return _Obstacle(reason=QueueReason.PAUSED, detail=limits.suspended[network])
    return _window(limits.held.get(candidate.id))


def _window(held: Held | None) -> _Obstacle | None:
    if held is None:
        return None
    return _Obstacle(reason=QueueReason.WINDOW, detail=held.detail, until=held.until)


def _full_network(network: NetworkName, tally: Tally, limits: Limits) -> _Obstacle | None:
    rule = limits.networks.get(network)
    if rule is None or tally.executions(network) < _room(rule):
        return None
    return _Obstacle(reason=QueueReason.QUEUE_LIMIT)


def _way_through(
    candidate: Candidate, tally: Tally, limits: Limits, now: datetime | None
) -> tuple[str | None, _Obstacle | None]:
    """Return the queue at the end of forwarding that lets the job in, or the first obstacle."""
    name = candidate.placement.queue
    ahead, seen = [name], {name}
    first: _Obstacle | None = None
    for _ in range(FORWARDED_MAX):
        if not ahead:
            break
        at = ahead.pop(0)
        queue = None if at is None else limits.queues.get(at)
        obstacle = None if queue is None else _closed(queue, tally, limits, now)
        if obstacle is None and (queue is None or not queue.forward_to):
            return at, None
        first = first or obstacle
        if obstacle is None and queue is not None:
            targets = [each for each in _ordered(queue, tally, limits) if each not in seen]
            ahead = [*targets, *ahead]
            seen.update(targets)
    return name, first or _Obstacle(reason=QueueReason.QUEUE_LIMIT, detail=f"{name} leads nowhere")


def _ordered(queue: Queue, tally: Tally, limits: Limits) -> tuple[str, ...]:
    """Return where a queue forwards to, the place to try first at the front."""
    targets = queue.forward_to
    if queue.distribution == "round_robin":
        return tuple(sorted(targets, key=tally.turn_of))
    if queue.distribution == "fewest_waiting":
        return tuple(sorted(targets, key=tally.waiting_in))
    return tuple(sorted(targets, key=lambda name: -_free(limits.queues.get(name), tally)))


def _free(queue: Queue | None, tally: Tally) -> int:
    limit = None if queue is None else queue.limit
    used = 0 if queue is None else tally.jobs_in(queue.name)
    return (EXECUTIONS_MAX if limit is None else limit) - used


def _closed(queue: Queue, tally: Tally, limits: Limits, now: datetime | None) -> _Obstacle | None:
    """Return why a queue lets nobody in now."""
    name = queue.name
    if name in limits.held_queues:
        return _window(limits.held_queues[name])
    if queue.is_held:
        return _Obstacle(reason=QueueReason.QUEUE_LIMIT, detail=f"{name} is held")
    running = tally.jobs_in(name)
    if name in limits.tripped and running >= limits.tripped[name]:
        return _Obstacle(reason=QueueReason.TRIPPED, detail=f"{name} has tripped")
    if queue.limit is not None and running >= queue.limit:
        return _Obstacle(
            reason=QueueReason.QUEUE_LIMIT, detail=f"{name} runs {queue.limit} at most"
        )
    last = tally.last_start(name)
    if now is not None and last is not None and queue.start_spacing:
        free_at = last + queue.start_spacing
        if free_at > now:
            detail = f"{name} starts one every {queue.start_spacing.total_seconds():g} s"
            return _Obstacle(reason=QueueReason.QUEUE_LIMIT, detail=detail, until=free_at)
    return None
