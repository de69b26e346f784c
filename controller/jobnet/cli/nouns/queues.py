"""Declares the commands about queues, resources and events."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

queue = typer.Typer(help="Queues, and what is set above their definitions.", no_args_is_help=True)
resource = typer.Typer(help="Counted resources.", no_args_is_help=True)
event = typer.Typer(help="Events from outside.", no_args_is_help=True)

_Queue = Annotated[
    str, typer.Argument(metavar="QUEUE", help="With its folder.", show_default=False)
]


@queue.command("list")
def list_queues(
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Who stands in them.")] = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """List queues: how many jobs run and wait, and what is set at run time."""
    from jobnet.cli.queue_commands import list_queues as listed  # noqa: PLC0415 - start-up time

    return listed(is_verbose=verbose, form=output)


@queue.command("set")
def set_queue(
    name: _Queue,
    limit: Annotated[
        str | None, typer.Option(metavar="N|none", help="So many jobs at once; none: any.")
    ] = None,
    hold: Annotated[
        bool | None, typer.Option("--hold/--release", help="Let no job of it start, or again.")
    ] = None,
    priority: Annotated[int | None, typer.Option(metavar="N", help="Its priority.")] = None,
    until: typed.Until = None,
    reason: typed.Reason = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Change a queue at once, above its definition."""
    from jobnet.cli.queue_commands import QueueTyped, set_queue as changed  # noqa: I001, PLC0415

    wish = QueueTyped(limit=limit, is_held=hold, priority=priority, until=until, reason=reason)
    return changed(name, wish, form=output)


@queue.command("unset")
def unset_queue(
    name: _Queue,
    field: Annotated[
        str, typer.Option(metavar="FIELD", help="limit, is_held or priority; else all.")
    ] = "",
    reason: typed.Reason = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Let the definition of a queue count again."""
    from jobnet.cli.queue_commands import unset_queue as changed  # noqa: PLC0415 - start-up time

    return changed(name, field=field, reason=reason, form=output)


@resource.command("list")
def list_resources(output: typed.FormOption = Form.HUMAN) -> int:
    """List resources: how much there is, and how much is taken."""
    from jobnet.cli.queue_commands import list_resources as listed  # noqa: PLC0415 - start-up time

    return listed(output)


@resource.command("set")
def set_resource(
    name: Annotated[str, typer.Argument(metavar="RESOURCE", show_default=False)],
    capacity: Annotated[str, typer.Argument(metavar="N|none", help="So much; none: any.")],
    until: typed.Until = None,
    reason: typed.Reason = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say how much there is of a resource."""
    from jobnet.cli.queue_commands import set_resource as changed  # noqa: PLC0415 - start-up time

    return changed(name, capacity, until=until, reason=reason, form=output)


@event.command("send")
def send_event(
    name: Annotated[str, typer.Argument(metavar="EVENT", show_default=False)],
    extra: typed.Extra = None,
    keep: Annotated[
        str, typer.Option(metavar="DURATION", help="Later waits get it too, so long: 2h.")
    ] = "",
    day: Annotated[str | None, typer.Option(metavar="DATE", help="The operating day.")] = None,
    reason: typed.Reason = "",
    key: typed.Key = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Send an event; every wait that matches gets it once."""
    from jobnet.cli.event_command import EventTyped, send  # noqa: PLC0415 - start-up time

    wish = EventTyped(name=name, extra=tuple(extra or ()), keep=keep, day=day, reason=reason)
    return send(wish, key=key, form=output)
