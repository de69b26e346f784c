"""Answers for a derived calendar by asking the calendars that it is made of.

What is asked of them is kept by them year by year, so that calendars made of calendars made of
calendars cost what they are, and not what all the ways through them are.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from jobnet.calendars.calendar import SEARCH_DAYS_MAX, Calendar
from jobnet.calendars.days import DayState, DayVerdict, Layer
from jobnet.calendars.derivation import SetOperation
from jobnet.errors.calendars import CalendarEnds, HolidaysUnknown, NoOpenDay

DETAIL_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedDays:
    """A day source that asks several calendars."""

    name: str
    operation: SetOperation
    calendars: tuple[Calendar, ...]
    known: tuple[date, date]

    def verdict(self, day: date) -> DayVerdict:
        """Return whether the day is open, and what each of the calendars says of it."""
        answers = [calendar.is_open(day) for calendar in self.calendars]
        said = ", ".join(
            f"{calendar.name} {DayState.OPEN if is_open else DayState.CLOSED}"
            for calendar, is_open in zip(self.calendars, answers, strict=True)
        )
        is_open = _combined(self.operation, answers)
        return _verdict(self.name, f"{self.operation} of {said}", is_open=is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedDays:
    """A day source that walks back to the days from which the shift leads to a day."""

    name: str
    calendar: Calendar
    distance: int
    by: Calendar | None
    known: tuple[date, date]

    def verdict(self, day: date) -> DayVerdict:
        """Return whether the shift leads to this day, and from which one."""
        origin = self._origin(day)
        unit = "days" if self.by is None else f"open days of {self.by.name}"
        if origin is None:
            detail = f"no open day of {self.calendar.name} lies {-self.distance:+} {unit} from it"
        else:
            detail = f"{self.distance:+} {unit} from {origin}, open in {self.calendar.name}"
        return _verdict(self.name, detail, is_open=origin is not None)

    def _origin(self, day: date) -> date | None:
        """Return the open day that is moved to this one; the nearest, if there are several.

        Before the first and after the last day of all there is nothing that could be moved.
        """
        if self.by is None:
            return self._open_origin(day.toordinal() - self.distance)
        if not self.by.is_open(day):
            return None
        back = -1 if self.distance > 0 else 1
        try:
            near = self.by.open_days_from(day, back * (abs(self.distance) - 1)).toordinal()
        except NoOpenDay:
            return None
        for ordinal in range(near + back, near + back * (SEARCH_DAYS_MAX + 1), back):
            origin = self._open_origin(ordinal)
            if origin is not None or not _exists(ordinal):
                return origin
            if self.by.is_open(date.fromordinal(ordinal)):
                return None
        return None

    def _open_origin(self, ordinal: int) -> date | None:
        if not _exists(ordinal):
            return None
        origin = date.fromordinal(ordinal)
        return origin if self.calendar.is_open(origin) else None


def known_together(calendars: tuple[Calendar, ...]) -> tuple[date, date]:
    """Return the first and the last day about which all of the calendars can speak."""
    spans = [calendar.covered for calendar in calendars]
    return max(first for first, _ in spans), min(last for _, last in spans)


def known_shifted(calendar: Calendar, by: Calendar | None, distance: int) -> tuple[date, date]:
    """Return the days of which it is known that all days that lead to them are known as well.

    The days at the edge are left out: what would lead to them lies beyond the validity.
    """
    first, last = known_together((calendar,) if by is None else (calendar, by))
    if distance > 0 and first != date.min:
        return _shifted_edge(by, first, distance), last
    if distance < 0 and last != date.max:
        return first, _shifted_edge(by, last, distance)
    return first, last


def _shifted_edge(by: Calendar | None, edge: date, distance: int) -> date:
    """Return where the shift leads from the outermost day that is known.

    If it leads nowhere, nothing is known: the edge is that of the world's calendar.
    """
    nowhere = date.max if distance > 0 else date.min
    try:
        if by is None:
            return edge + timedelta(days=distance)
        inward = 1 if distance > 0 else -1
        outermost = edge if by.is_open(edge) else by.open_days_from(edge, inward)
        return by.open_days_from(outermost, distance)
    except (NoOpenDay, CalendarEnds, HolidaysUnknown, OverflowError):
        return nowhere


def _exists(ordinal: int) -> bool:
    return date.min.toordinal() <= ordinal <= date.max.toordinal()


def _combined(operation: SetOperation, answers: list[bool]) -> bool:
    match operation:
        case SetOperation.UNION:
            return any(answers)
        case SetOperation.INTERSECTION:
            return all(answers)
        case SetOperation.MINUS:
            return answers[0] and not any(answers[1:])


def _verdict(calendar: str, detail: str, *, is_open: bool) -> DayVerdict:
    return DayVerdict(
        state=DayState.OPEN if is_open else DayState.CLOSED,
        layer=Layer.DERIVED,
        calendar=calendar,
        detail=detail if len(detail) <= DETAIL_MAX else detail[: DETAIL_MAX - 3] + "...",
    )
