"""Learns from normal ends how long things take, and tells what that means for a run."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from jobnet.definition import Network, UnitJob, walk
from jobnet.engine.keys import id_of
from jobnet.engine.standing import flow_of, part_of
from jobnet.engine.states import State
from jobnet.engine.tracker import PartRecord, Tracker
from jobnet.ids import NetworkName, PartKey
from jobnet.ports.journals import History

WHOLE = ""
FAST = "fast-forward"
"""The name of a whole network's duration when its clock jumped: another number altogether."""


class Durations:
    """What the history says about the run of one network; asked for once per part."""

    def __init__(self, history: History, network: NetworkName, *, jumps: bool) -> None:
        self._history, self._network = history, network
        self._whole = FAST if jumps else WHOLE
        self._known: dict[tuple[str, str], timedelta | None] = {}

    def usual(self, tracker: Tracker) -> tuple[timedelta | None, Mapping[PartKey, timedelta]]:
        """Return the usual duration of the run, and of each unit job that runs now."""
        found: dict[PartKey, timedelta] = {}
        for key, record in tracker.parts.items():
            if record.state is State.RUNNING and _is_job(tracker, record):
                usual = self._usual(flow_of(tracker, record.flow).network, id_of(record.key))
                if usual is not None:
                    found[PartKey(key)] = usual
        return self._usual(self._network, self._whole), found

    def usual_seconds(self, networks: Iterable[Network]) -> Mapping[str, float]:
        """Return what the engine compares with: by part id, and "" for the run itself.

        Where the clock jumps the run's own duration says nothing.
        """
        found: dict[str, float] = {}
        for network in networks:
            for part in walk(network.flow):
                usual = self._usual(network.name, part.id)
                if usual is not None:
                    found[part.id] = usual.total_seconds()
        whole = self._usual(self._network, WHOLE)
        if whole is not None and self._whole == WHOLE:
            found[WHOLE] = whole.total_seconds()
        return found

    def learn(self, tracker: Tracker, took: timedelta) -> None:
        """Remember the normal ends of a run; ``took`` is its real duration."""
        run = tracker.run
        assert run is not None, "a run that has ended has started"
        by_network: dict[NetworkName, list[tuple[str, timedelta]]] = {}
        if run.state is State.NORMAL and run.round == 1:
            by_network[self._network] = [(self._whole, took)]
        for _, record in tracker.parts.items():  # noqa: PERF102 - it is no dict
            is_of_now = record.round == run.round  # what a rerun carries was learnt before
            if is_of_now and _is_job(tracker, record) and record.state is State.NORMAL:
                assert record.started is not None, "a job that ended normally had started"
                assert record.ended is not None, "a normal end has an instant"
                network = flow_of(tracker, record.flow).network
                lasted = (str(id_of(record.key)), record.ended - record.started)
                by_network.setdefault(network, []).append(lasted)
        for network, durations in by_network.items():
            self._history.remember(network, durations)

    def _usual(self, network: NetworkName, part: str) -> timedelta | None:
        if (network, part) not in self._known:
            self._known[network, part] = self._history.usual(network, part)
        return self._known[network, part]


def _is_job(tracker: Tracker, record: PartRecord) -> bool:
    return isinstance(part_of(tracker, record).body, UnitJob)
