from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.calendars import (
    ClockTime,
    FoldPolicy,
    GapPolicy,
    find_zone,
    instant_at,
    instants_at,
    operating_day_of,
    parse_clock_time,
)
from jobnet.errors.calendars import InstantOutOfRange, ZoneUnknown

from tests.calendars.calendar_builders import day

ZONES = [
    "Asia/Tokyo",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",  # changed at midnight until 2019
    "America/Havana",  # changes at midnight
    "America/St_Johns",  # changed one minute after midnight
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Apia",  # left out a whole day in 2011
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "UTC",
]
BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = day("2026-03-29"), day("2026-10-25")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("00:00", "Fri 2026-05-01 00:00"),
        ("22:00", "Fri 2026-05-01 22:00"),
        ("24:00", "Sat 2026-05-02 00:00"),
        ("25:30", "Sat 2026-05-02 01:30"),
        ("47:59", "Sat 2026-05-02 23:59"),
    ],
)
def test_a_clock_time_counts_from_midnight_of_the_operating_day(clock: str, said: str) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")

    found = instant_at(day("2026-05-01"), parse_clock_time(clock), zone=tokyo)

    assert wall(found.instant, tokyo) == said
    assert found.note == ""
    assert found.instant.tzinfo is UTC


def test_it_is_wall_arithmetic_also_in_a_night_of_23_hours() -> None:
    saturday = SPRING - timedelta(days=1)

    found = instant_at(saturday, parse_clock_time("30:00"), zone=BERLIN)

    assert wall(found.instant, BERLIN) == "Sun 2026-03-29 06:00"


@pytest.mark.parametrize(
    ("gap", "instants"),
    [("shift", ["2026-03-29T01:30"]), ("boundary", ["2026-03-29T01:00"]), ("skip", [])],
)
def test_a_time_that_does_not_exist_follows_the_gap_policy(
    gap: GapPolicy, instants: list[str]
) -> None:
    found = instants_at(SPRING, parse_clock_time("02:30"), zone=BERLIN, gap=gap)

    assert [each.instant for each in found] == [utc(text) for text in instants]
    assert all("02:30 does not exist in Europe/Berlin" in each.note for each in found)


@pytest.mark.parametrize(
    ("fold", "instants"),
    [
        ("first", ["2026-10-25T00:30"]),
        ("second", ["2026-10-25T01:30"]),
        ("both", ["2026-10-25T00:30", "2026-10-25T01:30"]),
    ],
)
def test_a_time_that_happens_twice_follows_the_fold_policy(
    fold: FoldPolicy, instants: list[str]
) -> None:
    found = instants_at(AUTUMN, parse_clock_time("02:30"), zone=BERLIN, fold=fold)

    assert [each.instant for each in found] == [utc(text) for text in instants]
    assert all("happens twice in Europe/Berlin" in each.note for each in found)


@pytest.mark.parametrize("clock", ["01:59", "03:00"])
@pytest.mark.parametrize("when", [SPRING, AUTUMN])
def test_times_beside_a_change_bear_no_note(clock: str, when: date) -> None:
    found = instant_at(when, parse_clock_time(clock), zone=BERLIN)

    assert found.note == ""
    assert wall(found.instant, BERLIN).endswith(clock)


def test_a_whole_day_that_was_left_out_is_shifted_by_a_day() -> None:
    apia = ZoneInfo("Pacific/Apia")
    left_out = day("2011-12-30")

    shifted = instant_at(left_out, parse_clock_time("10:00"), zone=apia)
    boundary = instant_at(left_out, parse_clock_time("10:00"), zone=apia, gap="boundary")

    assert wall(shifted.instant, apia) == "Sat 2011-12-31 10:00"
    assert wall(boundary.instant, apia) == "Sat 2011-12-31 00:00"


