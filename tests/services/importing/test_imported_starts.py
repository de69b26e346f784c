"""An imported schedule, read and compiled by Jobnet, starts when its old scheduler did."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from jobnet.project import read_project
from jobnet.schedules import ScheduleDefinition, compile_schedule
from jobnet.services.importing import Imported, ImportWishes, SourceFile, import_timers

from tests.services.importing.importing import crontab, objections

ZONE = "Europe/Berlin"
BERLIN = ZoneInfo(ZONE)
SPANS = [
    (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)),
    (datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC)),
    (datetime(2027, 12, 25, tzinfo=UTC), datetime(2028, 3, 5, tzinfo=UTC)),
]


def starts(imported: Imported, folder: Path, first: datetime, last: datetime) -> list[datetime]:
    """Return the starts that the only schedule gives in a span, as instants."""
    assert objections(imported, folder) == []
    (definition,) = (
        document.value
        for document in read_project([str(folder)]).documents
        if isinstance(document.value, ScheduleDefinition)
    )
    zone = definition.timezone or "UTC"
    compiled = compile_schedule(definition, zones=dict.fromkeys(definition.networks, zone))
    return [one.start for one in compiled.starts(first, last) if one.start is not None]


@pytest.mark.parametrize("span", SPANS, ids=["spring", "autumn", "leap_year"])
@pytest.mark.parametrize(
    "times",
    ["30 2 * * *", "*/20 * * * *", "0 2 * * *", "15 3 * * sun", "5 * * * *", "0 0 29 2 *",
     "59 23 31 * *", "0 1-4 1-7 * 1", "@daily"],
)  # fmt: skip
def test_a_crontab_starts_when_cron_would_also_when_clocks_change(
    times: str, span: tuple[datetime, datetime], tmp_path: Path
) -> None:
    first, last = span
    imported = crontab(f"{times} work\n", timezone=ZONE)

    found = starts(imported, tmp_path, first, last)

    plain = {"@daily": "0 0 * * *"}.get(times, times)
    oracle = CronSim(plain, (first - timedelta(minutes=1)).astimezone(BERLIN))
    expected = list(takewhile(lambda start: start < last, oracle))
    assert found == [start.astimezone(UTC) for start in expected]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        # Six nights of systemd, as `man systemd.time` lets one work them out by hand.
        ("OnCalendar=Mon..Fri *-*-* 02:30 Europe/Berlin",
         ["2026-05-29 00:30", "2026-06-01 00:30"]),
        ("OnCalendar=*-*~1 03:00 UTC", ["2026-05-31 03:00"]),
        ("OnCalendar=Mon *-*-1..7 04:00 UTC", ["2026-06-01 04:00"]),
        ("OnCalendar=*-*-* 0/12:15 UTC\nOnCalendar=Sun *-*-* 06:00 UTC",
         ["2026-05-29 00:15", "2026-05-29 12:15", "2026-05-30 00:15", "2026-05-30 12:15",
          "2026-05-31 00:15", "2026-05-31 06:00", "2026-05-31 12:15", "2026-06-01 00:15",
          "2026-06-01 12:15"]),
    ],
)  # fmt: skip
def test_a_timer_starts_when_systemd_would(lines: str, wanted: list[str], tmp_path: Path) -> None:
    imported = import_timers(
        [SourceFile(path="x.timer", text=f"[Timer]\n{lines}\n")], ImportWishes()
    )
    first, last = datetime(2026, 5, 29, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC)

    found = starts(imported, tmp_path, first, last)

    assert [f"{start:%Y-%m-%d %H:%M}" for start in found] == wanted
