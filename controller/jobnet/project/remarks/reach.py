"""Remarks on parts and flows that are never entered, or entered too late to matter."""

from collections.abc import Iterator

from jobnet.calendars import DayRule, DayState
from jobnet.definition import (
    AnyOf,
    Block,
    Branch,
    CalendarBranch,
    ContinueFrom,
    Flow,
    Network,
    OnError,
    Parallel,
    Part,
    flows_of,
    walk,
)
from jobnet.expressions import Expression
from jobnet.project.problems import Problem
from jobnet.project.remarks.constants import constant
from jobnet.project.remarks.telling import remark


def reach_remarks(network: Network) -> Iterator[Problem]:
    """Yield the parts and cases of a network that nothing leads to."""
    yield from _of_flow(network.flow)
    for part in walk(network.flow):
        if constant(part.when) is False:
            what = "The condition of this part is never true, so it never runs"
            yield remark(part, "never_runs", what, "Remove it, or write `skip: true`", at="when")
        if isinstance(part.body, Branch):
            yield from _cases(part, part.body)
        elif isinstance(part.body, CalendarBranch):
            yield from _day_cases(part, part.body)
        elif isinstance(part.body, Block) and not part.body.flow and part.body.rescue:
            what = "Nothing in this block can fail, so its rescue never runs"
            yield remark(part, "unreachable_part", what, at="rescue")


def _of_flow(flow: Flow) -> Iterator[Problem]:
    is_told = False
    named_after: dict[str, int] = {}
    for index, part in enumerate(flow):
        if index and not is_told and _never_passes(flow[index - 1]):
            is_told = True
            what = f"The loop in `{flow[index - 1].id}` never ends, so this part is never reached"
            hint = "Give the loop an `until` or `max_times`"
            yield remark(part, "unreachable_part", what, hint)
        yield from _too_late(flow, index, named_after)
        named_after[part.id] = index
        for _, inner in flows_of(part):
            yield from _of_flow(inner)


def _never_passes(part: Part) -> bool:
    """Return whether nothing after this part can ever begin.

    A part with a condition may be passed over, and what a block rescues goes on.
    """
    body = part.body
    if part.when is not None and constant(part.when) is not True:
        return False
    match body:
        case ContinueFrom(max_times=None):
            return body.until is None or constant(body.until) is False
        case Block():
            stays = any(_never_passes(one) for one in (*body.flow, *body.always))
            return stays and not body.rescue
        case Parallel(branches=branches):
            return any(_never_passes(one) for branch in branches for one in branch.flow)
        case AnyOf(branches=branches):
            return all(any(map(_never_passes, branch.flow)) for branch in branches)
        case Branch():
            flows = (*(case.flow for case in body.cases), body.else_flow)
            return all(any(map(_never_passes, flow)) for flow in flows)
        case _:
            return False


def _cases(part: Part, body: Branch) -> Iterator[Problem]:
    """Yield the cases of a branch that an earlier one, or their own condition, shuts out."""
    seen: dict[str, int] = {}
    for index, case in enumerate(body.cases):
        value, place = constant(case.when), f"branch.cases[{index}].when"
        text = " ".join(case.when.text.split())
        if value is False:
            what = "This case is never taken: its condition is never true"
            yield remark(part, "case_never_taken", what, "Remove it", at=place)
        elif text in seen:
            what = f"This case is never taken: case {seen[text] + 1} asks the same before it"
            yield remark(part, "case_never_taken", what, "Remove one of them", at=place)
        elif value is True and (index + 1 < len(body.cases) or body.else_flow):
            what = "This case is always taken, and nothing after it ever is"
            yield remark(part, "case_never_taken", what, "Use `else` for what is left", at=place)
            return
        seen.setdefault(text, index)


def _day_cases(part: Part, body: CalendarBranch) -> Iterator[Problem]:
    """Yield what stands behind `open` and `closed`, which are all days there are."""
    seen: set[DayRule] = set()
    states: set[DayState] = set()
    for index, case in enumerate(body.cases):
        place = f"calendar_branch.cases[{index}].on"
        if case.on in seen:
            what = "This case is never taken: an earlier one names the same days"
            yield remark(part, "case_never_taken", what, "Remove one of them", at=place)
        seen.add(case.on)
        if case.on.state is not None and not case.on.months:
            states.add(case.on.state)
        if len(states) > 1 and (index + 1 < len(body.cases) or body.else_flow):
            what = "`open` and `closed` are all days: nothing after this case is ever taken"
            yield remark(part, "case_never_taken", what, "Remove what follows", at=place)
            return


def _too_late(flow: Flow, index: int, standing: dict[str, int]) -> Iterator[Problem]:
    """Warn of a part that reads an earlier one whose bad end would already have stopped the flow.

    Only the part directly before is handled by a branch, a continuity or a ``when``.
    """
    part = flow[index]
    for name in sorted(judged_by(part)):
        place = standing.get(name, index)
        if place >= index - 1 or flow[place].errors.on_error is not OnError.STOP:
            continue
        if name not in judged_by(flow[place + 1]):
            what = f"An abnormal end of `{name}` stops the flow before this part asks"
            hint = f"Move it directly behind `{name}`, or add `on_error: continue` there"
            yield remark(part, "branch_too_late", what, hint)


def judged_by(part: Part) -> frozenset[str]:
    """Return the parts whose end this part judges: by its branch, its loop or its condition."""
    expressions: list[Expression | None] = [part.when]
    if isinstance(part.body, Branch):
        expressions += [case.when for case in part.body.cases]
    elif isinstance(part.body, ContinueFrom):
        expressions.append(part.body.until)
    return frozenset(
        path[1]
        for one in expressions
        if one is not None
        for path in one.references
        if path[0] == "parts" and len(path) > 1
    )
