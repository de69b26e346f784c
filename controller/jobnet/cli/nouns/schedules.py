"""Declares the commands about schedules: what they start and when, and why."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.nouns.definitions import Base
from jobnet.cli.typed import Form

schedule = typer.Typer(help="Schedules: when networks start, and why.", no_args_is_help=True)

_Schedule = Annotated[
    str, typer.Argument(metavar="SCHEDULE", help="With its folder.", show_default=False)
]


@schedule.command("list")
def list_schedules(project: typed.Project = None, output: typed.FormOption = Form.HUMAN) -> int:
    """List schedules."""
    from jobnet.cli.schedule_commands import list_schedules as listed  # noqa: PLC0415 - start-up time

    return listed(project=project, form=output)


@schedule.command("show")
def show_schedule(
    name: _Schedule, project: typed.Project = None, output: typed.FormOption = Form.HUMAN
) -> int:
    """Show a schedule with its next starts."""
    from jobnet.cli.schedule_commands import show_schedule as shown  # noqa: PLC0415 - start-up time

    return shown(name, project=project, form=output)


@schedule.command("next")
def list_next(
    name: _Schedule,
    count: Annotated[
        int, typer.Option("-n", "--count", min=1, max=1000, metavar="N", help="So many.")
    ] = 10,
    project: typed.Project = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """List the next starts as the rules give them, without changes on the day."""
    from jobnet.cli.schedule_commands import list_next as listed  # noqa: PLC0415 - start-up time

    return listed(name, count=count, project=project, form=output)


@schedule.command("explain")
def explain_schedule(
    name: _Schedule,
    day: typed.Day,
    project: typed.Project = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say why a schedule has starts on a day, or why it has none."""
    from jobnet.cli.schedule_commands import explain_schedule as said  # noqa: PLC0415 - start-up time

    return said(name, day, project=project, form=output)


@schedule.command("diff")
def compare_plans(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help="What would be applied.", show_default=False),
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="As with apply --prune.")] = False,
    base: Base = "",
    project: typed.Project = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="With --project: what it is compared with."),
    ] = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say how the plan of 13 months would differ if files were applied; 7 if it would."""
    from jobnet.cli.plan_comparison import DiffTyped, compare  # noqa: PLC0415 - start-up time

    wish = DiffTyped(
        paths=tuple(paths or ()), prunes=prune, base=base, project=project, against=against
    )
    return compare(wish, output)
