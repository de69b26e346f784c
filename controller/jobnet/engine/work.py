"""Decides, from records alone, whether a container has something to do next.

``evolve`` asks this to keep the list of what is due; the answer never looks at a definition
beyond the number of flows that a container has.
"""

from jobnet.definition import AnyOf, Block, ForEach, Parallel, SubNetwork
from jobnet.engine.standing import place_of
from jobnet.engine.states import EndClass, has_ended
from jobnet.engine.tracker import PartRecord, Tracker


def flows_to_open(tracker: Tracker, record: PartRecord) -> int:
    """Return how many flows of a container may be opened now."""
    if has_ended(record.state):
        return 0
    body = place_of(tracker, record).part.body
    match body:
        case Parallel(branches=branches, limit=limit):
            total = len(branches)
        case AnyOf(branches=branches):
            total, limit = len(branches), None
        case ForEach(limit=limit):
            total = len(record.items or ())
        case _:
            return 0
    room = total if limit is None else max(0, limit - record.open_flows)
    return min(total - record.next_child, room)


def has_work(tracker: Tracker, record: PartRecord) -> bool:
    """Return whether a running container has something to decide."""
    if has_ended(record.state):
        return False
    if flows_to_open(tracker, record) > 0:
        return True
    if is_won(tracker, record):
        return True
    return record.open_flows == 0 and (record.lingering == 0 or not _needs_rest(tracker, record))


def _needs_rest(tracker: Tracker, record: PartRecord) -> bool:
    """Return whether a container waits for the losers of OR branches inside it.

    An execution of a called network ends when nothing of it is active; a rescue or ``always``
    starts then. All others do not wait for losers.
    """
    body = place_of(tracker, record).part.body
    if isinstance(body, Block):
        is_next = record.taken == "flow" and record.worst is EndClass.ABNORMAL
        return bool(body.rescue and is_next) or bool(body.always and record.taken != "always")
    return isinstance(body, SubNetwork)


def is_won(tracker: Tracker, record: PartRecord) -> bool:
    """Return whether the record is an OR branch with a branch that ended fine or with warning."""
    if record.taken is None or record.worst is None or record.worst is EndClass.ABNORMAL:
        return False
    return isinstance(place_of(tracker, record).part.body, AnyOf)
