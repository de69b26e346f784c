"""Makes a new tracker of a tracker and a fact: the only function that does.

Nothing is evaluated or decided here. Replaying the journal gives the same tracker, always.
"""

from typing import assert_never

from jobnet.engine import evolve_clocks as clocks
from jobnet.engine import evolve_flows as flows
from jobnet.engine import evolve_parts as parts
from jobnet.engine import evolve_reruns as reruns
from jobnet.engine import evolve_timers as timers
from jobnet.engine import evolve_waits as waiting
from jobnet.engine import facts as f
from jobnet.engine.recording import change, enter
from jobnet.engine.replacing import replace
from jobnet.engine.states import Flag, State
from jobnet.engine.tracker import Tracker


def evolve(tracker: Tracker, fact: f.Fact) -> Tracker:
    """Return the tracker after this fact."""
    after = _apply(tracker, fact)
    return replace(after, facts=tracker.facts + 1, last_at=fact.at)


def _apply(tracker: Tracker, fact: f.Fact) -> Tracker:
    if isinstance(fact, f.RunFact):
        return _apply_to_run(tracker, fact)
    if isinstance(fact, f.ClockFact):
        return _apply_of_clock(tracker, fact)
    if isinstance(fact, f.PartFact):
        return _apply_to_part(tracker, fact)
    if isinstance(fact, f.EndFact):
        return _apply_end(tracker, fact)
    return _apply_of_operator(tracker, fact)


def _apply_to_run(tracker: Tracker, fact: f.RunFact) -> Tracker:  # noqa: C901, PLR0911, PLR0912 - a line per fact
    match fact:
        case f.RunStarted():
            return flows.run_started(tracker, fact)
        case f.RunEnded():
            return flows.run_ended(tracker, fact)
        case f.RerunListed():
            return replace(tracker, listed=(*tracker.listed, fact))
        case f.RunReopened():
            return reruns.run_reopened(tracker, fact)
        case f.FlowOpened():
            return flows.flow_opened(tracker, fact)
        case f.FlowAdvanced():
            return flows.flow_advanced(tracker, fact)
        case f.RestNotRun() | f.RestCancelled():
            return flows.rest_stopped(tracker, fact)
        case f.FlowEnded():
            return flows.flow_ended(tracker, fact)
        case f.IterationStarted():
            return flows.iteration_started(tracker, fact)
        case f.FlagRaised():
            return parts.flag_raised(tracker, fact)
        case f.HaltOrdered():
            return flows.halt_ordered(tracker, fact)
        case f.HaltCarriedOut():
            return flows.halt_carried_out(tracker, fact)
        case f.SuspensionChanged():
            return flows.suspension_changed(tracker, fact)
        case _:
            assert_never(fact)


def _apply_of_clock(tracker: Tracker, fact: f.ClockFact) -> Tracker:
    match fact:
        case f.TimerArmed():
            return timers.timer_armed(tracker, fact)
        case f.TimerOver():
            return timers.timer_over(tracker, fact)
        case f.TimersArmed():
            return timers.timers_armed(tracker, fact)
        case f.TimersDropped():
            return timers.timers_dropped(tracker, fact)
        case f.ClockDoubted():
            return clocks.clock_doubted(tracker, fact)
        case f.ClockTrusted():
            return clocks.clock_trusted(tracker, fact)
        case f.StartPaused():
            return clocks.start_paused(tracker, fact)
        case f.OverrunPaused():
            return clocks.overrun_paused(tracker, fact)
        case _:
            assert_never(fact)


def _apply_to_part(tracker: Tracker, fact: f.PartFact) -> Tracker:  # noqa: PLR0911 - a line per fact
    match fact:
        case f.PartOpened():
            return parts.part_opened(tracker, fact)
        case f.PartWaited():
            return parts.part_waited(tracker, fact)
        case f.PartQueued():
            queued = {"reason": fact.reason, "attempt": fact.attempt, "detail": fact.detail}
            return enter(tracker, fact.part, fact.at, State.QUEUED, queued)
        case f.ArgumentsBound():
            return parts.arguments_bound(tracker, fact)
        case f.BranchTaken():
            return parts.branch_taken(tracker, fact)
        case f.ItemsFixed():
            return parts.items_fixed(tracker, fact)
        case f.PartStarted():
            return parts.part_started(tracker, fact)
        case f.AttemptRunning():
            running = {"attempt": fact.attempt}
            return enter(tracker, fact.part, fact.at, State.RUNNING, running)
        case f.PartPrompted():
            open_dialog = {"attempt": fact.attempt, "detail": fact.message, "started": fact.at}
            return enter(tracker, fact.part, fact.at, State.PROMPTING, open_dialog)
        case _:
            assert_never(fact)


def _apply_end(tracker: Tracker, fact: f.EndFact) -> Tracker:  # noqa: C901, PLR0911, PLR0912 - a line per fact
    match fact:
        case f.AttemptEnded():
            return parts.attempt_ended(tracker, fact)
        case f.RetryPlanned():
            return parts.retry_planned(tracker, fact)
        case f.EventSent():
            return parts.event_sent(tracker, fact)
        case f.EventTaken():
            return parts.event_taken(tracker, fact)
        case f.FilesLooked():
            return parts.files_looked(tracker, fact)
        case f.EndsSeen():
            return change(tracker, fact.part, fact.at, ends=fact.ends)
        case f.ExecutionsAwaited():
            return waiting.executions_awaited(tracker, fact)
        case f.DeadlockFound():
            return waiting.deadlock_found(tracker, fact)
        case f.DeadlockResolved():
            return waiting.deadlock_resolved(tracker, fact)
        case f.PartEnded():
            return parts.part_ended(tracker, fact)
        case f.PartHandled():
            return parts.part_handled(tracker, fact)
        case f.KillRequested():
            flagged = f.FlagRaised(at=fact.at, part=fact.part, flag=Flag.KILL_REQUESTED)
            tracker = parts.flag_raised(tracker, flagged)
            return change(tracker, fact.part, fact.at, kill_reason=fact.reason)
        case _:
            assert_never(fact)


def _apply_of_operator(tracker: Tracker, fact: f.OperatorFact) -> Tracker:  # noqa: C901, PLR0911 - a line per fact
    match fact:
        case f.PartHeld():
            return parts.part_held(tracker, fact)
        case f.PartReleased():
            return parts.part_released(tracker, fact)
        case f.PartMarked():
            return parts.part_marked(tracker, fact)
        case f.LateAnswer():
            return parts.late_answer(tracker, fact)
        case f.VoteCast():
            return reruns.vote_cast(tracker, fact)
        case f.OperatorAwaited():
            return parts.operator_awaited(tracker, fact)
        case f.OperatorDecided():
            return parts.operator_decided(tracker, fact)
        case f.ResultChanged():
            return parts.result_changed(tracker, fact)
        case f.PlacementChanged():
            placement = {"priority": fact.priority, "queue": fact.queue}
            return change(tracker, fact.part, fact.at, **placement)
        case f.Commented():
            return reruns.commented(tracker, fact)
        case f.OrderTaken():
            return reruns.order_taken(tracker, fact)
        case _:
            assert_never(fact)
