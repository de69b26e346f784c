"""Starts a run and ends it."""

from datetime import timedelta

from jobnet.engine.appointments import drop_run_timers, estimated, watch_run
from jobnet.engine.bounds import bounded_outputs, line
from jobnet.engine.containers import end_of_network, state_of_counts, watch_opened
from jobnet.engine.ending import End
from jobnet.engine.facts import FlagRaised, FlowOpened, RunEnded, RunStarted
from jobnet.engine.inputs import StartRun
from jobnet.engine.keys import ROOT_FLOW
from jobnet.engine.names import Names
from jobnet.engine.standing import flow_of, run_of
from jobnet.engine.states import CLASS_OF_END, EndClass, Flag, State
from jobnet.engine.tracker import FlowRecord
from jobnet.engine.turn import Turn


def start_run(turn: Turn, given: StartRun) -> None:
    """Start the run and open its flow; a second start changes nothing."""
    if turn.tracker.run is not None:
        return
    network = turn.tracker.layout.bundle.main
    turn.record(
        RunStarted(
            at=turn.now,
            run=given.run,
            network=network,
            by=given.by,
            operating_day=given.operating_day,
            planned_start=given.planned_start,
            zone=given.zone,
            params=given.params,
            check=given.check,
            diff=given.diff,
            usual_seconds=given.usual_seconds,
            assumed_exit_codes=given.assumed_exit_codes,
            pinned_to=given.pinned_to,
        )
    )
    watch_run(turn)
    turn.record(
        FlowOpened(at=turn.now, flow=ROOT_FLOW, owner=None, slot="flow", scope="", network=network)
    )
    watch_opened(turn, ROOT_FLOW)


def end_run(turn: Turn) -> None:
    """End the run by what counts of its flow, its own rules and the order that ended it."""
    drop_run_timers(turn)
    run = run_of(turn.tracker)
    network = turn.tracker.layout.bundle.network
    flow = flow_of(turn.tracker, ROOT_FLOW)
    names = Names(turn.tracker, flow, turn.now)
    end = end_of_network(network, _end_of_parts(turn, flow), names)
    outputs, cut = bounded_outputs(run, end.outputs)
    _raise_flags(turn, end)
    state = State.WARNING if cut and end.state is State.NORMAL else end.state
    turn.record(
        RunEnded(
            at=turn.now,
            state=state,
            exit_code=end.exit_code,
            message=line("; ".join(text for text in (end.message, cut) if text)),
            outputs=outputs,
        )
    )


def _end_of_parts(turn: Turn, flow: FlowRecord) -> End:
    run = run_of(turn.tracker)
    culprit = None if flow.culprit is None else turn.tracker.parts.get(flow.culprit)
    message = ""
    if culprit is not None and flow.worst is EndClass.ABNORMAL:
        message = f"{culprit.key}: {culprit.message or culprit.state.value}"
    if run.halt in {"kill", "now"}:
        told = f"killed: {run.halt_reason}" if run.halt_reason else "killed"
        return End(state=State.KILLED, exit_code=flow.exit_code, message=told, reason="kill")
    if run.halt in {"timeout", "end_by"}:
        late = "its time was up" if run.halt == "timeout" else "it had not ended by its deadline"
        return End(state=State.ABNORMAL, exit_code=flow.exit_code, message=late, reason=run.halt)
    state = state_of_counts(
        _class_of(flow), has_cancelled=flow.has_cancelled, was_cancelled=run.halt == "cancel"
    )
    return End(state=state, exit_code=flow.exit_code, message=message, culprit=flow.culprit)


def _class_of(flow: FlowRecord) -> EndClass | None:
    """Return the class that counts; parts left NOT_RUN by a rerun make it a warning."""
    is_cut = flow.stopped_at is not None and flow.stopped_as is State.NOT_RUN
    if is_cut and flow.worst is not EndClass.ABNORMAL:
        return EndClass.WARNING
    return flow.worst


def _raise_flags(turn: Turn, end: End) -> None:
    run = run_of(turn.tracker)
    is_bad = CLASS_OF_END.get(end.state) is EndClass.ABNORMAL
    if not is_bad and Flag.HAS_FAILED_PART in run.flags:
        turn.record(FlagRaised(at=turn.now, part=None, flag=Flag.HAS_FAILED_PART, is_set=False))
    least = estimated(turn.tracker, turn.tracker.layout.bundle.network.deadlines.underrun, "")
    took: timedelta = turn.now - run.started
    if least is not None and not is_bad and took < least:
        turn.record(FlagRaised(at=turn.now, part=None, flag=Flag.UNDERRUN))
