"""Declares the commands that import what other schedulers know."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from pathlib import Path
from typing import Annotated

import typer

from jobnet.cli.options import Output, OutputOption

group = typer.Typer(
    help="Import crontabs, systemd timers or an export of AWX, with a report.",
    no_args_is_help=True,
)

To = Annotated[
    Path, typer.Option("--to", metavar="FOLDER", help="Where the documents are written.")
]
Hosts = Annotated[
    str, typer.Option("--hosts", metavar="PATTERN", help="The hosts that the jobs run on.")
]
ZoneOption = Annotated[
    str | None,
    typer.Option("--timezone", metavar="ZONE", help="Of times without one, as Europe/Berlin."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]


@group.command("crontab")
def crontab(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Crontabs; - is stdin.", show_default=False),
    ],
    to: To,
    hosts: Hosts = "localhost",
    timezone: ZoneOption = None,
    user_column: Annotated[
        bool | None,
        typer.Option(
            "--user-column/--no-user-column",
            help="Whether a user stands before each command; else as the path says.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    output: OutputOption = Output.HUMAN,
) -> int:
    """Turn each line into a network and a schedule: crontab -l, /etc/crontab, /etc/cron.d."""
    from jobnet.cli.import_command import ImportTyped, import_from  # noqa: PLC0415 - start-up time
    from jobnet.services.importing import ImportWishes, import_crontabs  # noqa: PLC0415 - the same

    wishes = ImportWishes(hosts=hosts, timezone=timezone, has_user_column=user_column)
    return import_from(import_crontabs, wishes, ImportTyped(files, to, force, output))


@group.command("systemd")
def systemd(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Files *.timer and their *.service.", show_default=False
        ),
    ],
    to: To,
    hosts: Hosts = "localhost",
    timezone: ZoneOption = None,
    force: Force = False,
    output: OutputOption = Output.HUMAN,
) -> int:
    """Turn timers and their services into networks and schedules."""
    from jobnet.cli.import_command import ImportTyped, import_from  # noqa: PLC0415 - start-up time
    from jobnet.services.importing import ImportWishes, import_timers  # noqa: PLC0415 - the same

    wishes = ImportWishes(hosts=hosts, timezone=timezone)
    return import_from(import_timers, wishes, ImportTyped(files, to, force, output))


@group.command("awx")
def awx(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="What awx export wrote.", show_default=False),
    ],
    to: To,
    playbooks: Annotated[
        str, typer.Option(metavar="PATH", help="Where the playbooks lie, seen from --to.")
    ] = ".",
    force: Force = False,
    output: OutputOption = Output.HUMAN,
) -> int:
    """Turn workflows, job templates and schedules of AWX into networks and schedules."""
    from jobnet.cli.import_command import ImportTyped, import_from  # noqa: PLC0415 - start-up time
    from jobnet.services.importing import ImportWishes, import_awx  # noqa: PLC0415 - the same

    wishes = ImportWishes(playbooks=playbooks)
    return import_from(import_awx, wishes, ImportTyped(files, to, force, output))
