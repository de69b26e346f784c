"""Declares the commands about the networks that a controller has."""

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

network = typer.Typer(help="The networks that a controller has.", no_args_is_help=True)


@network.command("list")
def list_networks(
    folder: Annotated[str, typer.Option(metavar="FOLDER", help="Of it and below.")] = "",
    limit: typed.Limit = 1000,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """List networks by name."""
    from jobnet.cli.network_commands import list_networks as listed  # noqa: PLC0415 - start-up time

    return listed(folder, limit=limit, form=output)


@network.command("show")
def show_network(network: typed.Network, output: typed.FormOption = Form.HUMAN) -> int:
    """Show a network with its text and its latest runs."""
    from jobnet.cli.network_commands import show_network as shown  # noqa: PLC0415 - start-up time

    return shown(network, output)
