"""Applies the facts about single parts to a tracker."""

from jobnet.engine.bounds import size_of
from jobnet.engine.facts import (
    ArgumentsBound,
    AttemptEnded,
    BranchTaken,
    EventSent,
    EventTaken,
    FilesLooked,
    FlagRaised,
    ItemsFixed,
    LateAnswer,
    OperatorAwaited,
    OperatorDecided,
    PartEnded,
    PartHandled,
    PartHeld,
    PartMarked,
    PartOpened,
    PartReleased,
    PartStarted,
    PartWaited,
    ResultChanged,
    RetryPlanned,
)
from jobnet.engine.keys import part_key
from jobnet.engine.recording import (
    change,
    due_first,
    enter,
    flow_is_at,
    not_due,
    put,
    put_flow,
    refold,
    settle_owner,
    shift_lingering,
    touch,
)
from jobnet.engine.replacing import replace
from jobnet.engine.results import HostResult, HostState, JobResult
from jobnet.engine.standing import flows_to_resume, parts_in, record_of
from jobnet.engine.states import Flag, State, WaitReason
from jobnet.engine.tracker import Marks, PartRecord, Tracker
from jobnet.ids import FlowKey, HostName, PartKey

NOTES_MAX = 50


def part_opened(tracker: Tracker, fact: PartOpened) -> Tracker:
    """Set a container RUNNING and let it decide what to open."""
    record = touch(tracker, fact.part, fact.at)
    started = record.started if record.open_flows else None
    values = {"attempt": fact.attempt, "started": started or fact.at}
    tracker = enter(tracker, fact.part, fact.at, State.RUNNING, values)
    if not record.open_flows:
        return due_first(tracker, fact.part)
    inside = flows_to_resume(tracker, record_of(tracker, fact.part))
    return due_first(tracker, *(flow.key for flow in inside))


_NOT_BEGUN = frozenset({WaitReason.SUSPENDED, WaitReason.PREDECESSOR, WaitReason.NETWORK_LIMIT})


def part_waited(tracker: Tracker, fact: PartWaited) -> Tracker:
    """Set a part WAITING; one that waits for its turn to be allowed has not begun."""
    record = touch(tracker, fact.part, fact.at)
    values = {
        "attempt": fact.attempt,
        "reason": fact.reason,
        "until": fact.until,
        "detail": fact.detail,
        "started": record.started if fact.reason in _NOT_BEGUN else record.started or fact.at,
    }
    if fact.reason is WaitReason.SUSPENDED and fact.attempt == record.attempt:
        values["first_attempt"] = _first_attempt(record)
    tracker = enter(tracker, fact.part, fact.at, State.WAITING, values)
    if fact.reason is WaitReason.PREDECESSOR and record.flow not in tracker.parked:
        return replace(tracker, parked=(*tracker.parked, record.flow))
    return _without_inside(tracker, record.key) if record.open_flows else tracker


def _without_inside(tracker: Tracker, key: PartKey) -> Tracker:
    """Take off what is due everything inside a call that has to wait: it goes on with it."""
    due = tuple(each for each in tracker.due if not each.startswith((f"{key}/", f"{key}.")))
    return replace(tracker, due=due)


def part_held(tracker: Tracker, fact: PartHeld) -> Tracker:
    """Set a part HELD; its flow waits for the release."""
    record = touch(tracker, fact.part, fact.at)
    held = {"detail": fact.reason, "first_attempt": _first_attempt(record)}
    return enter(tracker, fact.part, fact.at, State.HELD, held)


def _first_attempt(record: PartRecord) -> int:
    """Return where the retries of a part count from when it leaves the line without a start.

    The number that it asked with is used up: the answer may be on its way, and a second
    request by the same number would take it for its own.
    """
    stood_in_line = record.state is State.QUEUED or record.awaits is WaitReason.NETWORK_LIMIT
    return record.first_attempt + (1 if stood_in_line else 0)


def part_released(tracker: Tracker, fact: PartReleased) -> Tracker:
    """Take a hold back: the part's turn is decided anew."""
    record = touch(tracker, fact.part, fact.at)
    marks = replace(record.marks, hold=False, released=True)
    tracker = put(tracker, replace(record, state=State.FIXED, marks=marks, since=fact.at))
    return due_first(tracker, record.flow)


def part_marked(tracker: Tracker, fact: PartMarked) -> Tracker:
    """Remember an order for a part whose turn has not come."""
    if fact.part is None:
        assert tracker.run is not None, "a mark on the run needs a run"
        return replace(tracker, run=replace(tracker.run, no_exec=fact.is_set))
    record = touch(tracker, fact.part, fact.at)
    marks = _marked(record.marks, fact)
    return put(tracker, replace(record, marks=marks))