@pytest.mark.parametrize(
    ("zone", "when", "clock"),
    [
        ("Europe/Berlin", "2026-03-29", "02:17"),
        ("America/St_Johns", "2010-03-14", "00:59:59"),
        ("Australia/Lord_Howe", "2026-10-04", "02:11"),
        ("America/Havana", "2026-03-08", "00:30"),
        ("America/Sao_Paulo", "2018-11-04", "00:00"),
        ("Pacific/Chatham", "2026-09-27", "03:44:59"),
    ],
)
def test_the_boundary_of_a_gap_is_the_second_of_the_change(
    zone: str, when: str, clock: str
) -> None:
    there = ZoneInfo(zone)

    found = instant_at(day(when), parse_clock_time(clock), zone=there, gap="boundary")

    just_before = found.instant - timedelta(seconds=1)
    assert "does not exist" in found.note
    assert found.instant.astimezone(there).utcoffset() != just_before.astimezone(there).utcoffset()


@given(
    zone=st.sampled_from(ZONES),
    when=st.dates(date(1995, 1, 1), date(2037, 12, 30)),
    seconds=st.integers(0, 2 * 86_400 - 1),
)
def test_an_instant_shows_the_wall_time_asked_for_or_says_that_it_was_moved(
    zone: str, when: date, seconds: int
) -> None:
    there = ZoneInfo(zone)
    expected = datetime.combine(when, datetime.min.time()) + timedelta(seconds=seconds)

    for found in instants_at(when, ClockTime(seconds=seconds), zone=there, fold="both"):
        shown = found.instant.astimezone(there).replace(tzinfo=None, fold=0)

        assert (shown == expected) or "does not exist" in found.note


@pytest.mark.parametrize(
    ("instant", "base_time", "operating_day"),
    [
        ("2026-05-01T20:59", "06:00", "2026-05-01"),  # Tokyo Sat 05:59
        ("2026-05-01T21:00", "06:00", "2026-05-02"),  # Tokyo Sat 06:00
        ("2026-05-01T15:00", "00:00", "2026-05-02"),  # Tokyo Sat 00:00
        ("2026-05-01T14:59", "00:00", "2026-05-01"),
    ],
)
def test_an_instant_belongs_to_the_day_whose_base_time_it_last_passed(
    instant: str, base_time: str, operating_day: str
) -> None:
    found = operating_day_of(
        utc(instant), zone=ZoneInfo("Asia/Tokyo"), base_time=parse_clock_time(base_time)
    )

    assert found == day(operating_day)


def test_a_day_that_has_begun_stays_begun_when_the_clock_goes_back_over_its_base_time() -> None:
    base_time = parse_clock_time("02:30")

    before, begun, again = (
        operating_day_of(utc(text), zone=BERLIN, base_time=base_time)
        for text in ("2026-10-25T00:29", "2026-10-25T00:31", "2026-10-25T01:01")
    )

    assert (before, begun, again) == (AUTUMN - timedelta(days=1), AUTUMN, AUTUMN)


def test_a_day_stays_begun_when_the_clock_goes_back_over_midnight() -> None:
    newfoundland = ZoneInfo("America/St_Johns")  # 2010-11-07 00:01 became 2010-11-06 23:01

    found = operating_day_of(utc("2010-11-07T02:35"), zone=newfoundland)

    assert wall(utc("2010-11-07T02:35"), newfoundland) == "Sat 2010-11-06 23:05"
    assert found == day("2010-11-07")


def test_a_base_time_in_a_gap_is_passed_when_the_clock_jumps_over_it() -> None:
    base_time = parse_clock_time("02:30")

    before, after = (
        operating_day_of(utc(text), zone=BERLIN, base_time=base_time)
        for text in ("2026-03-29T00:59", "2026-03-29T01:00")
    )

    assert (before, after) == (SPRING - timedelta(days=1), SPRING)


@given(
    zone=st.sampled_from(ZONES),
    instants=st.lists(
        st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
        min_size=2,
        max_size=8,
    ),
    base=st.integers(0, 86_399),
)
def test_operating_days_never_run_backwards(zone: str, instants: list[datetime], base: int) -> None:
    there, base_time = ZoneInfo(zone), ClockTime(seconds=base)

    days = [
        operating_day_of(instant.replace(tzinfo=UTC), zone=there, base_time=base_time)
        for instant in sorted(instants)
    ]

    assert days == sorted(days)


