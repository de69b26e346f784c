"""Makes schedules of Jobnet of those of AWX: a zone, rules of RFC 5545, and what they leave out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from jobnet.calendars import find_zone
from jobnet.calendars.recurrence_text import parse_recurrence
from jobnet.errors import ControllerError
from jobnet.services.importing.awx_assets import Asset

_START = re.compile(r"DTSTART(?:;TZID=([^:;]+))?:([0-9]{8}T[0-9]{6})(Z?)", re.IGNORECASE)
_UNTIL = re.compile(r"UNTIL=([0-9]{8}T[0-9]{6})Z", re.IGNORECASE)
_MOMENT = "%Y%m%dT%H%M%S"
TEXT_MAX = 100_000


class ScheduleNotUnderstood(Exception):
    """A schedule that cannot be carried; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwxTimes:
    """The times of one schedule of AWX."""

    zone: str
    first: str
    rules: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def counts_hours(self) -> bool:
        """Whether hours or minutes are counted, which differs when the clock is changed."""
        return any(re.search("FREQ=(HOURLY|MINUTELY|SECONDLY)", rule) for rule in self.rules)

    def content(self, *, is_enabled: bool) -> dict[str, object]:
        """Return the keys of a schedule document."""
        found: dict[str, object] = {"timezone": self.zone, "rules": [{"rrule": self.text}]}
        if not is_enabled:
            found["pause"] = {"from": f"{self.first[:4]}-{self.first[4:6]}-{self.first[6:8]}"}
        # AWX starts once, when it can again, what it has missed.
        found["misfire"] = {"policy": "run_latest"}
        return found

    @property
    def text(self) -> str:
        """The rules as one text of wall times."""
        return "\n".join((f"DTSTART:{self.first}", *self.rules, *self.left_out))


def read_times(schedule: Asset) -> AwxTimes:
    """Return the times of a schedule; ``ScheduleNotUnderstood`` says why there are none."""
    text = schedule.text("rrule")
    if len(text) > TEXT_MAX:
        raise ScheduleNotUnderstood(f"its rule has more than {TEXT_MAX} characters")
    start = _START.search(text)
    if start is None:
        raise ScheduleNotUnderstood("its rule has no DTSTART with a time")
    zone_name = "UTC" if start[3] or not start[1] else start[1]
    try:
        zone = find_zone(zone_name)
    except ControllerError as error:
        raise ScheduleNotUnderstood(str(error)) from error
    words = [word for word in text.split() if not word.upper().startswith("DTSTART")]
    wall = [_UNTIL.sub(lambda until: _in_wall_time(until, zone), word) for word in words]
    rules = tuple(word for word in wall if word.upper().startswith("RRULE:"))
    left_out = tuple(word for word in wall if word.upper().startswith("EXRULE:"))
    if odd := [word for word in wall if word not in rules and word not in left_out]:
        raise ScheduleNotUnderstood(f"{odd[0][:60]!r} in its rule is not understood")
    times = AwxTimes(zone=zone_name, first=start[2], rules=rules, left_out=left_out)
    _check(times)
    return times


def _in_wall_time(until: re.Match[str], zone: ZoneInfo) -> str:
    try:
        last = datetime.strptime(until[1].upper(), _MOMENT).replace(tzinfo=UTC).astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise ScheduleNotUnderstood(f"{until[0]} is no time") from error
    return f"UNTIL={last.strftime(_MOMENT)}"


def _check(times: AwxTimes) -> None:
    if not times.rules:
        raise ScheduleNotUnderstood("it has no RRULE")
    try:
        parse_recurrence(times.text)
    except ControllerError as error:
        raise ScheduleNotUnderstood(str(error)) from error
