"""Says which facts of a run are worth telling without being asked, and in which words.

The words are those of ``on:`` in a notification document. Ends of the run are told when it
has ended, everything else when it happens.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jobnet.definition import Address, Notification
from jobnet.engine.facts import (
    Fact,
    FlagRaised,
    OperatorAwaited,
    PartEnded,
    PartHeld,
    PartPrompted,
    RunEnded,
)
from jobnet.engine.states import Flag, State
from jobnet.engine.tracker import RunRecord, Tracker
from jobnet.project import Reading

TOLD_FLAGS = frozenset(
    {Flag.LATE_START, Flag.LATE_END, Flag.OVERRUN, Flag.UNDERRUN, Flag.LOSER_FAILED}
)
_ABNORMAL = frozenset(
    {State.ABNORMAL, State.KILLED, State.FAILED_TO_START, State.LOST, State.MISSED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something to tell: its words (any of them in ``on`` counts), its part, one line."""

    words: tuple[str, ...]
    part: str | None
    text: str


def occasions(fact: Fact, tracker: Tracker) -> Iterator[Occasion]:
    """Yield what this fact gives to tell; ``tracker`` already holds it."""
    match fact:
        case RunEnded():
            yield _end_of_run(fact, tracker)
        case PartPrompted(part=part, message=message):
            yield Occasion(words=("dialog",), part=part, text=f"{part} asks: {message}")
        case PartEnded(part=part, state=State.LOST | State.MISSED as state, message=message):
            yield Occasion(words=(state.value,), part=part, text=f"{part} is {state}: {message}")
        case PartHeld(part=part, reason=reason):
            yield Occasion(words=("hold",), part=part, text=f"{part} is held {reason}".strip())
        case OperatorAwaited(part=part):
            text = f"{part} has ended and waits for an operator"
            yield Occasion(words=("hold",), part=part, text=text)
        case FlagRaised(part=part, flag=flag, is_set=True, detail=detail) if flag in TOLD_FLAGS:
            what = part or "the run"
            said = f": {detail}" if detail else ""
            yield Occasion(words=(flag.value,), part=part, text=f"{what}: {flag.value}{said}")
        case _:
            return


def listeners_of(reading: Reading, folder: str) -> tuple[Notification, ...]:
    """Return the notification documents beside a network and above it that listen at all.

    One with ``folders`` elsewhere in the project is the controller's matter: a play reads
    no more of a project than it has to.
    """
    values = (document.value for document in reading.shelf.above("notification", folder))
    return tuple(value for value in values if isinstance(value, Notification) and value.on)


def addressed(
    notifications: tuple[Notification, ...], occasion: Occasion, *, folder: str
) -> tuple[Address, ...]:
    """Return who wants to know, each address once; no ``folders`` means all of them."""
    found: dict[Address, None] = {}
    for notification in notifications:
        is_asked = any(word in notification.on for word in occasion.words)
        if is_asked and _is_within(folder, notification.folders):
            found.update(dict.fromkeys(notification.to))
    return tuple(found)


def letter_text(occasion: Occasion, tracker: Tracker, *, owner: str, runbook: str) -> str:
    """Return the message for one occasion."""
    run = _run_of(tracker)
    lines = [
        occasion.text,
        "",
        f"network        {run.network}",
        f"run            {run.run}",
        f"part           {occasion.part or '-'}",
        f"operating day  {run.operating_day}",
        f"state          {run.state.value}",
    ]
    failed = [
        f"  {key}: {record.state.value}: {record.message}"
        for key, record in sorted(tracker.parts.items())
        if record.state in _ABNORMAL and record.message
    ]
    if failed:
        lines += ["", "What ended abnormally:", *failed[:20]]
    care = (("owner", owner), ("runbook", runbook))
    lines += [f"{name:<15}{value}" for name, value in care if value]
    return "\n".join(lines)


def _end_of_run(fact: RunEnded, tracker: Tracker) -> Occasion:
    run = _run_of(tracker)
    words = [fact.state.value]
    if fact.state in _ABNORMAL:
        words.append(State.ABNORMAL.value)
    if Flag.RECOVERED in run.flags:
        words.append(Flag.RECOVERED.value)
    said = f": {fact.message}" if fact.message else ""
    recovered = f", {len(run.recovered)} recovered" if run.recovered else ""
    text = f"{run.network} of {run.operating_day} ended {fact.state.value}{recovered}{said}"
    return Occasion(words=tuple(dict.fromkeys(words)), part=None, text=text)


def _is_within(folder: str, folders: tuple[str, ...]) -> bool:
    return not folders or any(folder == each or folder.startswith(f"{each}/") for each in folders)


def _run_of(tracker: Tracker) -> RunRecord:
    assert tracker.run is not None, "facts come from a run that has started"
    return tracker.run
