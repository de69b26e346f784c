"""Writes a calendar as the text of a document, in the order in which people read one.

Reading the text again gives the same calendar. Reasons of single dates become comments beside
them, for the next one who wonders about a day.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from jobnet.calendars import (
    CalendarDefinition,
    Combination,
    Derivation,
    HolidayRule,
    Weekday,
)
from jobnet.project.emission import INDENT, is_plain_word, quoted
from jobnet.project.schema.days import MONTHS

REASON_MAX = 100


def calendar_document(
    definition: CalendarDefinition, *, reasons: Mapping[date, str] | None = None
) -> str:
    """Return the document as YAML text; ``reasons`` are told beside their days."""
    return "".join(f"{line}\n" for line in _lines(definition, reasons or {}))


def _lines(definition: CalendarDefinition, reasons: Mapping[date, str]) -> Iterator[str]:
    yield "kind: calendar"
    yield f"name: {_word(definition.name)}"
    if definition.folder:
        yield f"folder: {_word(definition.folder)}"
    if definition.title:
        yield f"title: {quoted(definition.title)}"
    if definition.extends is not None:
        yield f"extends: {_word(definition.extends)}"
    if definition.derived is not None:
        yield _derived(definition.derived)
    yield from _layers(definition.week, definition.months or None, definition.holidays)
    for version in definition.versions:
        if version is definition.versions[0]:
            yield "versions:"
        yield f"{INDENT}- from: {version.start}"
        for line in _layers(version.week, version.months, version.holidays):
            yield f"{INDENT * 2}{line}"
    yield from _days(definition, reasons)
    yield from _frame(definition)


def _layers(
    week: frozenset[Weekday] | None,
    months: Mapping[int, frozenset[Weekday]] | None,
    holidays: HolidayRule | None,
) -> Iterator[str]:
    if week is not None:
        yield f"week: {_week(week)}"
    if months:
        yield "months:"
        for month, weekdays in sorted(months.items()):
            yield f"{INDENT}{MONTHS[month - 1]}: {{week: {_week(weekdays)}}}"
    elif months is not None:
        yield "months: {}"
    if holidays is not None:
        words = [f"country: {_word(holidays.country)}"]
        if holidays.subdivision is not None:
            words.append(f"subdivision: {_word(holidays.subdivision)}")
        if not holidays.closed:
            words.append("closed: false")
        yield f"holidays: {{{', '.join(words)}}}"


def _derived(derived: Derivation) -> str:
    if isinstance(derived, Combination):
        return f"{derived.operation}: [{', '.join(map(_word, derived.calendars))}]"
    calendar, distance = _word(derived.calendar), derived.distance
    if derived.by is None:
        return f"shift: {{calendar: {calendar}, days: {distance}}}"
    return f"shift: {{calendar: {calendar}, by: {_word(derived.by)}, open_days: {distance}}}"


def _days(definition: CalendarDefinition, reasons: Mapping[date, str]) -> Iterator[str]:
    if definition.days:
        yield "days:"
    for day, state in sorted(definition.days.items()):
        reason = "".join(c if c.isprintable() else " " for c in reasons.get(day, "")).strip()
        yield f"{INDENT}{day.isoformat()}: {state}" + (
            f"  # {reason[:REASON_MAX]}" if reason else ""
        )


def _frame(definition: CalendarDefinition) -> Iterator[str]:
    if definition.base_time is not None:
        yield f'base_time: "{definition.base_time}"'
    if definition.month_starts_on is not None:
        yield f"month_starts_on: {definition.month_starts_on}"
    if definition.timezone is not None:
        yield f"timezone: {_word(definition.timezone)}"
    valid = {"from": definition.valid_from, "to": definition.valid_to}
    if words := [f"{word}: {day.isoformat()}" for word, day in valid.items() if day is not None]:
        yield f"valid: {{{', '.join(words)}}}"


def _week(weekdays: frozenset[Weekday]) -> str:
    return f"{{open: [{', '.join(day.name.lower() for day in sorted(weekdays))}]}}"


def _word(text: str) -> str:
    return text if is_plain_word(text) else quoted(text)
