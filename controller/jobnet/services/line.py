"""Gives the attempts of one process their slots, locks and resources.

Whom to let start is the engine's decision (``admit``); here is only who asks and who holds.
"""

from dataclasses import dataclass
from datetime import datetime

from jobnet.definition import Bundle, Overlap
from jobnet.engine import Candidate, Limits, NetworkRule, admit
from jobnet.engine.commands import AskSlot, ReturnSlot
from jobnet.engine.inputs import SlotGranted, SlotRefused
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

    def ask(self, command: AskSlot, now: datetime) -> None:
        """Stand in line; who asks twice stands once."""
        name = _name(command.part, command.attempt)
        if name in self._asking or name in self._holding:
            return
        candidate = Candidate(
            id=name, asked_at=now, placement=command.placement, network=command.network
        )
        self._asking[name] = _Request(key=(command.part, command.attempt), candidate=candidate)

    def give_back(self, command: ReturnSlot) -> None:
        """Leave the line, or give back what was held."""
        name = _name(command.part, command.attempt)
        self._asking.pop(name, None)
        self._holding.pop(name, None)

    def verdicts(self) -> tuple[SlotGranted | SlotRefused, ...]:
        """Return who may start now and who never will; the former hold their slots from here on."""
        if not self._asking:
            return ()
        verdict = admit(
            [request.candidate for request in self._asking.values()],
            [request.candidate for request in self._holding.values()],
            self._limits,
        )
        answers: list[SlotGranted | SlotRefused] = []
        for name in verdict.granted:
            if not self._has_room(self._asking[name]):
                continue  # it stays in line, and asks again when something is given back
            request = self._holding[name] = self._asking.pop(name)
            part, attempt = request.key
            answers.append(SlotGranted(part=part, attempt=attempt))
        for name in verdict.refused:
            request = self._asking.pop(name)
            part, attempt = request.key
            message = f"{request.candidate.network} is executing already and its overlap is skip"
            answers.append(SlotRefused(part=part, attempt=attempt, message=message))
        return tuple(answers)

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
        if network.limit is not None or network.overlap is not Overlap.QUEUE
    }
    return Limits(queues=bundle.queues, networks=rules)


def _name(part: PartKey, attempt: int) -> str:
    return f"{part}:{attempt}"
