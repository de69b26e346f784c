"""Says what an attempt that is under way was given, as the tracker alone knows it.

The engine says what a shell still has to do; here is what it has done and what is not over: the
slots that are held, and the jobs and messages that were handed over.
"""

from collections.abc import Iterator

from jobnet.definition import SubNetwork, UnitJob
from jobnet.engine import Tracker
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.commands import AskSlot, Command
from jobnet.engine.deriving import commands_of
from jobnet.engine.facts import PartQueued, PartStarted
from jobnet.engine.standing import part_of
from jobnet.engine.states import State
from jobnet.engine.tracker import PartRecord
from jobnet.ids import NetworkName


def holds_slot(tracker: Tracker, record: PartRecord) -> bool:
    """Return whether a part holds what it has asked for."""
    body = part_of(tracker, record).body
    if isinstance(body, SubNetwork):
        network = tracker.layout.network(NetworkName(body.network))
        return record.state is State.RUNNING and is_limited(network)
    return record.is_live and isinstance(body, UnitJob)


def slot_of(tracker: Tracker, record: PartRecord) -> Iterator[AskSlot]:
    """Yield what a part asks for to get its slot."""
    asked = PartQueued(at=record.since, part=record.key, attempt=record.attempt)
    return (each for each in commands_of(tracker, asked) if isinstance(each, AskSlot))


def handed_over(tracker: Tracker, record: PartRecord) -> Iterator[Command]:
    """Yield the job or message with which a live attempt was begun."""
    started = PartStarted(at=record.since, part=record.key, attempt=record.attempt)
    return commands_of(tracker, started)
