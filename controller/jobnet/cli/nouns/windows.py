"""Declares the commands about maintenance windows."""

from enum import StrEnum
from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

window = typer.Typer(help="Times in which hosts are left alone.", no_args_is_help=True)


class Action(StrEnum):
    """What a window does to what would start within it."""

    HOLD = "hold"
    SKIP = "skip"
    WARN = "warn"


_Window = Annotated[str, typer.Argument(metavar="WINDOW", help="Its name.", show_default=False)]
_Named = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Also twice.")]


@window.command("open")
def open_window(  # noqa: PLR0913, PLR0917 - one per option of the command
    name: _Window,
    hosts: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="Hosts of the inventory.")
    ] = None,
    node: _Named = None,
    queue: _Named = None,
    network: _Named = None,
    lasts: Annotated[
        str | None, typer.Option("--for", metavar="DURATION", help="So long from now: 2h.")
    ] = None,
    until: typed.Until = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Not now, but from then on.")
    ] = None,
    action: Annotated[Action, typer.Option(help="What becomes of what would start.")] = Action.HOLD,
    reason: typed.Reason = "",
    key: typed.Key = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Open a window by hand: what it covers does not start until its end."""
    from jobnet.cli.window_commands import WindowTyped, open_window as opened  # noqa: I001, PLC0415

    named = {"nodes": node, "queues": queue, "networks": network}
    wish = WindowTyped(
        name=name,
        hosts=hosts,
        named={word: tuple(names or ()) for word, names in named.items()},
        action=action.value,
        first=first,
        until=until,
        lasts=lasts,
        reason=reason,
    )
    return opened(wish, key=key, form=output)


@window.command("close")
def close_window(
    name: _Window,
    reason: typed.Reason = "",
    key: typed.Key = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """End a window now."""
    from jobnet.cli.window_commands import close_window as closed  # noqa: PLC0415 - start-up time

    return closed(name, reason=reason, key=key, form=output)


@window.command("list")
def list_windows(
    first: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Now, if it is left out.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="A week later, if left out.")
    ] = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """List when windows are open, and who opened them."""
    from jobnet.cli.window_commands import list_windows as listed  # noqa: PLC0415 - start-up time

    return listed(first=first, last=last, form=output)
