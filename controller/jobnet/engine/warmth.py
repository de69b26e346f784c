"""Decides whether a job of a part may start warm: in an Ansible that was loaded beforehand.

The nearest word counts: the part's own, that of the containers around it from the inside out,
that of its network (with its project's, which the reader has put there), then that of the part
that calls this network, and so on. Where nobody says anything it may. A queue that says `off` has
the last word over the jobs that ask for it: it stands for the machines behind it.
"""

from jobnet.engine.standing import chain, flow_of, part_of
from jobnet.engine.tracker import PartRecord, Tracker


def may_start_warm(tracker: Tracker, record: PartRecord) -> bool:
    """Return whether neither its queue nor anything near the part forbids it."""
    if _is_forbidden_by_queue(tracker, record):
        return False
    said = part_of(tracker, record).placement.warm
    for flow, owner in chain(tracker, flow_of(tracker, record.flow)):
        if said is None and (owner is None or flow.is_called):
            said = tracker.layout.network(flow.network).placement.warm
        if said is None and owner is not None:
            said = part_of(tracker, owner).placement.warm
    return said is not False


def _is_forbidden_by_queue(tracker: Tracker, record: PartRecord) -> bool:
    network = tracker.layout.network(flow_of(tracker, record.flow).network)
    name = record.queue or part_of(tracker, record).placement.queue or network.placement.queue
    queue = None if name is None else tracker.layout.bundle.queues.get(name)
    return queue is not None and queue.warm is False
