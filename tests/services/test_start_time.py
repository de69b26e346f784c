"""When a run begins, by ``--at``, ``--day``, its network's zone and calendar."""

from datetime import UTC, date, datetime

import pytest
from jobnet.calendars import EVERY_DAY_OPEN
from jobnet.definition import Network
from jobnet.errors.play import DayRefused, StartTimeRefused
from jobnet.ids import NetworkName
from jobnet.services.start_time import Beginning, read_beginning


def beginning(
    at: str | None = None, day: str | None = None, zone: str = "UTC", network_zone: str = ""
) -> Beginning:
    network = Network(name=NetworkName("night"), flow=(), timezone=network_zone or None)
    return read_beginning(network, EVERY_DAY_OPEN, at=at, day=day, zone=zone)


def test_a_wall_time_means_the_zone_of_the_network() -> None:
    begins = beginning("2026-05-29T21:55", zone="UTC", network_zone="Asia/Tokyo")

    assert begins.at == datetime(2026, 5, 29, 12, 55, tzinfo=UTC)
    assert begins.operating_day(begins.at) == date(2026, 5, 29)
    assert begins.wall_hhmm(begins.at) == "2155"


def test_an_offset_of_its_own_wins() -> None:
    assert beginning("2026-05-29T21:55:30+09:00").at == datetime(
        2026, 5, 29, 12, 55, 30, tzinfo=UTC
    )


def test_a_day_that_is_given_is_the_operating_day() -> None:
    begins = beginning("2026-05-30T01:30", day="2026-05-29")

    assert begins.at is not None
    assert begins.operating_day(begins.at) == date(2026, 5, 29)


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-05-29", "21:55", "2026-02-30T10:00", "2026-05-29T24:01",
     "0001-01-01T00:00+14:00",
     "9999-12-31T23:59-12:00", "٢٠٢٦-05-29T21:55", "2026-05-29T21:55" * 1000],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(StartTimeRefused, match="2026-05-29T21:55") as caught:
        beginning(text)

    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["", "today", "2026-13-01", "29.5.2026"])
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DayRefused, match="2026-05-29"):
        beginning(day=text)
