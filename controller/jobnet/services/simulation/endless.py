"""Says what a simulated run waits for when nothing is left that could happen."""

from collections.abc import Iterator

from jobnet.engine import Tracker
from jobnet.engine.states import State, WaitReason
from jobnet.engine.tracker import PartRecord

_THINGS = {
    WaitReason.FILE: "a file",
    WaitReason.EVENT: "an event",
    WaitReason.NETWORK: "a network",
    WaitReason.PART: "a part",
}


def endless_waits(tracker: Tracker) -> Iterator[str]:
    """Yield a sentence for every part that waits for ever, in the order of the keys."""
    run = tracker.run
    if run is None or run.ended is not None:
        return
    found = False
    for _, record in sorted(tracker.parts.items()):
        said = _said(record)
        if said:
            found = True
            yield said
    if not found:
        yield "nothing that this run knows will move it on"


def _said(record: PartRecord) -> str:
    key, reason = record.key, record.reason
    if record.awaits_operator:
        return f"{key} ended {record.state.value} and waits for ever for an operator's decision"
    if record.state is State.HELD:
        return f"{key} is held; it waits for ever to be released"
    if record.state is State.PROMPTING:
        return f"{key} asks and waits for ever for an answer; give --answer {key}=CHOICE"
    if record.state is State.QUEUED:
        why = "nothing" if reason is None else reason.value
        return f"{key} stands in line for ever ({why})"
    if record.state is State.WAITING and isinstance(reason, WaitReason) and reason in _THINGS:
        what = f" ({record.detail})" if record.detail else ""
        return (
            f"{key} waits for ever for {_THINGS[reason]}{what}; "
            f"give --duration {key}=10m to let it come"
        )
    return ""
