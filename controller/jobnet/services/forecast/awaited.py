"""Knows which executions are open or to come of the networks that some part waits for."""

from collections.abc import Iterable
from datetime import date

from jobnet.definition import Bundle, WaitNetwork, WaitPart, walk
from jobnet.engine import open_executions
from jobnet.engine.waits import EndWait, OpenExecution, Outlook
from jobnet.ids import NetworkName, RunId
from jobnet.services.forecast.asked import Situation
from jobnet.services.forecast.run_at_work import RunAtWork


def awaited_in(bundles: Iterable[Bundle]) -> frozenset[NetworkName]:
    """Return the networks of whose ends some part of these networks waits."""
    return frozenset(
        NetworkName(part.body.network)
        for bundle in bundles
        for network in bundle.networks.values()
        for part in walk(network.flow)
        if isinstance(part.body, WaitNetwork | WaitPart) and part.body.network is not None
    )


class Awaited:
    """The runs in which awaited networks execute, or will."""

    def __init__(self, situation: Situation) -> None:
        bundles = [each.bundle for each in situation.networks.values()]
        bundles += [each.tracker.layout.bundle for each in situation.open_runs]
        self.names = awaited_in(bundles)
        self._planned: dict[tuple[NetworkName, date], dict[str, RunAtWork]] = {}
        self._begun: dict[NetworkName, dict[str, RunAtWork]] = {}

    def publishes(self, run: RunAtWork) -> bool:
        """Return whether somebody may wait for an end in a run."""
        layout = run.tracker.layout
        return layout.has_own_waits or not self.names.isdisjoint(layout.bundle.networks)

    def plan(self, run: RunAtWork) -> None:
        """Take a run in that is to come."""
        if run.planned is not None and run.network in self.names:
            key = (run.network, run.planned.operating_day)
            self._planned.setdefault(key, {})[run.name] = run

    def begin(self, run: RunAtWork) -> None:
        """Take a run in that has begun."""
        self._unplan(run)
        for network in self._in(run):
            self._begun.setdefault(network, {})[run.name] = run

    def end(self, run: RunAtWork) -> tuple[NetworkName, ...]:
        """Forget a run that is over; return the awaited networks that executed in it."""
        self._unplan(run)
        found = self._in(run)
        for network in found:
            self._begun.get(network, {}).pop(run.name, None)
        return found

    def executions(self, wait: EndWait) -> tuple[OpenExecution, ...]:
        """Return the executions that a wait for a network may mean."""
        assert wait.network is not None, "own parts are no executions"
        begun = (
            each
            for run in self._begun.get(wait.network, {}).values()
            for each in open_executions(run.tracker)
            if each.network == wait.network
        )
        planned = self._planned.get((wait.network, wait.operating_day), {}).values()
        return (*begun, *(to_come(run) for run in planned))

    def _unplan(self, run: RunAtWork) -> None:
        if run.planned is not None:
            key = (run.network, run.planned.operating_day)
            self._planned.get(key, {}).pop(run.name, None)

    def _in(self, run: RunAtWork) -> tuple[NetworkName, ...]:
        return tuple(name for name in run.tracker.layout.bundle.networks if name in self.names)


def to_come(run: RunAtWork) -> OpenExecution:
    """Return a run that has not begun as something that can be waited for."""
    planned = run.planned
    assert planned is not None, "what is to come is planned"
    return OpenExecution(
        network=run.network,
        execution=run.name,
        run=RunId(run.name),
        outlook=Outlook.PLANNED,
        operating_day=planned.operating_day,
        planned_start=planned.start,
    )
