"""Tells which queues, locks, resources and networks can hold somebody up, and who shares them.

Only these have to be asked for in a common line. Whoever needs none of them starts at once, and
those who need different ones never meet, so each has a line of its own.
"""

from collections.abc import Iterator, Sequence

from jobnet.definition import Network, Placement, Queue
from jobnet.engine import Limits
from jobnet.engine.begin_containers import is_limited
from jobnet.ids import NetworkName

Thing = tuple[str, str]
"""What can be short, as its kind and name: ``("queue", "sap")``."""
EVERYTHING: Thing = ("everything", "")


class SharedThings:
    """What can hold somebody up under any of these limits."""

    def __init__(self, limits: Sequence[Limits]) -> None:
        self._limits = tuple(limits)
        self._is_one = any(each.jobs_max is not None or each.standstill for each in limits)
        queues = {name for each in limits for name in each.queues}
        self._queues = {
            name: reached
            for name in queues
            if (reached := self._reached(name)) and self._is_short(reached)
        }
        self._resources = {name for each in limits for name in each.resources}
        self._suspended = {name for each in limits for name in each.suspended}

    def of_attempt(
        self, placement: Placement, called: NetworkName | None, *, main: NetworkName
    ) -> tuple[Thing, ...]:
        """Return what an attempt of a run of ``main`` needs that can be short.

        With ``called`` it is a call that asks for an execution of a network.
        """
        if called is None:
            return tuple(self._of_job(placement, main))
        return (EVERYTHING,) if self._is_one else (("network", str(called)),)

    def of_run(self, network: Network) -> tuple[Thing, ...]:
        """Return what a run of a network needs before it may begin; () if it begins at once."""
        name = network.name
        rules = (each.networks.get(name) for each in self._limits)
        is_short = (
            is_limited(network)
            or name in self._suspended
            or any(rule is not None and rule.limit is not None for rule in rules)
            or any(each.standstill for each in self._limits)
        )
        if not is_short:
            return ()
        return (EVERYTHING,) if self._is_one else (("network", str(name)),)

    def _of_job(self, placement: Placement, main: NetworkName) -> Iterator[Thing]:
        if self._is_one:
            yield EVERYTHING
            return
        yield from (("queue", name) for name in self._queues.get(placement.queue or "", ()))
        yield from (("lock", name) for name in sorted(placement.locks))
        yield from (("resource", name) for name in placement.resources if name in self._resources)
        if main in self._suspended:
            yield "network", str(main)

    def _reached(self, name: str) -> tuple[str, ...]:
        """Return a queue and those that it forwards to, at any remove."""
        found, ahead = [name], [name]
        while ahead:
            for queue in self._defined(ahead.pop()):
                new = [each for each in queue.forward_to if each not in found]
                found += new
                ahead += new
        return tuple(found)

    def _defined(self, name: str) -> tuple[Queue, ...]:
        return tuple(each.queues[name] for each in self._limits if name in each.queues)

    def _is_short(self, names: Sequence[str]) -> bool:
        if len(names) > 1:
            return True  # where to, depends on how many are where
        return any(
            queue.limit is not None or queue.is_held or queue.start_spacing
            for queue in self._defined(names[0])
        ) or any(names[0] in each.tripped for each in self._limits)
