"""Remarks on single parts: endless waits, loops without a bound, words that have no effect."""

from collections.abc import Iterator

from jobnet.definition import (
    ContinueFrom,
    Dialog,
    Network,
    OnLost,
    Part,
    RerunRule,
    SubNetwork,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitNetwork,
    WaitPart,
    flows_of,
    walk,
)
from jobnet.project.problems import Problem
from jobnet.project.remarks.constants import constant
from jobnet.project.remarks.telling import network_remark, remark


def part_remarks(network: Network) -> Iterator[Problem]:
    """Yield what each part of a network gives reason for, taken alone."""
    if not network.flow:
        yield network_remark(network, "empty_network", "This network has no parts", at="flow")
    for part in walk(network.flow):
        objection = _objection(part)
        if objection:
            yield remark(part, *objection)
        for word in _not_carried_out(part):
            what = f"`{word}` is accepted and not carried out yet"
            yield remark(part, "not_yet", what, "The part runs as if it were not there")
        if part.placement.warm is not None and not _starts_jobs(part):
            what = "`warm` does nothing here: this part never starts Ansible"
            yield remark(part, "warm_without_job", what, "Remove it", at="warm")
        if part.errors.on_lost is OnLost.RETRY and part.errors.rerun is not RerunRule.SAFE:
            what = "`on_lost: retry` does nothing: this part may not be run twice unasked"
            hint = "Add `rerun: safe` if running it twice does no harm"
            yield remark(part, "lost_retry_not_safe", what, hint, at="on_lost")


def _starts_jobs(part: Part) -> bool:
    """Return whether Ansible may run for the part or for something inside it."""
    if isinstance(part.body, WaitFile):
        return part.body.hosts is not None
    return isinstance(part.body, UnitJob | SubNetwork) or bool(flows_of(part))


def _not_carried_out(part: Part) -> Iterator[str]:
    """Yield the words of a part that this release only accepts."""
    if part.placement.nodes:
        yield "nodes"
    if isinstance(part.body, UnitJob):
        if part.body.credentials:
            yield "credentials"
        if part.body.execution_environment is not None:
            yield "execution_environment"


def _objection(part: Part) -> tuple[str, str, str] | None:
    body = part.body
    match body:
        case WaitNetwork() | WaitPart() | WaitFile() | WaitEvent() if body.limit.timeout is None:
            return ("wait_without_timeout", "This wait may last for ever", "Add `timeout: 2h`")
        case Dialog(timeout=None):
            return (
                "wait_without_timeout",
                "This dialog may stay open for ever",
                "Add `timeout: 2h` and `on_timeout`",
            )
        case ContinueFrom():
            return _objection_to_loop(body)
        case _:
            return None


def _objection_to_loop(body: ContinueFrom) -> tuple[str, str, str] | None:
    value = constant(body.until)
    if value is True:
        what = "`until` is always true, so this loop never goes back"
        return ("loop_never_repeats", what, "Compare something that changes")
    if body.max_times is not None:
        return None
    if body.until is None or value is False:
        return ("endless_loop", "Nothing ends this loop", "Add `until` or `max_times`")
    return ("loop_without_bound", "This loop ends only if `until` comes true", "Add `max_times`")
