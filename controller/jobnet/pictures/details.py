"""Says in a few words what a part does, and which of its attributes change how it goes on.

The words are those of the language. Templates are shown as they are written: a picture never
evaluates anything.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import PurePath

from jobnet.calendars import format_duration
from jobnet.definition import (
    AnyOf,
    Body,
    ContinueFrom,
    Deadline,
    Dialog,
    ForEach,
    Losers,
    Notify,
    Parallel,
    Part,
    PlaybookJob,
    PlayJob,
    SendEvent,
    SubNetwork,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitLimit,
    WaitNetwork,
    WaitPart,
    WaitUntil,
)
from jobnet.definition.attributes import OnError
from jobnet.engine.kinds import kind_of
from jobnet.expressions import Template

KIND_WORDS: Mapping[str, str] = {
    "job": "Job",
    "network": "Network",
    "dialog": "Dialog",
    "branch": "Branch",
    "calendar_branch": "Calendar branch",
    "parallel": "Parallel",
    "any_of": "OR branch",
    "continue_from": "Continuity",
    "wait_network": "Network wait",
    "wait_part": "Part wait",
    "wait_file": "File wait",
    "wait_until": "Time wait",
    "wait_for": "Time wait",
    "send_event": "Event send",
    "wait_event": "Event wait",
    "block": "Block",
    "for_each": "For each",
    "notify": "Notify",
}

_TITLED_BY_KIND = (Parallel, AnyOf, ForEach)


def says(body: Body) -> str:  # noqa: PLR0911 - one line per kind of part
    """Return what a part of this kind does, or "" where its kind says it all."""
    match body:
        case UnitJob(content=content):
            return _job(content)
        case SubNetwork(network=network):
            return network
        case Dialog(choices=choices):
            return " / ".join(choices)
        case Parallel(limit=limit):
            return "" if limit is None else f"{limit} at a time"
        case AnyOf(losers=losers):
            others = "cancelled" if losers is Losers.CANCEL else "go on"
            return f"first one wins, others {others}"
        case ForEach(as_name=name, limit=limit):
            return name if limit is None else f"{name}, {limit} at a time"
        case ContinueFrom():
            return _continuity(body)
        case Notify(to=to):
            return f"to {', '.join(each.text for each in to)}"
        case _:
            return _wait(body)


def headline(part: Part) -> tuple[str, str]:
    """Return the name of a part and what else there is to say.

    A part that its author gave neither name nor id is called by what it does: the ids that Jobnet
    makes up (``wait_until_2``) say nothing to anybody.
    """
    detail = says(part.body)
    word = KIND_WORDS[kind_of(part.body)]
    if part.name or part.is_named:
        return part.name or part.id, f"{word}: {detail}" if detail else word
    if isinstance(part.body, _TITLED_BY_KIND) or not detail:
        return word, detail
    return f"{detail[:1].upper()}{detail[1:]}", word


def notes(part: Part) -> str:
    """Return the attributes that a reader of the picture has to know of."""
    return ", ".join(_notes(part))


def _job(content: PlayJob | PlaybookJob) -> str:
    if isinstance(content, PlaybookJob):
        what = content.job_type or PurePath(content.path).name
    else:
        what = content.job_type or content.summary or "tasks"
    return what if content.hosts is None else f"{what} on {content.hosts.text}"


def _continuity(body: ContinueFrom) -> str:
    words = [f"back to {body.target}"]
    if body.max_times is not None:
        words.append(f"at most {body.max_times} times")
    if body.interval:
        words.append(f"every {format_duration(body.interval)}")
    if body.until is not None:
        words.append(f"until {body.until.text}")
    return ", ".join(words)


def _wait(body: Body) -> str:
    match body:
        case WaitUntil(clock=clock):
            return f"until {clock.text if isinstance(clock, Template) else clock}"
        case WaitFor(duration=Template(text=text)):
            return f"for {text}"
        case WaitFor(duration=timedelta() as duration):
            return f"for {format_duration(duration)}"
        case WaitFile(path=path, event=event, hosts=hosts):
            where = "" if hosts is None else f" on {hosts.text}"
            return f"{path.text} {event}{where}"
        case WaitNetwork(network=network):
            return network
        case WaitPart(network=network, part=part):
            return part if network is None else f"{part} of {network}"
        case WaitEvent(name=name) | SendEvent(name=name):
            return name
        case _:
            return ""


def _notes(part: Part) -> Iterator[str]:
    if part.when is not None:
        yield f"when {part.when.text}"
    if part.deadlines.end_by is not None:
        yield f"end by {_deadline(part.deadlines.end_by)}"
    timeout = _timeout(part)
    if timeout is not None:
        yield f"timeout {format_duration(timeout)}"
    if part.errors.retry.count:
        count = part.errors.retry.count
        yield f"{count} {'retry' if count == 1 else 'retries'}"
    if part.errors.on_error is not OnError.STOP:
        yield f"on error: {part.errors.on_error}"
    for is_set, word in ((part.hold, "hold"), (part.skip, "skip"), (part.no_exec, "no exec")):
        if is_set:
            yield word


def _timeout(part: Part) -> timedelta | None:
    limit = getattr(part.body, "limit", None)
    own = limit.timeout if isinstance(limit, WaitLimit) else getattr(part.body, "timeout", None)
    return part.errors.timeout or own


def _deadline(deadline: Deadline) -> str:
    if deadline.clock is not None:
        return str(deadline.clock)
    assert deadline.after_start is not None, "a deadline says one of both"
    return f"start + {format_duration(deadline.after_start)}"
