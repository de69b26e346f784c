"""Declares the commands that take care of what a controller keeps."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from pathlib import Path
from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

database = typer.Typer(help="The database of a controller.", no_args_is_help=True)


def prune(
    network: Annotated[
        str | None, typer.Argument(metavar="[NETWORK]", help="Only runs of it.", show_default=False)
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(metavar="TIME", help="Such as 30d; a day at least.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    reason: typed.Reason = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Remove runs that are over and old now, as the controller does every hour."""
    from jobnet.cli.care_commands import PruneTyped, prune_runs  # noqa: PLC0415 - start-up time

    wish = PruneTyped(network=network, older_than=older_than, is_dry=dry_run, reason=reason)
    return prune_runs(wish, form=output)


def keep(
    name: typed.Network,
    days: Annotated[str, typer.Argument(metavar="DAYS|none", help="none: as all others.")],
    until: typed.Until = None,
    reason: typed.Reason = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say how many days runs of a network are kept after their end."""
    from jobnet.cli.care_commands import keep_runs  # noqa: PLC0415 - start-up time

    return keep_runs(name, days, until=until, reason=reason, form=output)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file: .tar or .tar.gz.")],
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Write a backup of the controller of this machine; it may be at work."""
    from jobnet.cli.database_commands import write_backup  # noqa: PLC0415 - start-up time

    return write_backup(file, form=output)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    home: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A new or empty state home.")
    ] = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Put a backup into an empty state home."""
    from jobnet.cli.database_commands import restore_backup  # noqa: PLC0415 - start-up time

    return restore_backup(file, home, form=output)


@database.command("upgrade")
def upgrade(output: typed.FormOption = Form.HUMAN) -> int:
    """Bring the tables up to date, as a start does; no controller may be at work."""
    from jobnet.cli.database_commands import upgrade_database  # noqa: PLC0415 - start-up time

    return upgrade_database(output)


@database.command("check")
def check(
    runs: Annotated[
        int, typer.Option(min=0, max=1_000_000, metavar="N", help="Replay so many runs.")
    ] = 100,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say whether the database is sound: the file, the journals, the rows made of them."""
    from jobnet.cli.database_commands import check_database  # noqa: PLC0415 - start-up time

    return check_database(runs, form=output)


@database.command("rebuild")
def rebuild(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Only it.", show_default=False)
    ] = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Make rows anew from journals: of one run by a controller at work, else of all runs."""
    from jobnet.cli.database_commands import rebuild_rows  # noqa: PLC0415 - start-up time

    return rebuild_rows(run, form=output)
