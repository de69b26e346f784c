"""Declares a command for each order that an operator gives to runs and parts."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

PLAIN = {
    "hold": "Keep a part from starting; what follows it is blocked.",
    "release": "Let a held part go on.",
    "unskip": "Take a skip back before the part's turn has come.",
    "no-exec": "Walk the flow and execute nothing, of a part or of all that has not begun.",
    "run-now": "Drop the time wait of a part; predecessors and queues still count.",
    "clear-wait": "Take the condition of a wait as fulfilled.",
    "force-end": "Stop waiting for a job that does not answer: it is LOST.",
    "cancel": "Cancel what has not started; running parts finish.",
}
"""Orders that need nothing but their targets."""


def add_orders(app: typer.Typer) -> None:
    """Add the commands."""
    more: dict[str, Callable[..., int]] = {
        "suspend": suspend,
        "resume": resume,
        "skip": skip,
        "kill": kill,
        "change-time": change_time,
        "answer": answer,
        "change-result": change_result,
        "set-priority": set_priority,
        "move-queue": move_queue,
        "comment": comment,
    }
    for order, says in PLAIN.items():
        app.command(order, help=says)(_plain(order))
    for order, command in more.items():
        app.command(order)(command)


def _plain(order: str) -> Callable[..., int]:
    def command(
        targets: typed.Targets,
        reason: typed.Reason = "",
        key: typed.Key = "",
        yes: typed.Yes = False,
        output: typed.FormOption = Form.HUMAN,
    ) -> int:
        return _give(order, targets, {}, reason=reason, key=key, yes=yes, form=output)

    return command


_Runs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[RUN[/PART]]...", help="Runs or parts of them.", show_default=False),
]
_OfNetwork = Annotated[str | None, typer.Option("--network", metavar="NETWORK")]
_Everything = Annotated[bool, typer.Option("--everything", help="All networks.")]


def suspend(
    targets: _Runs = None,
    network: _OfNetwork = None,
    everything: _Everything = False,
    until: typed.Until = None,
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Start nothing new in runs, a network or everything; running jobs finish."""
    from jobnet.cli.suspending import SuspendTyped, suspend_or_resume  # noqa: PLC0415

    wish = SuspendTyped(
        targets=tuple(targets or ()), network=network, is_everything=everything, until=until,
        reason=reason, key=key, yes=yes, form=output,
    )  # fmt: skip
    return suspend_or_resume("suspend", wish)


def resume(
    targets: _Runs = None,
    network: _OfNetwork = None,
    everything: _Everything = False,
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Take a suspension back."""
    from jobnet.cli.suspending import SuspendTyped, suspend_or_resume  # noqa: PLC0415

    wish = SuspendTyped(
        targets=tuple(targets or ()), network=network, is_everything=everything,
        reason=reason, key=key, yes=yes, form=output,
    )  # fmt: skip
    return suspend_or_resume("resume", wish)


def skip(
    targets: typed.Targets,
    exit_code: typed.ExitCode = None,
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Let a part end SKIPPED when its turn comes; what follows goes on."""
    fields = {} if exit_code is None else {"exit_code": exit_code}
    return _give("skip", targets, fields, reason=reason, key=key, yes=yes, form=output)


def kill(
    targets: typed.Targets,
    now: Annotated[bool, typer.Option("--now", help="Leave out every always too.")] = False,
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """End what runs of a run or part."""
    fields = {"now": True} if now else {}
    return _give("kill", targets, fields, reason=reason, key=key, yes=yes, form=output)


def change_time(
    target: typed.RunOrPart,
    to: Annotated[str, typer.Argument(metavar="TIME", help="Such as 2026-05-29T21:55.")],
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Move the instant that a clock or duration wait is waiting for."""
    fields = {"to": to}
    return _give("change-time", [target], fields, reason=reason, key=key, yes=yes, form=output)


def answer(
    target: typed.RunOrPart,
    choice: Annotated[str, typer.Argument(metavar="CHOICE", help="One of its choices.")],
    extra: typed.Extra = None,
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Answer an open dialog; -e fills the fields of its form."""
    fields = {"choice": choice, **_read("form", extra)}
    return _give("answer", [target], fields, reason=reason, key=key, yes=yes, form=output)


def change_result(
    target: typed.RunOrPart,
    result: Annotated[str, typer.Argument(metavar="RESULT", help="normal, warning or abnormal.")],
    exit_code: typed.ExitCode = None,
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Give a part another result; what follows reacts at once."""
    fields = {"result": result, **({} if exit_code is None else {"exit_code": exit_code})}
    return _give("change-result", [target], fields, reason=reason, key=key, yes=yes, form=output)


def set_priority(
    target: typed.RunOrPart,
    priority: Annotated[int, typer.Argument(metavar="N", help="More is earlier.")],
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Give a part that has not started another place in its queue."""
    fields = {"priority": priority}
    return _give("set-priority", [target], fields, reason=reason, key=key, yes=yes, form=output)


def move_queue(
    target: typed.RunOrPart,
    queue: Annotated[str, typer.Argument(metavar="QUEUE", help="The other queue.")],
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Let a part that has not started wait in another queue."""
    fields = {"queue": queue}
    return _give("move-queue", [target], fields, reason=reason, key=key, yes=yes, form=output)


def comment(
    target: typed.RunOrPart,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The note.")],
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Write a note beside a part or a run."""
    return _give("comment", [target], {"text": text}, reason=reason, key=key, yes=yes, form=output)


def _read(name: str, extra: list[str] | None) -> dict[str, object]:
    if not extra:
        return {}
    from jobnet.services.param_texts import read_params  # noqa: PLC0415 - start-up time

    return {name: read_params(tuple(extra))}


def _give(
    order: str,
    targets: list[str],
    fields: Mapping[str, object],
    *,
    reason: str,
    key: str,
    yes: bool,
    form: Form,
) -> int:
    from jobnet.cli.ordering import Wish, give  # noqa: PLC0415 - start-up time

    wish = Wish(
        order=order, targets=targets, fields=fields, reason=reason, key=key, yes=yes, form=form
    )
    return give(wish)
