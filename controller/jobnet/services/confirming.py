"""Says in one sentence what an order will do: shown before it is given, everywhere the same."""

from collections.abc import Mapping

from jobnet.engine import Tracker
from jobnet.engine import orders as o
from jobnet.engine.keys import part_key
from jobnet.engine.layout import address_of
from jobnet.engine.standing import parts_in
from jobnet.engine.states import has_ended
from jobnet.ids import PartKey
from jobnet.services.reruns import preview

NAMED_MAX = 10
_RUN = "the run"

_SENTENCES: Mapping[type, str] = {
    o.Hold: "Hold: {part} does not start before it is released; {after} waits for it.",
    o.Release: "Release: {part} goes on as soon as its conditions hold.",
    o.Suspend: "Suspend: nothing new starts in {part}; running jobs finish.",
    o.Resume: "Resume: {part} starts what is due.",
    o.Unskip: "Unskip: {part} runs when its turn comes.",
    o.NoExec: "No-exec: {part} is walked through and nothing of it is executed.",
    o.RunNow: "Run now: {part} waits for no time; predecessors and queues still count.",
    o.ClearWait: "Clear wait: {part} takes its condition as fulfilled; {after} starts now.",
    o.ForceEnd: "Force end: nobody waits for the job of {part} any more, it ends LOST and may"
    " still be at work.",
    o.Cancel: "Cancel: what has not started of {part} never starts; running jobs finish.",
    o.Comment: "Comment: a note is written beside {part}.",
}


def sentence_of(order: o.Order, tracker: Tracker) -> str:  # noqa: PLR0911 - a line per order
    """Return what the order will do, were it given now."""
    part = getattr(order, "part", None)
    name = _RUN if part is None else str(part)
    after = "the end of the flow" if part is None else _after(tracker, part)
    match order:
        case o.Skip():
            return _skip(tracker, order, after)
        case o.Kill(part=part, now=now):
            around = "its rescue and always still run"
            kept = around if part else "no rescue runs, every always does"
            rest = "and nothing more starts" if now else kept
            return f"Kill: what runs of {name} is ended, {rest}."
        case o.ChangeTime(to=to):
            return f"Change time: {name} waits until {to:%Y-%m-%d %H:%M:%S %Z}."
        case o.Answer(choice=choice):
            return f"Answer: {name} is answered {choice!r}; {after} starts now."
        case o.ChangeResult(result=result):
            return f"Change result: {name} counts as {result.value}; {after} reacts at once."
        case o.SetPriority(priority=priority):
            return f"Set priority: {name} stands in its line with priority {priority}."
        case o.MoveQueue(queue=queue):
            return f"Move queue: {name} waits in queue {queue}."
        case o.Rerun():
            return _rerun(order, tracker)
        case _:
            return _SENTENCES[type(order)].format(part=name, after=after)


def _rerun(order: o.Rerun, tracker: Tracker) -> str:
    """Say what runs again; ``OrderRefused`` where the engine would not let it."""
    found = preview(tracker, order)
    more = len(found.again) - NAMED_MAX
    names = ", ".join(found.again[:NAMED_MAX]) + (f" and {more} more" if more > 0 else "")
    held = ", held until they are released" if order.held else ""
    return f"Rerun: {names} as new attempts{held}; {found.carried} parts are carried."


def _skip(tracker: Tracker, order: o.Skip, after: str) -> str:
    address = address_of(tracker.layout, order.part)
    flow = None if address is None else tracker.flows.get(address.flow)
    is_its_turn = address is not None and flow is not None and flow.next == address.place.index
    when = "now" if is_its_turn else f"when the turn of {order.part} has come"
    return f"Skip: {after} starts {when}, without outputs of {order.part}."


def _after(tracker: Tracker, key: PartKey) -> str:
    """Return what comes directly after a part: the next one, or that of the container around."""
    address = address_of(tracker.layout, key)
    while address is not None:
        flow = tracker.flows.get(address.flow)
        if flow is None:
            break
        rest = parts_in(tracker, flow)[address.place.index + 1 :]
        if rest:
            return str(part_key(flow.scope, rest[0].id))
        owner = None if flow.owner is None else tracker.parts.get(flow.owner)
        if owner is None or has_ended(owner.state):
            break
        address = address_of(tracker.layout, owner.key)
    return "the end of the run"
