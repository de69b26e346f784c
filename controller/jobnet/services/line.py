"""Gives the attempts of one process their slots, locks and resources.

Whom to let start is the engine's decision (``admit``); here is only who asks and who holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobnet.definition import Bundle
from jobnet.engine import Candidate, Limits, NetworkRule, admit
from jobnet.engine.commands import AskSlot, ReturnSlot
from jobnet.engine.inputs import SlotDelayed, SlotGranted, SlotRefused
from jobnet.engine.states import QueueReason
from jobnet.ids import PartKey

_Key = tuple[PartKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    key: _Key
    candidate: Candidate


class Line:
    """Who asks and who holds, in the order in which they asked.

    ``jobs_max`` bounds the unit jobs of this process, whatever their queues say: a for-each
    over a thousand items must not start a thousand Ansibles.
    """

    def __init__(self, bundle: Bundle, *, jobs_max: int) -> None:
        self._limits = _limits(bundle)
        self._jobs_max = jobs_max
        self._asking: dict[str, _Request] = {}
        self._holding: dict[str, _Request] = {}
        self._told: dict[str, tuple[QueueReason, str]] = {}
        self._to_cancel: list[PartKey] = []
        self._cancelled: set[str] = set()

    def ask(self, command: AskSlot, now: datetime) -> None:
        """Stand in line; who asks again stands once, with the placement that it has now."""
        name = _name(command.part, command.attempt)
        if name in self._holding:
            return
        before = self._asking.get(name)
        candidate = Candidate(
            id=name,
            asked_at=now if before is None else before.candidate.asked_at,
            placement=command.placement,
            network=command.network,
        )
        self._asking[name] = _Request(key=(command.part, command.attempt), candidate=candidate)

    def give_back(self, command: ReturnSlot) -> None:
        """Leave the line, or give back what was held."""
        name = _name(command.part, command.attempt)
        self._asking.pop(name, None)
        self._holding.pop(name, None)
        self._told.pop(name, None)

    def verdicts(self) -> tuple[SlotGranted | SlotDelayed | SlotRefused, ...]:
        """Return who may start now and holds its slot from here on, who waits and who never may."""
        if not self._asking:
            return ()
        verdict = admit(
            [request.candidate for request in self._asking.values()],
            [request.candidate for request in self._holding.values()],
            self._limits,
        )
        self._to_cancel.extend(
            self._holding[name].key[0] for name in verdict.to_cancel if self._has_news(name)
        )
        return (
            *self._granted(verdict.granted),
            *self._refused(verdict.refused),
            *self._delayed(verdict.waiting),
        )

    @property
    def has_calls(self) -> bool:
        """Whether a call stands in line for an execution of its network."""
        return any(each.candidate.network is not None for each in self._asking.values())

    def take_cancelled(self) -> tuple[PartKey, ...]:
        """Return the calls that have to make room for a later one, each once."""
        taken, self._to_cancel = tuple(self._to_cancel), []
        return taken

    def _has_news(self, name: str) -> bool:
        is_new = name not in self._cancelled
        self._cancelled.add(name)
        return is_new

    def _granted(self, names: Sequence[str]) -> Iterator[SlotGranted | SlotDelayed]:
        for name in names:
            if not self._has_room(self._asking[name]):
                detail = f"{self._jobs_max} unit jobs run already"
                yield from self._tell(name, QueueReason.QUEUE_LIMIT, detail)
                continue  # it stays in line, and asks again when something is given back
            request = self._holding[name] = self._asking.pop(name)
            self._told.pop(name, None)
            part, attempt = request.key
            yield SlotGranted(part=part, attempt=attempt)

    def _refused(self, names: Sequence[str]) -> Iterator[SlotRefused]:
        for name in names:
            request = self._asking.pop(name)
            part, attempt = request.key
            message = f"{request.candidate.network} is executing already and its overlap is skip"
            yield SlotRefused(part=part, attempt=attempt, message=message)

    def _delayed(self, waiting: Mapping[str, QueueReason]) -> Iterator[SlotDelayed]:
        for name, reason in waiting.items():
            yield from self._tell(name, reason, "")

    def _tell(self, name: str, reason: QueueReason, detail: str) -> Iterator[SlotDelayed]:
        """Yield why somebody stays in line, unless that was told before."""
        if self._told.get(name) != (reason, detail):
            self._told[name] = (reason, detail)
            part, attempt = self._asking[name].key
            yield SlotDelayed(part=part, attempt=attempt, reason=reason, detail=detail)

    def _has_room(self, request: _Request) -> bool:
        """Return whether one more job may run; a call of a network is none."""
        if request.candidate.network is not None:
            return True
        jobs = sum(each.candidate.network is None for each in self._holding.values())
        return jobs < self._jobs_max


def _limits(bundle: Bundle) -> Limits:
    rules = {
        name: NetworkRule(limit=network.limit, overlap=network.overlap)
        for name, network in bundle.networks.items()
    }
    return Limits(queues=bundle.queues, networks=rules)


def _name(part: PartKey, attempt: int) -> str:
    return f"{part}:{attempt}"
