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
def show_network(name: typed.Network, output: typed.FormOption = Form.HUMAN) -> int:
    """Show a network with its text and its latest runs."""
    from jobnet.cli.network_commands import show_network as shown  # noqa: PLC0415 - start-up time

    return shown(name, output)


@network.command("versions")
def list_versions(name: typed.Network, output: typed.FormOption = Form.HUMAN) -> int:
    """List the versions of a network, the latest first."""
    from jobnet.cli.document_commands import list_versions as listed  # noqa: PLC0415 - start-up time

    return listed("network", name, form=output)


@network.command("limit")
def set_limit(
    name: typed.Network,
    limit: Annotated[str, typer.Argument(metavar="N|none", help="none: as it is defined.")],
    until: typed.Until = None,
    reason: typed.Reason = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say how many runs of a network there may be at once."""
    from jobnet.cli.queue_commands import set_network_limit  # noqa: PLC0415 - start-up time

    return set_network_limit(name, limit, until=until, reason=reason, form=output)
