"""Declares the commands about start conditions."""

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

trigger = typer.Typer(help="What starts networks when something happens.", no_args_is_help=True)


@trigger.callback()
def about() -> None:
    """Show what starts networks when something happens."""


@trigger.command("list")
def list_triggers(output: typed.FormOption = Form.HUMAN) -> int:
    """List what start conditions wait for, what has come and what is missing."""
    from jobnet.cli.trigger_commands import list_triggers as listed  # noqa: PLC0415 - start-up time

    return listed(form=output)
