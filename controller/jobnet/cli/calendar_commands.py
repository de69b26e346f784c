"""Shows calendars: a month as a picture, the reasons of its days, what is odd about them."""

import calendar as months
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.plan_sources import Document, source
from jobnet.cli.typed import Form
from jobnet.cli.typed_days import named_day, read_day, read_month
from jobnet.cli.wording import shown

HEAD: Final = ("CALENDAR", "ZONE", "BASE TIME", "VALID", "TITLE")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ORDINARY: Final = ("week", "every_day")
UNKNOWN: Final = "unknown"
SENTENCE_MAX: Final = 500


def list_calendars(*, project: str | None, form: Form) -> int:
    """List calendars by name."""
    with source(project) as asked:
        found = asked.calendars()
    say(found, form, lambda: _list_lines(found["items"]))
    return ExitCode.NORMAL


def show_calendar(name: str, *, month: str | None, project: str | None, form: Form) -> int:
    """Show a calendar and one month of it."""
    with source(project) as asked:
        found = asked.calendar(name)
        if month is None:
            today = asked.days(name, None, None)["items"][0]["day"]
            first = date.fromisoformat(today).replace(day=1)
        else:
            first = read_month(month)
        days = asked.days(name, first, last_of_month(first))["items"]
    say({**found, "days": days}, form, lambda: _calendar_lines(found, days))
    return ExitCode.NORMAL


def explain_day(name: str, day: str, *, project: str | None, form: Form) -> int:
    """Say why a day is open or closed."""
    meant = read_day(day, command="jobnet calendar explain")
    with source(project) as asked:
        found = asked.day(name, meant)
    say(found, form, lambda: _explain_lines(found))
    return ExitCode.NORMAL


def check_calendar(
    name: str,
    *,
    sisters: tuple[str, ...],
    country: str | None,
    project: str | None,
    form: Form,
) -> int:
    """Say what is odd about the near future of a calendar; the exit status tells whether."""
    with source(project) as asked:
        found = asked.check(name, sisters, country)
    say(found, form, lambda: _check_lines(found))
    return ExitCode.WARNING if found["items"] else ExitCode.NORMAL


def last_of_month(first: date) -> date:
    """Return the last day of the month that begins on a day."""
    return first.replace(day=months.monthrange(first.year, first.month)[1])


def month_lines(days: Sequence[Document]) -> Iterator[str]:
    """Yield the days of one month as a sheet: closed ones in brackets, unknown ones with ``?``."""
    first = date.fromisoformat(days[0]["day"])
    yield f"{first:%B %Y}"
    yield " ".join(f" {name}" for name in WEEKDAYS)
    cells = ["    "] * first.weekday() + [_cell(one) for one in days]
    for week in range(0, len(cells), len(WEEKDAYS)):
        yield " ".join(cells[week : week + len(WEEKDAYS)]).rstrip()


def _cell(day: Document) -> str:
    number = f"{date.fromisoformat(day['day']).day:2}"
    return {"open": f" {number} ", "closed": f"[{number}]"}.get(day["state"], f"?{number}?")


def _list_lines(items: Sequence[Document]) -> Iterator[str]:
    if not items:
        yield "There is no calendar: every day is open."
        return
    yield from columns(
        HEAD,
        [
            (one["name"], one["zone"], one["base_time"], _validity(one),
             one["problem"] or one["title"])
            for one in items
        ],
    )  # fmt: skip


def _validity(calendar: Document) -> str:
    first, last = calendar["valid_from"], calendar["valid_to"]
    if first is None and last is None:
        return ""
    return f"{first or '...'} to {last or '...'}"


def _calendar_lines(calendar: Document, days: Sequence[Document]) -> Iterator[str]:
    yield from _head_lines(calendar)
    yield ""
    yield from month_lines(days)
    count = {state: sum(one["state"] == state for one in days) for state in ("open", "closed")}
    missing = len(days) - sum(count.values())
    beyond = f", {missing} unknown ?so?" if missing else ""
    yield f"{count['open']} open, {count['closed']} closed [in brackets]{beyond}"
    special = [one for one in days if one["layer"] not in (*ORDINARY, "")]
    unknown = [one for one in days if one["state"] == UNKNOWN]
    if special or unknown:
        yield ""
    for one in [*special, *unknown[:1]]:
        day = named_day(date.fromisoformat(one["day"]))
        yield shown(f"{day}  {one['reason']}", length_max=SENTENCE_MAX)


def _head_lines(calendar: Document) -> Iterator[str]:
    title = f": {calendar['title']}" if calendar["title"] else ""
    yield shown(f"{calendar['name']}{title}")
    if calendar["problem"]:
        yield shown(calendar["problem"], length_max=SENTENCE_MAX)
        return
    told = [f"zone {calendar['zone']}" if calendar["zone"] else "no zone of its own"]
    if calendar["made_of"]:
        told.append(f"made of {', '.join(calendar['made_of'])}")
    if calendar["base_time"] != "00:00":
        told.append(f"its day begins at {calendar['base_time']}")
    if calendar["month_starts_on"] != 1:
        told.append(f"its months begin on day {calendar['month_starts_on']}")
    if validity := _validity(calendar):
        told.append(f"valid {validity}")
    yield shown(", ".join(told), length_max=SENTENCE_MAX)


def _explain_lines(found: Document) -> Iterator[str]:
    day, place = found["day"], found["place"]
    meant = date.fromisoformat(day["day"])
    verb = "is " if day["state"] != UNKNOWN else "is unknown: "
    yield shown(f"{named_day(meant)} {verb}{day['reason']}", length_max=SENTENCE_MAX)
    count = "an unknown number of" if place["open_days"] is None else place["open_days"]
    span = f"{place['month_first']} to {place['month_last']}"
    yield f"Its month {place['month']} ({span}) has {count} open days."
    if place["nth_open"] is not None:
        yield (
            f"It is open day {place['nth_open']} of them,"
            f" {place['nth_open_from_end']} from the end."
        )
    for name in ("previous", "next"):
        other = place[f"{name}_open_day"]
        known = named_day(date.fromisoformat(other)) if other else "not known"
        yield f"The {name} open day is {known}."


def _check_lines(found: Document) -> Iterator[str]:
    for one in found["items"]:
        yield shown(one["text"], length_max=SENTENCE_MAX)
    compared = ["last year"]
    compared += [f"holidays of {found['country']}"] if found["country"] else []
    compared += [", ".join(found["sisters"])] if found["sisters"] else []
    count = len(found["items"]) or "Nothing"
    said = f"{count} odd in the next 90 days, compared with {'; '.join(compared)}."
    yield shown(said, length_max=SENTENCE_MAX)
