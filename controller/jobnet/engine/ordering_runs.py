"""Carries out the orders that concern a whole run or container: suspend, kill, cancel, rerun."""

from jobnet.engine import orders as o
from jobnet.engine.bounds import ENTRIES_MAX
from jobnet.engine.clocks import is_clock_doubted
from jobnet.engine.facts import (
    ClockTrusted,
    Commented,
    HaltOrdered,
    OperatorDecided,
    PartMarked,
    RunReopened,
    SuspensionChanged,
)
from jobnet.engine.halting import stop_leaf
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.reopening import reopen
from jobnet.engine.rerunning import plan_rerun
from jobnet.engine.standing import record_of, run_of
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey


def check(turn: Turn, order: o.Order, name: str) -> None:
    """Refuse an order for the whole run that does not fit its state."""
    run = run_of(turn.tracker)
    if isinstance(order, o.Comment | o.Rerun):
        if isinstance(order, o.Rerun):
            if turn.tracker.facts >= ENTRIES_MAX:
                full = f"its journal has {ENTRIES_MAX:,} entries, which is the limit"
                raise OrderRefused(name, str(run.run), full)
            plan_rerun(turn.tracker, order)
        return
    if run.ended is not None:
        raise OrderRefused(name, str(run.run), f"the run has ended {run.state.value}")
    if isinstance(order, o.Kill) and run.halt == "now":
        raise OrderRefused(name, str(run.run), "it is being killed already")


def suspend(turn: Turn, order: o.Suspend, given: OrderGiven) -> None:
    """Start nothing new in the run or container."""
    _suspension(turn, order.part, given, is_suspended=True)


def resume(turn: Turn, order: o.Resume, given: OrderGiven) -> None:
    """Go on: what waited for that has its turn again; a doubted clock counts as right."""
    if order.part is None and is_clock_doubted(turn.tracker):
        turn.record(ClockTrusted(at=turn.now, by=given.by, reason=given.reason))
        if not run_of(turn.tracker).is_suspended:
            return
    _suspension(turn, order.part, given, is_suspended=False)


def _suspension(turn: Turn, part: PartKey | None, given: OrderGiven, *, is_suspended: bool) -> None:
    turn.record(
        SuspensionChanged(
            at=turn.now,
            part=part,
            is_suspended=is_suspended,
            by=given.by,
            reason=given.reason,
        )
    )


def kill(turn: Turn, order: o.Kill, given: OrderGiven) -> None:
    """Kill a part, a container or the run; ends come by confirmation."""
    record = None if order.part is None else record_of(turn.tracker, order.part)
    if record is not None and not _is_container(record):
        stop_leaf(turn, record, "kill")
        return
    how = "now" if order.now else "kill"
    turn.record(
        HaltOrdered(at=turn.now, part=order.part, how=how, by=given.by, reason=given.reason)
    )


def _is_container(record: PartRecord) -> bool:
    return bool(record.open_flows or record.next_child)


def cancel(turn: Turn, order: o.Cancel, given: OrderGiven) -> None:
    """Cancel what has not started; or have an end judged that waits for the operator."""
    record = None if order.part is None else turn.tracker.parts.get(order.part)
    if record is not None and record.awaits_operator:
        turn.record(OperatorDecided(at=turn.now, part=record.key, by=given.by, goes_on=False))
    elif order.part is not None and record is None:
        turn.record(
            PartMarked(at=turn.now, part=order.part, mark="cancel", is_set=True, by=given.by)
        )
    elif record is not None and not _is_container(record):
        if not record.is_live:
            stop_leaf(turn, record, "cancel")
    else:
        turn.record(
            HaltOrdered(
                at=turn.now, part=order.part, how="cancel", by=given.by, reason=given.reason
            )
        )


def rerun(turn: Turn, order: o.Rerun, given: OrderGiven) -> None:
    """Run again on the same tracker, as new attempts."""
    plan = plan_rerun(turn.tracker, order)
    reopen(
        turn,
        RunReopened(
            at=turn.now,
            round=run_of(turn.tracker).round + 1,
            by=given.by,
            reason=given.reason,
            reset=plan.reset,
            reopened=plan.reopened,
            params=order.params,
            held=plan.targets if order.held else (),
            only_failed_hosts=order.failed_hosts_only,
            only=plan.targets if order.start is o.RerunFrom.ONLY else (),
            passed=plan.passed,
            fresh_events=order.fresh_events,
            cases=order.cases,
            hosts=order.hosts,
            narrowed=plan.narrowed,
            edition=order.edition,
            mapping=order.mapping,
        ),
    )


def comment(turn: Turn, order: o.Comment, given: OrderGiven) -> None:
    """Write a note."""
    turn.record(Commented(at=turn.now, part=order.part, text=order.text, by=given.by))
