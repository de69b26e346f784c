"""Decides which of those who stand in line may start: queues, limits, locks and resources.

Slot, locks and resources of a part are granted together or not at all. The heads of a line are
looked at in order of priority (higher first) and arrival. What is told here is the whole
truth: who calls it holds the rows, or is the only one who decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.definition import LockMode, Overlap, Placement, Queue
from jobnet.engine.states import QueueReason
from jobnet.ids import NetworkName

PRIORITY_DEFAULT = 50
EXECUTIONS_MAX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One who asks: a unit job for a slot, or a call for an execution of its network.

    ``id`` is the asker's own name for the request, unique among all of them.
    """

    id: str
    asked_at: datetime
    placement: Placement
    network: NetworkName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRule:
    """How many executions of a network there may be, and what happens beyond."""

    limit: int | None
    overlap: Overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What there is: queues by name, capacities of resources, rules of networks."""

    queues: Mapping[str, Queue] = field(default_factory=dict)
    resources: Mapping[str, int] = field(default_factory=dict)
    networks: Mapping[NetworkName, NetworkRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided: who starts, who never will, and why the others wait.

    ``to_cancel`` are holders that have to make room: ``overlap: cancel_previous``.
    """

    granted: tuple[str, ...]
    refused: tuple[str, ...]
    waiting: Mapping[str, QueueReason]
    to_cancel: tuple[str, ...] = ()


def admit(candidates: Sequence[Candidate], holders: Sequence[Candidate], limits: Limits) -> Verdict:
    """Return who may start beside those who hold something already."""
    held = list(holders)
    granted: list[str] = []
    refused: list[str] = []
    waiting: dict[str, QueueReason] = {}
    to_cancel: list[str] = []
    for candidate in sorted(candidates, key=lambda each: _place_in_line(each, limits)):
        if _is_refused(candidate, held, limits):
            refused.append(candidate.id)
            continue
        reason = _obstacle(candidate, held, limits)
        if reason is None:
            held.append(candidate)
            granted.append(candidate.id)
        else:
            waiting[candidate.id] = reason
            to_cancel.extend(_in_the_way(candidate, holders, limits, to_cancel))
    return Verdict(
        granted=tuple(granted),
        refused=tuple(refused),
        waiting=waiting,
        to_cancel=tuple(to_cancel),
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


def _place_in_line(candidate: Candidate, limits: Limits) -> tuple[int, datetime, str]:
    priority = candidate.placement.priority
    if priority is None:
        queue = limits.queues.get(candidate.placement.queue or "")
        priority = PRIORITY_DEFAULT if queue is None else queue.priority
    return (-priority, candidate.asked_at, candidate.id)


def _is_refused(candidate: Candidate, held: list[Candidate], limits: Limits) -> bool:
    if candidate.network is None:
        return False
    rule = limits.networks.get(candidate.network)
    is_full = rule is not None and _executions(candidate.network, held) >= _room(rule)
    return is_full and rule is not None and rule.overlap is Overlap.SKIP


def _room(rule: NetworkRule) -> int:
    """Return how many executions fit; without a limit skip and cancel_previous mean one."""
    if rule.limit is not None:
        return rule.limit
    is_single = rule.overlap in {Overlap.SKIP, Overlap.CANCEL_PREVIOUS}
    return 1 if is_single else EXECUTIONS_MAX


def _executions(network: NetworkName, held: list[Candidate]) -> int:
    return sum(1 for each in held if each.network == network)


def _obstacle(candidate: Candidate, held: list[Candidate], limits: Limits) -> QueueReason | None:
    """Return what stands in the way, or None."""
    if candidate.network is not None:
        rule = limits.networks.get(candidate.network)
        is_full = rule is not None and _executions(candidate.network, held) >= _room(rule)
        return QueueReason.QUEUE_LIMIT if is_full else None
    if _queue_is_full(candidate, held, limits):
        return QueueReason.QUEUE_LIMIT
    if not _locks_are_free(candidate, held):
        return QueueReason.LOCK
    return None if _resources_are_free(candidate, held, limits) else QueueReason.RESOURCE


def _queue_is_full(candidate: Candidate, held: list[Candidate], limits: Limits) -> bool:
    name = candidate.placement.queue
    queue = None if name is None else limits.queues.get(name)
    if queue is None:
        return False
    running = sum(1 for each in held if each.network is None and each.placement.queue == name)
    return queue.is_held or (queue.limit is not None and running >= queue.limit)


def _locks_are_free(candidate: Candidate, held: list[Candidate]) -> bool:
    for name, mode in candidate.placement.locks.items():
        modes = [each.placement.locks[name] for each in held if name in each.placement.locks]
        if modes and (mode is LockMode.EXCLUSIVE or LockMode.EXCLUSIVE in modes):
            return False
    return True


def _resources_are_free(candidate: Candidate, held: list[Candidate], limits: Limits) -> bool:
    for name, wanted in candidate.placement.resources.items():
        used = sum(each.placement.resources.get(name, 0) for each in held)
        if name in limits.resources and used + wanted > limits.resources[name]:
            return False
    return True
