"""Declares the commands about calendars: which days are open, and why."""

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

calendar = typer.Typer(help="Calendars: which days are open, and why.", no_args_is_help=True)

_Calendar = Annotated[
    str, typer.Argument(metavar="CALENDAR", help="With its folder.", show_default=False)
]


@calendar.command("list")
def list_calendars(project: typed.Project = None, output: typed.FormOption = Form.HUMAN) -> int:
    """List calendars."""
    from jobnet.cli.calendar_commands import list_calendars as listed  # noqa: PLC0415 - start-up time

    return listed(project=project, form=output)


@calendar.command("show")
def show_calendar(
    name: _Calendar,
    month: Annotated[
        str | None, typer.Option(metavar="MONTH", help="Such as 2026-05; else this month.")
    ] = None,
    project: typed.Project = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Show a month of a calendar, and why its days are open or closed."""
    from jobnet.cli.calendar_commands import show_calendar as shown  # noqa: PLC0415 - start-up time

    return shown(name, month=month, project=project, form=output)


@calendar.command("explain")
def explain_day(
    name: _Calendar,
    day: typed.Day,
    project: typed.Project = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say why a day is open or closed, and where it stands in its month."""
    from jobnet.cli.calendar_commands import explain_day as explained  # noqa: PLC0415 - start-up time

    return explained(name, day, project=project, form=output)


@calendar.command("check")
def check_calendar(
    name: _Calendar,
    sister: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CALENDAR", help="One that ought to be alike; also twice. Else: of one origin."
        ),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Whose holidays ought to be closed: JP, DE-BY."),
    ] = None,
    project: typed.Project = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say what is odd about the next 90 days; 3 if anything is."""
    from jobnet.cli.calendar_commands import check_calendar as checked  # noqa: PLC0415 - start-up time

    return checked(name, sisters=tuple(sister or ()), country=country, project=project, form=output)
