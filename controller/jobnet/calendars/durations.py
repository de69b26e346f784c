"""Reads and writes durations the way every Jobnet document does: 90s, 10m, 2h, 1d, 1h30m."""

import re
from datetime import timedelta

from jobnet.errors.calendars import DurationRefused

DURATION_DAYS_MAX = 3660

_TEXT_MAX = 40
_DURATION = re.compile(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")


def parse_duration(text: str) -> timedelta:
    """Return the duration; each unit at most once, the longest first.

    >>> parse_duration("1h30m")
    datetime.timedelta(seconds=5400)
    """
    match = _DURATION.fullmatch(text) if 0 < len(text) <= _TEXT_MAX else None
    if match is None:
        raise DurationRefused(text, days_max=DURATION_DAYS_MAX)
    days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total > DURATION_DAYS_MAX * 86_400:
        raise DurationRefused(text, days_max=DURATION_DAYS_MAX)
    return timedelta(seconds=total)


def format_duration(duration: timedelta) -> str:
    """Return the shortest text that ``parse_duration`` reads back, to the nearest second.

    A negative duration (so much too early) gets a minus sign, which is for people only.

    >>> format_duration(timedelta(minutes=90))
    '1h30m'
    """
    total = round(duration.total_seconds())
    sign, total = ("-", -total) if total < 0 else ("", total)
    minutes, seconds = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    amounts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return sign + ("".join(f"{amount}{unit}" for amount, unit in amounts if amount) or "0s")
