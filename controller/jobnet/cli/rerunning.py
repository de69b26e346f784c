"""Reads from which part a run is to go on again, and gives the order."""

from dataclasses import dataclass

from jobnet.cli.ordering import Wish, give
from jobnet.cli.typed import Form
from jobnet.errors.client import CommandUsage
from jobnet.services.param_texts import read_params


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunTyped:
    """What was typed; at most one beginning may be."""

    target: str
    start_at: str | None
    only: str | None
    starts: tuple[str, ...]
    hosts: str | None
    held: bool
    extra: tuple[str, ...]
    current: bool = False


def rerun(wish: RerunTyped, *, reason: str, key: str, yes: bool, form: Form) -> int:
    """Give the order and return the exit status."""
    target, start = _beginning(wish)
    fields: dict[str, object] = {} if start is None else {"start": start}
    if wish.hosts is not None:
        fields["hosts"] = wish.hosts
    if wish.held:
        fields["held"] = True
    if wish.current:
        fields["definition"] = "current"
    if wish.extra:
        fields["params"] = read_params(wish.extra)
    order = Wish(
        order="rerun", targets=[target], fields=fields, reason=reason, key=key, yes=yes, form=form
    )
    return give(order)


def _beginning(wish: RerunTyped) -> tuple[str, str | None]:
    """Return what the order is for, and where it begins."""
    run, slash, _ = wish.target.partition("/")
    chosen = [wish.start_at, wish.only, *wish.starts]
    if sum(each is not None for each in chosen) > 1:
        problem = "a rerun has one beginning: --from, --only, --failed, --after-failed, --warning"
        raise CommandUsage(problem, command="jobnet run rerun")
    part = wish.start_at or wish.only
    if part is None:
        return wish.target, wish.starts[0] if wish.starts else None
    if slash:
        problem = "the part is named twice: in RUN/PART and as an option"
        raise CommandUsage(problem, command="jobnet run rerun")
    return f"{run}/{part}", "only" if wish.only else "part"