def _marked(marks: Marks, fact: PartMarked) -> Marks:
    match fact.mark:
        case "hold":
            return replace(marks, hold=fact.is_set, released=not fact.is_set)
        case "skip":
            return replace(marks, skip=fact.is_set, skip_exit_code=fact.exit_code)
        case "cancel":
            return replace(marks, cancel=fact.is_set)
        case _:
            return replace(marks, no_exec=fact.is_set)


def arguments_bound(tracker: Tracker, fact: ArgumentsBound) -> Tracker:
    """Keep what was evaluated for an attempt."""
    return change(tracker, fact.part, fact.at, arguments=fact.values, attempt=fact.attempt)


def branch_taken(tracker: Tracker, fact: BranchTaken) -> Tracker:
    """Keep the decision of a branch; an empty text means that no case was true."""
    return change(tracker, fact.part, fact.at, taken=fact.slot or "", chosen=None)


def items_fixed(tracker: Tracker, fact: ItemsFixed) -> Tracker:
    """Keep the items of a for-each."""
    return change(tracker, fact.part, fact.at, items=fact.items)


def part_started(tracker: Tracker, fact: PartStarted) -> Tracker:
    """Set an attempt STARTING: it was handed over."""
    record = touch(tracker, fact.part, fact.at)
    values = {
        "attempt": fact.attempt,
        "started": record.started or fact.at,
        "is_live": True,
        "has_slot": True,
        "kill_reason": "",
        "flags": _with_flag(record.flags, Flag.KILL_REQUESTED, is_set=False),
    }
    return enter(tracker, fact.part, fact.at, State.STARTING, values)


def attempt_ended(tracker: Tracker, fact: AttemptEnded) -> Tracker:
    """Keep the result of an attempt; its hosts replace what earlier attempts said of them."""
    record = record_of(tracker, fact.part)
    is_retry = bool(record.only_hosts)
    hosts = {**record.hosts, **fact.result.hosts} if is_retry else fact.result.hosts
    kept = replace(
        record,
        is_live=False,
        has_slot=False,
        result=fact.result,
        hosts=hosts,
        artifacts={**record.artifacts, **fact.result.artifacts},
    )
    return put(tracker, kept)


def late_answer(tracker: Tracker, fact: LateAnswer) -> Tracker:
    """Keep a note of an answer that came too late; a job that was still running is over now."""
    record = touch(tracker, fact.part, fact.at)
    note = f"late answer of attempt {fact.attempt}: {describe(fact.result)}"
    is_live = record.is_live and fact.attempt != record.attempt
    notes = (*record.notes, note)[-NOTES_MAX:]
    tracker = put(tracker, replace(record, notes=notes, is_live=is_live, has_slot=is_live))
    if is_live or not record.is_live:
        return tracker
    return due_first(replace(tracker, parked=()), *tracker.parked)


def describe(result: JobResult) -> str:
    """Return one line about a result."""
    code = "" if result.exit_code is None else f", exit code {result.exit_code}"
    verdict = "normal" if result.is_normal else (result.message or "not normal")
    return f"{result.end.value}{code}, {verdict}"


def retry_planned(tracker: Tracker, fact: RetryPlanned) -> Tracker:
    """Let a part wait for its next attempt."""
    values = {
        "reason": WaitReason.RETRY,
        "until": fact.until,
        "only_hosts": tuple(HostName(host) for host in fact.only_hosts),
        "detail": f"attempt {fact.attempt} follows",
    }
    return enter(tracker, fact.part, fact.at, State.WAITING, values)


def event_sent(tracker: Tracker, fact: EventSent) -> Tracker:
    """Count an event of this run; the ids of the next ones are made of the count."""
    assert fact.event.id, "an event has an id"
    assert tracker.run is not None, "an event of a run needs the run"
    run = replace(tracker.run, events_sent=tracker.run.events_sent + 1)
    return replace(tracker, run=run)


def event_taken(tracker: Tracker, fact: EventTaken) -> Tracker:
    """Remember which events a part has had."""
    record = record_of(tracker, fact.part)
    return put(tracker, replace(record, events=(*record.events, fact.event)))


def files_looked(tracker: Tracker, fact: FilesLooked) -> Tracker:
    """Keep the latest look at a file, or the baseline that looks are compared with."""
    record = record_of(tracker, fact.part)
    if fact.is_baseline:
        return put(tracker, replace(record, baseline=fact.looks, detail=fact.detail))
    return put(tracker, replace(record, looks=fact.looks, detail=fact.detail))


