"""Suspends and resumes a network, or everything: nothing new starts, running jobs go on."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.moments import after_now
from jobnet.cli.ordering import Wish, confirm, give
from jobnet.cli.typed import Form
from jobnet.errors.client import CommandUsage

EVERYTHING: Final = "/settings/everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendTyped:
    """What was typed after ``suspend`` or ``resume``; one of the first three is what is meant."""

    targets: tuple[str, ...]
    network: str | None
    is_everything: bool
    until: str | None = None
    reason: str = ""
    key: str = ""
    yes: bool = False
    form: Form = Form.HUMAN


def suspend_or_resume(order: str, wish: SuspendTyped) -> int:
    """Give the order and return the exit status."""
    meant = [bool(wish.targets), wish.network is not None, wish.is_everything]
    if sum(meant) != 1:
        problem = "name runs, or --network NAME, or --everything: one of them"
        raise CommandUsage(problem, command=f"jobnet {order}")
    if wish.targets:
        return _runs(order, wish)
    if order == "suspend" and wish.is_everything:
        confirm("suspend --everything", needs_yes=True, is_agreed=wish.yes)
    place = EVERYTHING if wish.network is None else f"/networks/{quote(wish.network, safe='')}"
    body: dict[str, object] = {"reason": wish.reason}
    with calling() as client:
        if wish.until is not None:
            body["until"] = after_now(client, wish.until, command=f"jobnet {order}")
        done = client.act("POST", f"{place}/{order}", body, key=wish.key)
    what = wish.network or "everything"
    said = f"Done: {order} {what}" if done["has_changed"] else f"It was so already: {what}"
    say(done, wish.form, lambda: [said])
    return ExitCode.NORMAL


def _runs(order: str, wish: SuspendTyped) -> int:
    if wish.until is not None:
        problem = "a run is suspended until somebody resumes it; --until is for networks"
        raise CommandUsage(problem, command=f"jobnet {order}")
    given = Wish(
        order=order,
        targets=wish.targets,
        reason=wish.reason,
        key=wish.key,
        yes=wish.yes,
        form=wish.form,
    )
    return give(given)
