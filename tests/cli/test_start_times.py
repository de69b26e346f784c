"""How the time of a start is said: on its wall, and on the clock of its operating day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from jobnet.cli.start_times import clock_of_day, when

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 29)


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        ("2026-05-29T21:55", "Fri 2026-05-29 21:55 JST"),
        ("2026-05-29T00:00", "Fri 2026-05-29 00:00 JST"),
        ("2026-05-29T21:55:07", "Fri 2026-05-29 21:55:07 JST"),
        ("2026-05-30T01:30", "Fri 2026-05-29 25:30 (Sat 01:30 JST)"),
        ("2026-05-30T23:59:59", "Fri 2026-05-29 47:59:59 (Sat 23:59:59 JST)"),
        ("2026-05-31T00:00", "Sun 2026-05-31 00:00 JST (of 2026-05-29)"),
        ("2026-05-28T23:59", "Thu 2026-05-28 23:59 JST (of 2026-05-29)"),
    ],
)
def test_an_instant_is_said_with_its_operating_day(wall: str, said: str) -> None:
    instant = datetime.fromisoformat(wall).replace(tzinfo=TOKYO)

    assert clock_of_day(instant, DAY, TOKYO) == said


def test_the_clock_is_that_of_the_wall_in_a_night_that_is_an_hour_longer() -> None:
    instant = datetime.fromisoformat("2026-10-25T02:30:00+00:00")

    assert clock_of_day(instant, date(2026, 10, 24), BERLIN) == (
        "Sat 2026-10-24 27:30 (Sun 03:30 CET)"
    )


def test_a_start_in_a_zone_that_this_machine_does_not_know_is_said_in_utc() -> None:
    start = {
        "key": {"operating_day": "2026-05-29"},
        "start": "2026-05-29T12:55:00Z",
        "zone": "Mars/Olympus",
    }

    assert when(start) == "Fri 2026-05-29 12:55 UTC"