@given(
    zone=st.sampled_from(ZONES),
    change=st.sampled_from(["2010-11-07T02:31", "2026-10-25T01:00", "2026-03-29T01:00"]),
    minutes=st.integers(-180, 180),
    later=st.integers(1, 180),
    base=st.integers(0, 86_399),
)
def test_operating_days_never_run_backwards_around_a_change(
    *, zone: str, change: str, minutes: int, later: int, base: int
) -> None:
    there, base_time = ZoneInfo(zone), ClockTime(seconds=base)
    instant = utc(change) + timedelta(minutes=minutes)

    first = operating_day_of(instant, zone=there, base_time=base_time)
    second = operating_day_of(instant + timedelta(minutes=later), zone=there, base_time=base_time)

    assert first <= second


@given(
    zone=st.sampled_from([zone for zone in ZONES if zone != "Pacific/Apia"]),
    when=st.dates(date(2005, 1, 1), date(2035, 12, 30)),
    base=st.integers(0, 86_399),
    after=st.integers(0, 86_399),
)
def test_a_clock_time_of_a_day_belongs_to_that_day_unless_summer_time_moved_it(
    zone: str, when: date, base: int, after: int
) -> None:
    there = ZoneInfo(zone)
    found = instant_at(when, ClockTime(seconds=base + after), zone=there)
    next_begins = instant_at(when + timedelta(days=1), ClockTime(seconds=base), zone=there)

    operating_day = operating_day_of(found.instant, zone=there, base_time=ClockTime(seconds=base))

    assert operating_day == when or found.note or next_begins.note


@pytest.mark.parametrize(
    ("when", "clock", "zone"),
    [
        (date.max, "24:00", "Asia/Tokyo"),
        (date.max, "23:00", "America/New_York"),
        (date.min, "00:00", "Asia/Tokyo"),
    ],
)
def test_an_instant_outside_all_years_is_refused(when: date, clock: str, zone: str) -> None:
    with pytest.raises(InstantOutOfRange):
        instant_at(when, parse_clock_time(clock), zone=ZoneInfo(zone))


def test_the_last_clock_time_of_all_works() -> None:
    clock = parse_clock_time("47:59")

    found = instant_at(date.max - timedelta(days=1), clock, zone=ZoneInfo("Asia/Tokyo"))

    assert found.instant.date() == date.max


@pytest.mark.parametrize(
    ("instant", "zone"),
    [
        (datetime.max.replace(tzinfo=UTC), "Asia/Tokyo"),
        (datetime.min.replace(tzinfo=UTC), "America/New_York"),
    ],
)
def test_the_operating_day_outside_all_years_is_refused(instant: datetime, zone: str) -> None:
    with pytest.raises(InstantOutOfRange):
        operating_day_of(instant, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Asia/Tokio", "Asia/Tokyo"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("America", None),
        ("", None),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("a\0b", None),
        ("Asia/Tokyo ", "Asia/Tokyo"),
        ("x" * 1_000_000, None),
    ],
    ids=range(9),
)
def test_an_unknown_zone_is_refused_with_the_nearest_name(name: str, near: str | None) -> None:
    with pytest.raises(ZoneUnknown) as caught:
        find_zone(name)

    assert near is None or near in caught.value.near
    assert len(str(caught.value)) < 300


def test_a_zone_whose_name_is_longer_than_64_characters_has_no_near_one() -> None:
    name = "America/Argentina/ComodRivadavia".ljust(64, "a")

    with pytest.raises(ZoneUnknown) as as_long:
        find_zone(name)
    with pytest.raises(ZoneUnknown) as longer:
        find_zone(name + "a")

    assert as_long.value.near == ("America/Argentina/ComodRivadavia",)
    assert longer.value.near == ()


def test_at_most_two_near_zones_are_told() -> None:
    with pytest.raises(ZoneUnknown) as caught:
        find_zone("Asia/Tokio")

    assert len(caught.value.near) == 2
