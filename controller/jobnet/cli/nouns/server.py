"""Declares the commands about the controller itself: start it, end it, what it goes by."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

config = typer.Typer(help="What this process goes by.", no_args_is_help=True)


def up(
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A loopback address: 127.0.0.1 or ::1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, metavar="N", help="0: any that is free.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="postgresql://user:password@host/name.")
    ] = None,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="In the background.")] = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Start a controller on this machine; nothing else is needed."""
    from jobnet.cli.up_command import UpTyped, start_controller  # noqa: PLC0415 - start-up time

    wish = UpTyped(host=host, port=port, database=database, is_detached=detach, form=output)
    return start_controller(wish)


def down(
    seconds: Annotated[float, typer.Option(min=0.0, metavar="N", help="Wait so long.")] = 60.0,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """End the controller of this machine; its jobs go on, and the next one adopts them."""
    from jobnet.cli.down_command import end_controller  # noqa: PLC0415 - start-up time

    return end_controller(seconds, form=output)


@config.command("show")
def show_config(output: typed.FormOption = Form.HUMAN) -> int:
    """Print what this process is configured with, without secrets."""
    from jobnet.cli.config_command import show_settings  # noqa: PLC0415 - start-up time

    return show_settings(output)
