"""Tells how long a run and its unit jobs took, where their ends were normal.

What a rerun carries was learnt in the round before, and a round after the first says nothing about
the network as a whole.
"""

from collections.abc import Iterator

from jobnet.definition import UnitJob
from jobnet.engine import Tracker
from jobnet.engine.keys import id_of
from jobnet.engine.standing import flow_of, part_of, run_of
from jobnet.engine.states import State
from jobnet.ports.store import Lasted

WHOLE = ""


def lasted_in(tracker: Tracker) -> Iterator[Lasted]:
    """Yield what can be learnt from a run that has just ended; a check run teaches nothing."""
    run = run_of(tracker)
    if run.check:
        return
    if run.state is State.NORMAL and run.round == 1 and run.ended is not None:
        seconds = (run.ended - run.started).total_seconds()
        yield Lasted(network=run.network, part=WHOLE, seconds=seconds)
    for record in tracker.parts.values():
        if record.round != run.round or record.state is not State.NORMAL:
            continue
        if record.started is None or record.ended is None:
            continue
        if isinstance(part_of(tracker, record).body, UnitJob):
            yield Lasted(
                network=flow_of(tracker, record.flow).network,
                part=str(id_of(record.key)),
                seconds=(record.ended - record.started).total_seconds(),
            )
