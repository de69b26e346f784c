"""Says a day rule of a calendar branch in a few words: ``last open day``, ``day 25``."""

from jobnet.calendars import DayRule

_LISTED_MAX = 3
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def day_words(rule: DayRule) -> str:
    """Return the rule in words; what does not fit into a few is counted."""
    words = _which(rule)
    if rule.months:
        words += f" in month {_list([str(month) for month in rule.months])}"
    if rule.offset_open_days:
        words += f" {rule.offset_open_days:+d} open days"
    return words.strip()


def _which(rule: DayRule) -> str:
    if rule.state is not None:
        return f"{rule.state} days"
    if rule.nth_open_day:
        return f"{_list([nth(number) for number in rule.nth_open_day])} open day"
    if rule.nth_closed_day:
        return f"{_list([nth(number) for number in rule.nth_closed_day])} closed day"
    if rule.day_of_month:
        return f"{_list([nth(number) for number in rule.day_of_month])} day of the month"
    if rule.nth_weekday:
        days = [f"{nth(day.nth)} {day.weekday.name.capitalize()}" for day in rule.nth_weekday]
        return _list(days)
    if rule.dates:
        return _list([day.isoformat() for day in sorted(rule.dates)])
    if rule.every is not None:
        unit = rule.every.unit.value.replace("_", " ")
        return f"every {unit}" if rule.every.n == 1 else f"every {rule.every.n} {unit}s"
    return ""


def nth(number: int) -> str:
    """Return an ordinal; those below zero count from the end.

    >>> nth(2), nth(-1), nth(-3), nth(12)
    ('2nd', 'last', '3rd last', '12th')
    """
    if number == -1:
        return "last"
    size = abs(number)
    is_teen = 10 <= size % 100 <= 20  # noqa: PLR2004 - eleventh to twentieth
    ordinal = f"{size}{'th' if is_teen else _SUFFIXES.get(size % 10, 'th')}"
    return f"{ordinal} last" if number < 0 else ordinal


def _list(words: list[str]) -> str:
    if len(words) <= _LISTED_MAX:
        return ", ".join(words)
    return f"{', '.join(words[:_LISTED_MAX])} and {len(words) - _LISTED_MAX} more"
