"""Tells what a definition permits and its author probably did not mean: the silent failures.

Errors are found while the text is read; these are warnings about what would run and
surprise. What needs an inventory, a plan or Ansible itself is not looked at here.
"""

from collections.abc import Iterator
from itertools import pairwise

from jobnet.definition import (
    Branch,
    Bundle,
    ContinueFrom,
    Dialog,
    Flow,
    Network,
    OnError,
    Part,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitNetwork,
    WaitPart,
    flows_of,
    walk,
)
from jobnet.expressions import Expression
from jobnet.project.bundles import resolve
from jobnet.project.problems import Findings, Level, Problem
from jobnet.project.reading import Reading


def lint(subject: Reading | Bundle) -> tuple[Problem, ...]:
    """Return every problem and warning of what was read, in the order of the text."""
    findings = Findings()
    if isinstance(subject, Bundle):
        for network in subject.networks.values():
            findings.extend(network_warnings(network))
        return findings.in_order()
    findings.extend(subject.problems)
    for name, network in subject.networks.items():
        findings.extend(network_warnings(network))
        findings.extend(resolve(subject, name)[1])
    return findings.in_order()


def network_warnings(network: Network) -> Iterator[Problem]:
    """Return the warnings of one network."""
    if not network.flow:
        yield Problem(
            severity=Level.WARNING,
            code="empty_network",
            position=network.position,
            path="flow",
            what="This network has no parts",
            hint="",
        )
    for part in walk(network.flow):
        objection = _objection(part)
        if objection:
            yield _warning(part, *objection)
        for word in _not_carried_out(part):
            what = f"`{word}` is accepted and not carried out yet"
            yield _warning(part, "not_yet", what, "The part runs as if it were not there")
    yield from _unreached_branches(network.flow)


def _not_carried_out(part: Part) -> Iterator[str]:
    """Yield the words of a part that this release only accepts."""
    if part.placement.nodes:
        yield "nodes"
    if isinstance(part.body, UnitJob):
        if part.body.credentials:
            yield "credentials"
        if part.body.execution_environment is not None:
            yield "execution_environment"


def _warning(part: Part, code: str, what: str, hint: str) -> Problem:
    return Problem(
        severity=Level.WARNING,
        code=code,
        position=part.position,
        path=part.path,
        what=what,
        hint=hint,
    )


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
        case ContinueFrom(max_times=None, until=None):
            return ("endless_loop", "Nothing ends this loop", "Add `until` or `max_times`")
        case ContinueFrom(max_times=None):
            return (
                "loop_without_bound",
                "This loop ends only if `until` comes true",
                "Add `max_times`",
            )
        case _:
            return None


def _unreached_branches(flow: Flow) -> Iterator[Problem]:
    """Warn of a part that reads an earlier one whose bad end would already have stopped the flow.

    Only the part directly before is handled by a branch, a continuity or a ``when``.
    """
    for index, part in enumerate(flow):
        named = _parts_named(part)
        for earlier, follower in pairwise(flow[:index]):
            stops = earlier.errors.on_error is OnError.STOP
            if earlier.id in named and stops and earlier.id not in _parts_named(follower):
                what = f"An abnormal end of `{earlier.id}` stops the flow before this part asks"
                hint = f"Move it directly behind `{earlier.id}`, or add `on_error: continue` there"
                yield _warning(part, "branch_too_late", what, hint)
        for _, inner in flows_of(part):
            yield from _unreached_branches(inner)


def _parts_named(part: Part) -> frozenset[str]:
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
