"""Checks what an operator chooses with a rerun: another case of a branch, other hosts.

Both count once, for the attempt that the rerun begins; a later one decides by itself again.
"""

from jobnet.definition import Branch, CalendarBranch, ContinueFrom, UnitJob, walk
from jobnet.engine import orders as o
from jobnet.engine.layout import address_of
from jobnet.engine.standing import slots_of
from jobnet.engine.tracker import Tracker
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey


def refuse_cases(tracker: Tracker, order: o.Rerun, reset: tuple[PartKey, ...]) -> None:
    """Refuse a case of what is no branch, of one that is carried, or one that it does not have."""
    for key, slot in order.cases.items():
        address = address_of(tracker.layout, key)
        part = None if address is None else address.place.part
        if part is None or not isinstance(part.body, Branch | CalendarBranch):
            raise OrderRefused("rerun", str(key), "it is no branch, so that no case can be chosen")
        if slot not in (slots := slots_of(part)):
            known = ", ".join(slots)
            raise OrderRefused("rerun", str(key), f"it has no case {slot[:40]!r}, only {known}")
        if key not in reset:
            raise OrderRefused("rerun", str(key), "the branch is carried; begin the rerun with it")


def refuse_jumps_out(tracker: Tracker, key: PartKey) -> None:
    """Refuse to run a part alone that jumps back to parts outside itself: they would follow."""
    address = address_of(tracker.layout, key)
    assert address is not None, "targets have been checked"
    inside = list(walk((address.place.part,)))
    ids = {part.id for part in inside}
    for part in inside:
        if isinstance(part.body, ContinueFrom) and part.body.target not in ids:
            raise OrderRefused(
                "rerun", str(key), f"it jumps back to {part.body.target!r}; begin the rerun there"
            )


def narrowed_of(
    tracker: Tracker, order: o.Rerun, targets: tuple[PartKey, ...]
) -> tuple[PartKey, ...]:
    """Return the unit jobs among the targets, if the order names hosts for them."""
    if not order.hosts:
        return ()
    if order.failed_hosts_only:
        raise OrderRefused("rerun", order.start.value, "failed hosts and named hosts were given")
    found = []
    for key in targets:
        address = address_of(tracker.layout, key)
        assert address is not None, "targets have been checked"
        if isinstance(address.place.part.body, UnitJob):
            found.append(key)
    if not found:
        raise OrderRefused("rerun", ", ".join(targets[:5]), "no unit job of it could take hosts")
    return tuple(found)
