"""Builds networks that read like the domain; ``playing`` runs them."""

# ruff: noqa: ANN401 - a part has many attributes, and a test gives the few that matter to it

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from jobnet.calendars import ClockTime, DayRule, DayState, parse_clock_time
from jobnet.definition import (
    AnswerRule,
    AnyOf,
    Arguments,
    Block,
    Body,
    Branch,
    Bundle,
    CalendarBranch,
    Case,
    ContinueFrom,
    DayCase,
    Deadline,
    Deadlines,
    Dialog,
    ErrorRules,
    Estimate,
    ExitCodes,
    Flow,
    ForEach,
    FormField,
    Judgement,
    LateStartAction,
    LatestStart,
    LockMode,
    Losers,
    NamedFlow,
    Network,
    Notify,
    Overlap,
    Parallel,
    Param,
    Part,
    Placement,
    PlayJob,
    Queue,
    Retry,
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
from jobnet.definition.attributes import OnError, OnLost, RerunRule
from jobnet.definition.bodies import AwaitedResult, FileEvent, HostsMatch, Match, OnTimeout
from jobnet.expressions import Expression, parse_expression, parse_template
from jobnet.ids import NetworkName, PartId

DAY = date(2026, 5, 29)
NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
"""Every run of the examples starts here; the operating day's zone is UTC."""


def expression(text: str | None) -> Expression | None:
    """Return an expression, or None for None."""
    return None if text is None else parse_expression(text)


def seconds(number: float | None) -> timedelta | None:
    """Return a duration, or None for None."""
    return None if number is None else timedelta(seconds=number)


def deadline(value: str | float) -> Deadline:
    """Return a clock time ("23:00") or seconds after the planned start."""
    if isinstance(value, str):
        return Deadline(clock=parse_clock_time(value))
    return Deadline(after_start=timedelta(seconds=value))


def templates(value: Any) -> Arguments:
    """Return a tree of arguments: every text with braces becomes a template."""
    if isinstance(value, str):
        return parse_template(value) if "{{" in value else value
    if isinstance(value, Mapping):
        return {key: templates(item) for key, item in value.items()}
    return tuple(templates(item) for item in value) if isinstance(value, list | tuple) else value


def rules(words: dict[str, Any]) -> ErrorRules:
    """Take the words about errors out of the words given."""
    ranges = words.pop("exit_codes", None)
    return ErrorRules(
        on_error=OnError(words.pop("on_error", "stop")),
        on_lost=OnLost(words.pop("on_lost", "hold")),
        rerun=RerunRule(words.pop("rerun", "ask")),
        rerun_note=words.pop("rerun_note", ""),
        retry=words.pop("retry", Retry()),
        exit_code=expression(words.pop("exit_code", None)),
        exit_codes=None
        if ranges is None
        else ExitCodes(ranges=tuple((low, high, Judgement(word)) for low, high, word in ranges)),
        timeout=seconds(words.pop("timeout", None)),
    )


def deadlines(words: dict[str, Any]) -> Deadlines:
    """Take the words about the clock out of the words given."""
    latest = words.pop("latest_start", None)
    at: dict[str, Any] = {
        name: deadline(words.pop(name))
        for name in ("end_by", "late_start", "late_end")
        if name in words
    }
    estimates: dict[str, Any] = {
        name: Estimate(duration=timedelta(seconds=words.pop(name)))
        for name in ("overrun", "underrun")
        if name in words
    }
    start = (
        None
        if latest is None
        else LatestStart(at=deadline(latest[0]), then=LateStartAction(latest[1]))
    )
    return Deadlines(**at, **estimates, latest_start=start)


def placement(words: dict[str, Any]) -> Placement:
    """Take the words about the line out of the words given."""
    locks = words.pop("locks", {})
    return Placement(
        queue=words.pop("queue", None),
        priority=words.pop("priority", None),
        locks={name: LockMode(mode) for name, mode in locks.items()},
        resources=words.pop("resources", {}),
    )


def part(name: str, body: Body, **words: Any) -> Part:
    """Return a part with any of the attributes that parts have, in the words of the language."""
    when = expression(words.pop("when", None))
    attributes: dict[str, Any] = {
        "errors": rules(words),
        "deadlines": deadlines(words),
        "placement": placement(words),
    }
    return Part(id=PartId(name), body=body, when=when, **attributes, **words)


def job(name: str, *, hosts: str = "all", **words: Any) -> Part:
    own = {key: words.pop(key) for key in ("check_mode", "diff", "reads_parts") if key in words}
    own.setdefault("reads_parts", ())
    content = PlayJob(hosts=parse_template(hosts), keywords="tasks: []")
    return part(name, UnitJob(content=content, **own), **words)


def block(name: str, *flow: Part, rescue: Flow = (), always: Flow = (), **words: Any) -> Part:
    return part(name, Block(flow=flow, rescue=rescue, always=always), **words)


def _branches(flows: tuple[Part | Flow, ...]) -> tuple[NamedFlow, ...]:
    return tuple(NamedFlow(flow=(each,) if isinstance(each, Part) else each) for each in flows)


def parallel(name: str, *branches: Part | Flow, limit: int | None = None, **words: Any) -> Part:
    return part(name, Parallel(branches=_branches(branches), limit=limit), **words)


def any_of(name: str, *branches: Part | Flow, losers: str = "continue", **words: Any) -> Part:
    return part(name, AnyOf(branches=_branches(branches), losers=Losers(losers)), **words)


def branch(name: str, *cases: tuple[str, Flow], otherwise: Flow = (), **words: Any) -> Part:
    made = tuple(Case(when=parse_expression(when), flow=flow) for when, flow in cases)
    return part(name, Branch(cases=made, else_flow=otherwise), **words)


def day_branch(
    name: str,
    *cases: tuple[DayRule | str, Flow],
    otherwise: Flow = (),
    calendar: str | None = None,
    **words: Any,
) -> Part:
    made = tuple(
        DayCase(on=DayRule(state=DayState(on)) if isinstance(on, str) else on, flow=flow)
        for on, flow in cases
    )
    return part(name, CalendarBranch(calendar=calendar, cases=made, else_flow=otherwise), **words)


def for_each(
    name: str,
    items: Any,
    *flow: Part,
    as_name: str = "item",
    key: str | None = None,
    limit: int | None = None,
    **words: Any,
) -> Part:
    body = ForEach(
        items=templates(items), as_name=as_name, flow=flow, key=expression(key), limit=limit
    )
    return part(name, body, **words)


def loop(
    name: str,
    target: str,
    *,
    until: str | None = None,
    interval: float = 0,
    max_times: int | None = None,
    **words: Any,
) -> Part:
    body = ContinueFrom(
        target=PartId(target),
        until=expression(until),
        interval=timedelta(seconds=interval),
        max_times=max_times,
    )
    return part(name, body, **words)


def call(name: str, network_name: str, params: Any = None, **words: Any) -> Part:
    given: Any = templates(params or {})
    return part(name, SubNetwork(network=network_name, params=given), **words)


def dialog(name: str, **words: Any) -> Part:
    """A dialog; ``ask`` is its own timeout in seconds and ``form`` maps fields to FormField."""
    form: Mapping[str, FormField] = words.pop("form", {})
    body = Dialog(
        message=parse_template(words.pop("message", "Go on?")),
        choices=words.pop("choices", {"yes": 0, "no": 1}),
        form=form,
        answer=AnswerRule(**words.pop("answer", {})),
        timeout=seconds(words.pop("ask", None)),
        on_timeout=words.pop("on_timeout", None),
    )
    return part(name, body, **words)


def pause(name: str, number: float = 60, **words: Any) -> Part:
    return part(name, WaitFor(duration=timedelta(seconds=number)), **words)


def until(name: str, clock: str, **words: Any) -> Part:
    at: ClockTime | Any = parse_template(clock) if "{{" in clock else parse_clock_time(clock)
    return part(name, WaitUntil(clock=at), **words)


def _limit(words: dict[str, Any]) -> WaitLimit:
    """Take ``give_up`` (seconds) and ``on_timeout`` out of the words given."""
    on_timeout = OnTimeout(words.pop("on_timeout", "abnormal"))
    return WaitLimit(timeout=seconds(words.pop("give_up", None)), on_timeout=on_timeout)


def _of_other(words: dict[str, Any]) -> dict[str, Any]:
    other = words.pop("on_other", None)
    return {
        "match": Match(words.pop("match", "same_day")),
        "within": seconds(words.pop("within", None)),
        "result": AwaitedResult(words.pop("result", "normal")),
        "on_other": None if other is None else OnTimeout(other),
        "limit": _limit(words),
    }


def wait_network(name: str, network_name: str, **words: Any) -> Part:
    return part(name, WaitNetwork(network=network_name, **_of_other(words)), **words)


def wait_part(name: str, awaited: str, network_name: str | None = None, **words: Any) -> Part:
    body = WaitPart(network=network_name, part=awaited, **_of_other(words))
    return part(name, body, **words)


def wait_file(name: str, path: str = "/in/orders.csv", **words: Any) -> Part:
    body = WaitFile(
        hosts=None,
        path=parse_template(path),
        event=FileEvent(words.pop("event", "created")),
        accepts_existing=words.pop("accepts_existing", False),
        settle=timedelta(seconds=words.pop("settle", 0)),
        hosts_match=HostsMatch(words.pop("hosts_match", "any")),
        limit=_limit(words),
    )
    return part(name, body, **words)


def send(name: str, event: str = "ready", data: Any = None, keep: float = 0, **words: Any) -> Part:
    body = SendEvent(name=event, data=templates(data), keep=timedelta(seconds=keep))
    return part(name, body, **words)


def wait_event(name: str, event: str = "ready", **words: Any) -> Part:
    body = WaitEvent(
        name=event,
        where=expression(words.pop("where", None)),
        match=Match(words.pop("match", "same_day")),
        within=seconds(words.pop("within", None)),
        limit=_limit(words),
    )
    return part(name, body, **words)


def notify(name: str, message: str = "done", to: str = "operations", **words: Any) -> Part:
    body = Notify(to=(parse_template(to),), message=parse_template(message))
    return part(name, body, **words)


def network(*flow: Part, name: str = "night", **words: Any) -> Network:
    """Return a network; it executes any number of times unless told otherwise."""
    outputs = {key: parse_template(text) for key, text in words.pop("outputs", {}).items()}
    exit_code = expression(words.pop("exit_code", None))
    params: Mapping[str, Param] = words.pop("params", {})
    return Network(
        name=NetworkName(name),
        flow=flow,
        params=params,
        outputs=outputs,
        exit_code=exit_code,
        overlap=Overlap(words.pop("overlap", "parallel")),
        limit=words.pop("limit", None),
        calendar=words.pop("calendar", None),
        errors=rules(words),
        deadlines=deadlines(words),
        placement=placement(words),
        **words,
    )


def bundle(main: Network, *others: Network, queues: tuple[Queue, ...] = ()) -> Bundle:
    return Bundle(
        main=main.name,
        networks={each.name: each for each in (main, *others)},
        queues={queue.name: queue for queue in queues},
    )
