"""Exports a calendar as iCalendar text (RFC 5545), and imports the days of such a text.

An export for people holds what is out of the ordinary: the days off with their reasons, and days
that are open where nobody expects it. A complete export has every day, and what is imported from
it is exactly what was exported. Nothing here reads a file or a clock.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from jobnet.calendars.calendar import SPAN_DAYS_MAX, Calendar
from jobnet.calendars.days import DayState, DayVerdict, Layer
from jobnet.calendars.ics_events import IcsEvent, read_events
from jobnet.calendars.ics_lines import written_line, written_text
from jobnet.calendars.instants import find_zone
from jobnet.calendars.listing import explain_days
from jobnet.calendars.recurrence import Recurrence
from jobnet.calendars.recurrence_text import parse_recurrence
from jobnet.errors import ControllerError
from jobnet.errors.calendars import IcsRefused, SpanTooLong

RECURRING_MAX = 100
UNREAD_MAX = 10
STEPS_MAX = 1_000_000
LEFT_OUT_MAX = 100
REASON_MAX = 100

_PROBLEM_MAX = 250
_ORDINARY = frozenset({Layer.EVERY_DAY, Layer.WEEK, Layer.MONTH})
_Days = tuple[tuple[date, DayVerdict], ...]
_PRODUCT = "-//Jobnet//calendar//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDays:
    """What an iCalendar text says of days, why, and sentences on what could not be taken."""

    days: Mapping[date, DayState]
    reasons: Mapping[date, str]
    left_out: tuple[str, ...]


def to_ics(
    calendar: Calendar, first: date, last: date, *, now: datetime, is_complete: bool = False
) -> str:
    """Return the days of a calendar from first to last, both included, as iCalendar text.

    Neighbouring days with one reason are one event. ``now`` is what the text says of its making.
    """
    days = explain_days(calendar, first, last)
    listed = days if is_complete else _unusual(days)
    head = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", _PRODUCT),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", written_text(calendar.name)),
    ]
    if calendar.zone is not None:
        head.append(("X-WR-TIMEZONE", written_text(calendar.zone)))
    events = [
        line
        for begin, end, verdict in _spans(listed)
        for line in _event(calendar.name, begin, end, verdict, now)
    ]
    return "".join(written_line(*line) for line in (*head, *events, ("END", "VCALENDAR")))


def from_ics(
    text: str,
    *,
    first: date,
    last: date,
    zone: str = "UTC",
    state: DayState = DayState.CLOSED,
    categories: Collection[str] = (),
) -> ImportedDays:
    """Return the days from first to last that the events of a text cover wholly.

    Each becomes ``state``, unless the event says itself what it is. With ``categories``, only
    events of one of them count. Whether an event blocks its time (TRANSP) does not matter: lists
    of holidays do not agree on it. Raises ``IcsRefused`` for a text that is malformed.
    """
    if (last - first).days >= SPAN_DAYS_MAX:
        raise SpanTooLong(first, last, days_max=SPAN_DAYS_MAX)
    events, left_out = read_events(text, zone=find_zone(zone))
    wanted = {category.casefold() for category in categories}
    chosen = [event for event in events if not wanted or event.categories & wanted]
    taking = _Taking(first=first, last=last, state=state, left_out=[*left_out])
    for event in _with_overrides(chosen):
        taking.take(event)
    return ImportedDays(
        days=dict(sorted(taking.days.items())),
        reasons=taking.reasons,
        left_out=_shortened(taking.left_out),
    )


@dataclass(slots=True, kw_only=True)
class _Taking:
    """The days taken so far; ``steps`` counts the days looked at, so that a text cannot tire us."""

    first: date
    last: date
    state: DayState
    left_out: list[str]
    days: dict[date, DayState] = field(default_factory=dict)
    reasons: dict[date, str] = field(default_factory=dict)
    steps: int = 0
    recurring: int = 0
    unread: int = 0

    def take(self, event: IcsEvent) -> None:
        """Take the days of one event, all of its repetitions included."""
        if event.is_cancelled:
            return
        if not event.whole_days:
            self._leave_out(event, "it covers no whole day")
            return
        for start in self._starts(event):
            self._take_span(event, start.toordinal() + event.lead)

    def _take_span(self, event: IcsEvent, begin: int) -> None:
        low = max(begin, self.first.toordinal())
        high = min(begin + event.whole_days - 1, self.last.toordinal())
        self._step(max(0, high - low + 1))
        for day in map(date.fromordinal, range(low, high + 1)):
            self._take_day(event, day)

    def _take_day(self, event: IcsEvent, day: date) -> None:
        state = event.state or self.state
        before = self.days.get(day, state)
        if before is not state:
            self.left_out.append(f"{day} is both open and closed; it was taken as closed.")
            state = DayState.CLOSED
        self.days[day] = state
        reason = self.reasons.get(day, "")
        if event.summary and event.summary not in reason:
            reason = f"{reason}, {event.summary}" if reason else event.summary
            self.reasons[day] = reason[:REASON_MAX]

    def _starts(self, event: IcsEvent) -> Iterator[date]:
        """Yield the days on which the event starts and may reach into the span."""
        once = {event.start, *event.extra} - event.without
        yield from sorted({moment.date() for moment in once})
        if not event.rules:
            return
        rule = self._rule(event)
        if rule is None:
            return
        without = {moment.date() for moment in event.without}
        reach = event.lead + event.whole_days - 1
        begin = max(event.start.toordinal() + 1, self.first.toordinal() - reach, 1)
        span = range(begin, self.last.toordinal() + 1)
        self._step(len(span))
        for day in map(date.fromordinal, span):
            if day not in without and rule.is_day(day):
                yield day

    def _rule(self, event: IcsEvent) -> Recurrence | None:
        """Return how an event repeats, None where that cannot be read."""
        self.recurring += 1
        if self.recurring > RECURRING_MAX:
            raise IcsRefused(f"it has more than {RECURRING_MAX} events that repeat", event.line)
        try:
            text = "\n".join(f"RRULE:{rule}" for rule in event.rules)
            return parse_recurrence(text, start=event.start)
        except ControllerError as error:
            self.unread += 1
            if self.unread > UNREAD_MAX:
                problem = f"more than {UNREAD_MAX} repetitions cannot be read; the last: {error}"
                raise IcsRefused(problem[:_PROBLEM_MAX], event.line) from error
            self._leave_out(event, f"its repetition cannot be read, only its first day: {error}")
            return None

    def _step(self, days: int) -> None:
        self.steps += days
        if self.steps > STEPS_MAX:
            problem = f"its events cover or repeat over more than {STEPS_MAX} days in all"
            raise IcsRefused(f"{problem}; import a shorter span")

    def _leave_out(self, event: IcsEvent, why: str) -> None:
        name = event.summary[:REASON_MAX] or "without a name"
        self.left_out.append(f"Event {name!r} of line {event.line} was left out: {why}.")


def _with_overrides(events: list[IcsEvent]) -> Iterator[IcsEvent]:
    """Yield the events; a repetition that an event of its own replaces is taken out."""
    replaced: dict[str, set[datetime]] = {}
    for event in events:
        if event.replaces is not None:
            replaced.setdefault(event.uid, set()).add(event.replaces)
    for event in events:
        gone = replaced.get(event.uid)
        yield event if event.replaces is not None or not gone else event.leaving(frozenset(gone))


def _shortened(sentences: list[str]) -> tuple[str, ...]:
    more = len(sentences) - LEFT_OUT_MAX
    return (*sentences[:LEFT_OUT_MAX], *([f"And {more} more."] if more > 0 else []))


def _unusual(days: _Days) -> _Days:
    """Return the days that are not what their weekday is."""
    opened = {day.weekday() for day, verdict in days if verdict.is_open}
    return tuple(
        (day, verdict)
        for day, verdict in days
        if not _is_ordinary(verdict, its_weekday_opens=day.weekday() in opened)
    )


def _is_ordinary(verdict: DayVerdict, *, its_weekday_opens: bool) -> bool:
    """Return whether nobody wonders at a day.

    A derived calendar has no week of its own: a weekday on which it never opens is its weekend.
    """
    if verdict.layer is Layer.DERIVED:
        return verdict.is_open is its_weekday_opens
    return verdict.layer in _ORDINARY


def _spans(days: _Days) -> Iterator[tuple[date, date, DayVerdict]]:
    """Yield the first day, the day after the last, and the verdict of neighbouring equal days."""

    def run(item: tuple[int, tuple[date, DayVerdict]]) -> tuple[int, DayVerdict]:
        place, (day, verdict) = item
        return day.toordinal() - place, verdict

    for (_, verdict), items in groupby(enumerate(days), key=run):
        found = [day for _, (day, _) in items]
        yield found[0], found[-1], verdict


def _event(
    calendar: str, first: date, last: date, verdict: DayVerdict, now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield the lines of one event; its identity is its calendar and its first day."""
    yield "BEGIN", "VEVENT"
    yield "UID", written_text(f"{first:%Y%m%d}-{calendar}@jobnet")
    yield "DTSTAMP", f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "DTSTART;VALUE=DATE", _date(first)
    if last < date.max:
        yield "DTEND;VALUE=DATE", _date(last + timedelta(days=1))
    else:  # there is no day after it
        yield "DURATION", f"P{(last - first).days + 1}D"
    yield "SUMMARY", written_text(verdict.detail or verdict.state)
    yield "DESCRIPTION", written_text(str(verdict))
    yield "CATEGORIES", verdict.state.upper()
    yield "TRANSP", "TRANSPARENT"
    yield "X-JOBNET-STATE", verdict.state.upper()
    yield "END", "VEVENT"


def _date(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"
