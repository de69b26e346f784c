"""Declares what a shift looks at: status, why, last, deviations, changes, the audit, logs."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

dialog = typer.Typer(help="Dialogs that wait for an answer.", no_args_is_help=True)

_Since = Annotated[
    str,
    typer.Option(metavar="TIME", help="yesterday, today, 12h, or a time such as 2026-05-29T21:55."),
]


def add_shift(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (status, why, last, deps, deviations, changes, audit, logs, artifacts):
        app.command()(command)
    app.add_typer(dialog, name="dialog")


def status(output: typed.FormOption = Form.HUMAN) -> int:
    """Show the night on one screen."""
    from jobnet.cli.status_command import show_status  # noqa: PLC0415 - start-up time

    return show_status(output)


def why(
    about: Annotated[
        str,
        typer.Argument(metavar="RUN|NETWORK", help="A run, or a network.", show_default=False),
    ],
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say why something does not run, or why it failed, and what to type next."""
    from jobnet.cli.why_command import show_why  # noqa: PLC0415 - start-up time

    return show_why(about, output)


def last(network: typed.Network, output: typed.FormOption = Form.HUMAN) -> int:
    """Show how a network went last, and how long it usually takes."""
    from jobnet.cli.network_commands import show_last  # noqa: PLC0415 - start-up time

    return show_last(network, output)


def deps(
    network: typed.Network,
    up: Annotated[bool, typer.Option("--up", help="Only what it needs.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Only who needs it.")] = False,
    depth: Annotated[int, typer.Option(min=1, max=100, metavar="N", help="So many steps.")] = 100,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Show what a network needs of others, and which others need it."""
    from jobnet.cli.deps_command import show_dependencies  # noqa: PLC0415 - start-up time

    both = up == down
    directions = [way for way, is_meant in (("up", up), ("down", down)) if is_meant or both]
    return show_dependencies(network, directions=directions, depth=depth, form=output)


def deviations(output: typed.FormOption = Form.HUMAN) -> int:
    """List all that differs from the definitions now."""
    from jobnet.cli.shift_commands import list_deviations  # noqa: PLC0415 - start-up time

    return list_deviations(output)


def changes(
    since: _Since = "yesterday", limit: typed.Limit = 50, output: typed.FormOption = Form.HUMAN
) -> int:
    """List what was changed of what future runs do."""
    from jobnet.cli.shift_commands import list_changes  # noqa: PLC0415 - start-up time

    return list_changes(since, limit=limit, form=output)


def audit(
    subject: Annotated[
        str, typer.Argument(metavar="[THING]", help="How its name begins: a run, `queue tape`.")
    ] = "",
    by: Annotated[str, typer.Option(metavar="USER", help="Who did it.")] = "",
    since: Annotated[str | None, typer.Option(metavar="TIME", help="As of changes.")] = None,
    limit: typed.Limit = 50,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """List who did what to which thing, when and why."""
    from jobnet.cli.shift_commands import list_audit  # noqa: PLC0415 - start-up time

    return list_audit(subject, by=by, since=since, limit=limit, form=output)


def logs(
    run: typed.RunOrPart,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the end.")] = False,
    attempt: Annotated[
        int, typer.Option(min=0, metavar="N", help="Of a part; 0 is the latest.")
    ] = 0,
    grep: Annotated[str | None, typer.Option(metavar="TEXT", help="Only lines with it.")] = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Print what the jobs of a run, or one part of it, have printed."""
    from jobnet.cli.logs_command import LogsTyped, print_logs  # noqa: PLC0415 - start-up time

    return print_logs(
        LogsTyped(target=run, follows=follow, attempt=attempt, grep=grep, form=output)
    )


def artifacts(
    part: Annotated[
        str, typer.Argument(metavar="RUN/PART", help="A part of a run.", show_default=False)
    ],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The file to fetch.")] = "",
    to: Annotated[
        str, typer.Option(metavar="FILE", help="Write it there; - is stdout. Else: here.")
    ] = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """List the files that a part has left, or fetch one."""
    from jobnet.cli.artifact_command import fetch_artifact, list_artifacts  # noqa: PLC0415

    return fetch_artifact(part, name, to=to) if name else list_artifacts(part, form=output)


@dialog.command("list")
def list_dialogs(output: typed.FormOption = Form.HUMAN) -> int:
    """List the dialogs that wait for an answer."""
    from jobnet.cli.shift_commands import list_dialogs as listed  # noqa: PLC0415 - start-up time

    return listed(output)
