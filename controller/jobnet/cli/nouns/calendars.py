"""Declares the commands about calendars: which days are open, and why."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

calendar = typer.Typer(help="Calendars: which days are open, and why.", no_args_is_help=True)

_Calendar = Annotated[
    str, typer.Argument(metavar="CALENDAR", help="With its folder.", show_default=False)
]

_First = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="The first day: 2026-01-01.")
]
_Last = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="The last day: 2027-12-31.")
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


@calendar.command("holidays")
def list_holidays(
    name: _Calendar,
    since: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A kept list: say what has changed since; 3 if any."),
    ] = None,
    to: typed.ToFile = "",
    project: Annotated[
        str, typer.Option(metavar="PATH", help="The folder or file of the calendar.")
    ] = ".",
) -> int:
    """Print the national holidays of a calendar as a list to keep, or what they changed to."""
    from jobnet.cli.calendar_holidays import list_holidays as listed  # noqa: PLC0415 - start-up time

    return listed(name, since=since, to=to, project=project)


@calendar.command("export")
def export_calendar(
    name: _Calendar,
    first: _First = None,
    last: _Last = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Every day, not the unusual ones only.")
    ] = False,
    to: typed.ToFile = "",
    project: typed.Project = None,
) -> int:
    """Print days of a calendar as iCalendar text, for other programs."""
    from jobnet.cli.calendar_files import export_calendar as exported  # noqa: PLC0415 - start-up time

    return exported(name, first=first, last=last, is_complete=complete, to=to, project=project)


@calendar.command("import")
def import_calendar(  # noqa: PLR0913, PLR0917 - one per option of the command
    file: Annotated[
        str, typer.Argument(metavar="FILE.ics", help="iCalendar text.", show_default=False)
    ],
    name: Annotated[str, typer.Option(metavar="NAME", help="Of the new calendar.")],
    extends: Annotated[
        str | None,
        typer.Option(metavar="CALENDAR", help="Whose week counts; else Monday to Friday is open."),
    ] = None,
    first: _First = None,
    last: _Last = None,
    zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="In which its times are read.")
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Only such events; also twice.")
    ] = None,
    opens: Annotated[
        bool, typer.Option("--open", help="Its events are open days, not closed ones.")
    ] = False,
    to: typed.ToFile = "",
) -> int:
    """Print a calendar document with the days of an iCalendar file; 3 if any were left out."""
    from jobnet.cli.calendar_files import ImportTyped, import_calendar as taken  # noqa: I001, PLC0415

    wish = ImportTyped(
        file=file,
        name=name,
        extends=extends,
        first=first,
        last=last,
        zone=zone,
        categories=tuple(category or ()),
        is_open=opens,
        to=to,
    )
    return taken(wish)
