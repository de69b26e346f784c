"""Shows calendars: which days are open and why, the place of a day in its month.

It asks texts, never a database: those of an edition, or files of a machine without a controller.
A day outside of a calendar's validity is told as unknown, with the sentence that says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    Finding,
    HolidayRule,
    check_calendar,
    compile_calendar,
    find_zone,
    needed_names,
)
from jobnet.calendars.ics import to_ics
from jobnet.errors import ControllerError
from jobnet.errors.calendars import CalendarEnds, HolidaysUnknown, SpanTooLong
from jobnet.errors.project import DefinitionRefused
from jobnet.project import Document, Reading
from jobnet.project.calendar_closures import CalendarClosure
from jobnet.services.controller.document_texts import DocumentTexts, find_document

KIND = "calendar"
DAYS_MAX = 1100
DAYS_SHOWN = 31
ICS_DAYS = 366
SISTERS_MAX = 50
UNKNOWN = "unknown"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """A calendar as it counts, inherited things included; ``problem`` says why it cannot.

    ``made_of`` are the calendars that it extends or is derived from, as its text writes them.
    """

    name: str
    title: str
    path: str
    line: int
    made_of: tuple[str, ...] = ()
    zone: str | None = None
    base_time: str = ""
    month_starts_on: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day: ``open``, ``closed``, or ``unknown`` where the calendar says nothing of it."""

    day: date
    state: str
    reason: str
    layer: str = ""
    calendar: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysView:
    """Days of a calendar in their order."""

    name: str
    items: tuple[DayView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlace:
    """Where a day stands: in its logical month, among the open days, between open days.

    ``nth_open`` and ``nth_open_from_end`` are told of open days: 1 and -1 are the first and last.
    """

    month: str
    month_first: date
    month_last: date
    open_days: int | None
    nth_open: int | None
    nth_open_from_end: int | None
    previous_open_day: date | None
    next_open_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedDay:
    """A day with its reason and its place."""

    name: str
    day: DayView
    place: DayPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """What is odd about the near future of a calendar, and with what it was compared."""

    name: str
    sisters: tuple[str, ...]
    country: str
    items: tuple[Finding, ...]


class Calendars:
    """The calendars of some texts."""

    def __init__(self, texts: DocumentTexts, *, now: Callable[[], datetime], zone: str) -> None:
        """Begin; ``zone`` is the one of calendars that name none."""
        self._texts, self._now, self._zone = texts, now, zone

    def listed(self) -> tuple[CalendarView, ...]:
        """Return all calendars by name."""

        def work(reading: Reading) -> tuple[CalendarView, ...]:
            return tuple(_view(reading, one) for one in reading.shelf.every(KIND))

        return self._texts.look(work)

    def show(self, name: str) -> CalendarView:
        """Return one calendar; raises ``DocumentNotFound``."""
        return self._texts.look(lambda reading: _view(reading, find_document(reading, KIND, name)))

    def today(self, name: str) -> date:
        """Return the date in the zone of a calendar."""
        return self._now().astimezone(find_zone(self.calendar(name).zone or self._zone)).date()

    def days(self, name: str, first: date | None = None, last: date | None = None) -> DaysView:
        """Return the days from first to last, both included, at most ``DAYS_MAX``.

        The first is today where it is left out, the last a month after the first.
        """
        begin = self.today(name) if first is None else first
        end = _month_after(begin) if last is None else last
        if (end - begin).days >= DAYS_MAX:
            raise SpanTooLong(begin, end, days_max=DAYS_MAX)
        calendar = self.calendar(name)
        ordinals = range(begin.toordinal(), end.toordinal() + 1)
        items = tuple(_day(calendar, date.fromordinal(one)) for one in ordinals)
        return DaysView(name=name, items=items)

    def explain(self, name: str, day: date) -> ExplainedDay:
        """Return why a day is open or closed, and where it stands."""
        calendar = self.calendar(name)
        return ExplainedDay(name=name, day=_day(calendar, day), place=_place(calendar, day))

    def check(
        self, name: str, *, sisters: Sequence[str] = (), country: str | None = None
    ) -> CheckView:
        """Return what is odd about the next 90 days of a calendar.

        Sisters are calendars that ought to be alike: those that are made of the same ones, where
        none is named. ``country`` is a code such as ``JP`` or ``DE-BY``, None: the one whose
        holidays its own text names.
        """
        today = self.today(name)

        def work(reading: Reading) -> CheckView:
            document = find_document(reading, KIND, name)
            names = tuple(sisters) or _sisters(reading, document)
            found = [find_document(reading, KIND, one) for one in names]
            rule = _own_country(document) if country is None else _country(country)
            items = check_calendar(
                _compiled(reading, document),
                today,
                sisters=[_compiled(reading, one) for one in found],
                country=rule,
            )
            return CheckView(
                name=document.qualified_name,
                sisters=names,
                country="" if rule is None else _region(rule),
                items=items,
            )

        return self._texts.look(work)

    def ics(
        self,
        name: str,
        first: date | None = None,
        last: date | None = None,
        *,
        is_complete: bool = False,
    ) -> str:
        """Return days of a calendar as iCalendar text: the unusual ones, or all of them.

        The first is today where it is left out, the last a year after it, or the calendar's own.
        """
        calendar = self.calendar(name)
        begin = self.today(name) if first is None else first
        end = last
        if end is None:
            ahead = min(begin.toordinal() + ICS_DAYS, date.max.toordinal())
            end = max(begin, min(date.fromordinal(ahead), calendar.covered[1]))
        return to_ics(calendar, begin, end, now=self._now(), is_complete=is_complete)

    def calendar(self, name: str) -> Calendar:
        """Return a calendar that can be asked; raises what is wrong with it."""
        return self._texts.look(
            lambda reading: _compiled(reading, find_document(reading, KIND, name))
        )


def _compiled(reading: Reading, document: Document) -> Calendar:
    closure = CalendarClosure(reading.shelf)
    key = closure.take(document.qualified_name, "")
    definition = closure.calendars.get(key)
    if definition is None:
        raise DefinitionRefused([one for one in document.problems if one.is_error])
    return compile_calendar(definition, parents=closure.calendars)


def _sisters(reading: Reading, document: Document) -> tuple[str, ...]:
    """Return the calendars that are made of the same ones, by name."""
    origins = _origins(document)
    others = [one for one in reading.shelf.every(KIND) if one is not document]
    alike = [one for one in others if origins and _origins(one) == origins]
    return tuple(one.qualified_name for one in alike[:SISTERS_MAX])


def _origins(document: Document) -> tuple[str, ...]:
    value = document.value
    return needed_names(value) if isinstance(value, CalendarDefinition) else ()


def _own_country(document: Document) -> HolidayRule | None:
    value = document.value
    return value.holidays if isinstance(value, CalendarDefinition) else None


def _country(code: str) -> HolidayRule:
    country, _, subdivision = code.partition("-")
    return HolidayRule(country=country, subdivision=subdivision or None)


def _region(rule: HolidayRule) -> str:
    return rule.country if rule.subdivision is None else f"{rule.country}-{rule.subdivision}"


def _view(reading: Reading, document: Document) -> CalendarView:
    definition = document.value
    if not isinstance(definition, CalendarDefinition):
        errors = [str(one) for one in document.problems if one.is_error]
        return _bare(document, problem="; ".join(errors))
    bare = _bare(document, title=definition.title, made_of=needed_names(definition))
    try:
        calendar = _compiled(reading, document)
    except ControllerError as error:
        return replace(bare, problem=str(error))
    return replace(
        bare,
        zone=calendar.zone,
        base_time=str(calendar.base_time),
        month_starts_on=calendar.month_starts_on,
        valid_from=calendar.valid_from,
        valid_to=calendar.valid_to,
    )


def _bare(
    document: Document, *, title: str = "", made_of: tuple[str, ...] = (), problem: str = ""
) -> CalendarView:
    return CalendarView(
        name=document.qualified_name,
        title=title,
        path=document.file,
        line=document.position.line,
        made_of=made_of,
        problem=problem,
    )


def _day(calendar: Calendar, day: date) -> DayView:
    try:
        verdict = calendar.state_of(day)
    except (CalendarEnds, HolidaysUnknown) as error:
        return DayView(day=day, state=UNKNOWN, reason=str(error))
    return DayView(
        day=day,
        state=verdict.state.value,
        reason=str(verdict),
        layer=verdict.layer.value,
        calendar=verdict.calendar,
        detail=verdict.detail,
    )


def _month_after(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + DAYS_SHOWN, date.max.toordinal()))


def _place(calendar: Calendar, day: date) -> DayPlace:
    month = calendar.month_of(day)
    ordinals = calendar.days_of(month)
    first, last = date.fromordinal(ordinals[0]), date.fromordinal(ordinals[-1])
    open_days = _asked(lambda: calendar.open_days_between(first, last))
    nth = open_days.index(day) if open_days and day in open_days else None
    count = None if open_days is None else len(open_days)
    return DayPlace(
        month=str(month),
        month_first=first,
        month_last=last,
        open_days=count,
        nth_open=None if nth is None else nth + 1,
        nth_open_from_end=None if nth is None or count is None else nth - count,
        previous_open_day=_asked(lambda: calendar.previous_open_day(day)),
        next_open_day=_asked(lambda: calendar.next_open_day(day)),
    )


def _asked(ask: Callable[[], Value]) -> Value | None:
    """Return an answer, None where the calendar refuses one."""
    try:
        return ask()
    except ControllerError:
        return None