def part_ended(tracker: Tracker, fact: PartEnded) -> Tracker:
    """End a part; if it was its turn, its flow has something to judge."""
    record = touch(tracker, fact.part, fact.at)
    ended = replace(
        record,
        state=fact.state,
        reason=None,
        blocked=None,
        circle=(),
        detail="",
        until=None,
        since=fact.at,
        attempt=fact.attempt,
        ended=fact.at,
        exit_code=fact.exit_code,
        message=fact.message,
        end_reason=fact.reason,
        outputs=fact.outputs,
        culprit=fact.culprit,
        has_slot=record.is_live,
        timers=(),
    )
    tracker = not_due(put(tracker, ended), fact.part)
    if record.flow in tracker.parked:
        others = tuple(flow for flow in tracker.parked if flow != record.flow)
        tracker = replace(tracker, parked=others)
    if fact.reason == "max_times" and fact.culprit is not None:
        tracker = _counts_again(tracker, fact.culprit)
    if fact.outputs and tracker.run is not None:
        total = tracker.run.output_bytes + size_of(fact.outputs)
        tracker = replace(tracker, run=replace(tracker.run, output_bytes=total))
    if record.open_flows:
        tracker = shift_lingering(tracker, ended, 1)
    if flow_is_at(tracker, record.flow, fact.part):
        tracker = due_first(tracker, record.flow)
    return tracker


def _counts_again(tracker: Tracker, key: PartKey) -> Tracker:
    """Take a part off the recovered ones: the loop that was to judge its end has given up."""
    assert tracker.run is not None, "only a part of a run can be recovered"
    recovered = tuple(each for each in tracker.run.recovered if each != key)
    flags = _with_flag(tracker.run.flags, Flag.RECOVERED, is_set=bool(recovered))
    return replace(tracker, run=replace(tracker.run, recovered=recovered, flags=flags))


def part_handled(tracker: Tracker, fact: PartHandled) -> Tracker:
    """Remember how an abnormal end was handled, and the part among the recovered ones."""
    assert tracker.run is not None, "only a part of a run can be handled"
    recovered = tracker.run.recovered
    if fact.part not in recovered:
        recovered = (*recovered, fact.part)
    flags = _with_flag(tracker.run.flags, Flag.RECOVERED, is_set=True)
    tracker = replace(tracker, run=replace(tracker.run, recovered=recovered, flags=flags))
    return change(tracker, fact.part, fact.at, handled=fact.how)


def operator_awaited(tracker: Tracker, fact: OperatorAwaited) -> Tracker:
    """Let the flow wait for an operator's decision about an end."""
    record = record_of(tracker, fact.part)
    waiting = replace(record, awaits_operator=True, reason=WaitReason.OPERATOR)
    return not_due(put(tracker, waiting), record.flow)


def operator_decided(tracker: Tracker, fact: OperatorDecided) -> Tracker:
    """Let the end be judged: as handled, or as it stands."""
    record = record_of(tracker, fact.part)
    how = "release" if fact.goes_on else "judge"
    decided = replace(record, awaits_operator=False, reason=None, handled=how)
    return due_first(put(tracker, decided), record.flow)


def result_changed(tracker: Tracker, fact: ResultChanged) -> Tracker:
    """Give a part the operator's result; a part that was running has ended with it."""
    record = touch(tracker, fact.part, fact.at)
    changed = replace(
        record,
        state=fact.state,
        exit_code=fact.exit_code,
        ended=fact.at,
        since=fact.at,
        reason=None,
        awaits_operator=False,
        timers=(),
        message=f"result changed to {fact.state.value} by {fact.by}",
        flags=_with_flag(record.flags, Flag.MANUAL_RESULT, is_set=True),
    )
    tracker = put(tracker, changed)
    if flow_is_at(tracker, record.flow, fact.part):
        return due_first(tracker, record.flow)
    return _counted_anew(tracker, record.flow)


def _counted_anew(tracker: Tracker, key: FlowKey) -> Tracker:
    """Count the parts of an open flow again whose turns are over."""
    flow = tracker.flows.get(key)
    if flow is None or not flow.is_open:
        return tracker
    parts = parts_in(tracker, flow)[: flow.next]
    count, _ = refold(tracker, [part_key(flow.scope, part.id) for part in parts])
    counted = replace(flow, worst=count.end_class, exit_code=count.exit_code, culprit=count.culprit)
    return put_flow(tracker, counted)


def flag_raised(tracker: Tracker, fact: FlagRaised) -> Tracker:
    """Set or clear a flag of a part or of the run."""
    if fact.part is None:
        assert tracker.run is not None, "a flag of the run needs the run"
        flags = _with_flag(tracker.run.flags, fact.flag, is_set=fact.is_set)
        return replace(tracker, run=replace(tracker.run, flags=flags))
    record = touch(tracker, fact.part, fact.at)
    flags = _with_flag(record.flags, fact.flag, is_set=fact.is_set)
    tracker = put(tracker, replace(record, flags=flags))
    if fact.flag is Flag.LOSER_FAILED:
        return settle_owner(tracker, record_of(tracker, fact.part))
    return tracker


def _with_flag(flags: tuple[Flag, ...], flag: Flag, *, is_set: bool) -> tuple[Flag, ...]:
    others = tuple(each for each in flags if each is not flag)
    return tuple(sorted((*others, flag))) if is_set else others


def has_failed(host: HostResult) -> bool:
    """Return whether a host counts as failed for a retry of failed hosts."""
    return host.state in {HostState.FAILED, HostState.UNREACHABLE}
