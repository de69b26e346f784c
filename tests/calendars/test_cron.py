from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from cronsim import CronSim, CronSimError
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import CronText, parse_cron
from jobnet.calendars.cron import CRON_MACROS
from jobnet.errors.recurrences import CronRefused

STARTS_MAX = 500


def days_of(text: str, first: date, days: int) -> list[date]:
    cron = parse_cron(text)
    span = [first + timedelta(days=number) for number in range(days)]
    return [day for day in span if cron.is_day(day)]


def starts_of(cron: CronText, first: date, days: int) -> list[datetime]:
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    found = (
        midnight + timedelta(days=number) + clock.since_midnight
        for number in range(days)
        for clock in cron.times_of(first + timedelta(days=number))
    )
    return list(islice(found, STARTS_MAX))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("0 0 * * *", list(range(1, 32))),
        ("0 0 15 * *", [15]),
        ("0 0 L * *", [31]),
        ("0 0 LW * *", [29]),
        ("0 0 */10 * *", [1, 11, 21, 31]),
        ("0 0 5-7,20 * *", [5, 6, 7, 20]),
        ("0 0 * may fri", [1, 8, 15, 22, 29]),
        ("0 0 * * 5#2", [8]),
        ("0 0 * * 5L", [29]),
        ("0 0 * * 0", [3, 10, 17, 24, 31]),
        ("0 0 * * 7", [3, 10, 17, 24, 31]),
        ("0 0 1 * MON", [1, 4, 11, 18, 25]),
        ("0 0 */2 * MON", [11, 25]),
        ("0 0 * 6 *", []),
        ("@monthly", [1]),
        ("@weekly", [3, 10, 17, 24, 31]),
    ],
)
def test_a_text_names_its_days_of_may_2026(text: str, days: list[int]) -> None:
    found = days_of(text, date(2026, 5, 1), 31)

    assert [day.day for day in found] == days


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("30 22 * * *", ["22:30"]),
        ("*/20 1,3 * * *", ["01:00", "01:20", "01:40", "03:00", "03:20", "03:40"]),
        ("50/5 23 * * *", ["23:50", "23:55"]),
        ("@daily", ["00:00"]),
        ("@midnight", ["00:00"]),
    ],
)
def test_a_text_gives_its_times(text: str, times: list[str]) -> None:
    found = parse_cron(text).times_of(date(2026, 5, 1))

    assert [str(clock) for clock in found] == times


def test_a_day_that_is_none_has_no_times() -> None:
    assert parse_cron("0 5 1 * *").times_of(date(2026, 5, 2)) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        (" \n ", "it is empty"),
        ("61 * * * *", "the minute '61' is not understood; write 0 to 59"),
        ("0 24 * * *", "the hour '24'"),
        ("0 0 0 * *", "the day of the month '0'"),
        ("0 0 32 * *", "the day of the month '32'"),
        ("0 0 * 13 *", "the month '13'"),
        ("0 0 * * 8", "the day of the week '8'"),
        ("0 0 * * MON#6", "the day of the week 'MON#6'"),
        ("H H * * *", "the minute 'H'"),
        ("*/0 * * * *", "the minute '*/0'"),
        ("5-1 * * * *", "the minute '5-1'"),
        ("1,, * * * *", "the minute '1,,'"),
        ("²5 * * * *", "the minute '²5'"),
        ("0 0 * * 5L/2", "the day of the week '5L/2'"),
        ("0 0 * * * *", "without seconds"),
        ("0 0 * *", "4 fields are written"),
        ("@reboot", "such a word is not known"),
        ("0 0 31 2 *", "never start"),
        ("0 0 30 feb *", "never start"),
        ("0 0 31 2,4,6,9,11 *", "never start"),
        ("0 0 */30 * 5#2", "never start"),
        ("0 " * 2000, "more than 1000 characters"),
    ],
)
def test_a_text_that_is_not_understood_is_refused_with_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(CronRefused) as refusal:
        parse_cron(text)

    assert said in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("text", ["0 0 29 2 *", "0 0 * 2 MON#5", "0 0 30 2 MON", "0 0 */7 2 5#5"])
def test_what_fires_once_in_many_years_is_taken(text: str) -> None:
    found = days_of(text, date(2000, 1, 1), 28 * 366)

    assert found


def test_each_macro_means_what_its_text_means() -> None:
    for macro, text in CRON_MACROS.items():
        assert starts_of(parse_cron(macro), date(2026, 1, 1), 400) == starts_of(
            parse_cron(text), date(2026, 1, 1), 400
        )


def test_equal_texts_are_equal_and_can_be_kept_in_sets() -> None:
    assert len({parse_cron("0 5 * * 1"), parse_cron(" 0  5 * * 1")}) == 1


def field(low: int, high: int, *, special: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    spans = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    steps = st.tuples(st.just("*") | spans, st.integers(1, 9)).map(
        lambda pair: f"{pair[0]}/{pair[1]}"
    )
    plain = number.map(str) | spans | steps
    if special:
        plain |= st.sampled_from(special)
    return st.just("*") | st.lists(plain, min_size=1, max_size=3).map(",".join)


TEXTS = st.tuples(
    field(0, 59),
    field(0, 23),
    field(1, 31, special=("L", "LW")),
    field(1, 12, special=("FEB", "dec")),
    field(0, 7, special=("MON", "fri#2", "5L", "0#5", "7#1")),
).map(" ".join)


def agrees(text: str, first: date, days: int) -> None:
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    try:
        ours = parse_cron(text)
    except CronRefused as error:
        assert "never start" in str(error)  # noqa: PT017 - the refusal is not what is tried
        with pytest.raises((StopIteration, CronSimError)):
            next(CronSim(text, begin))
        return
    end = begin + timedelta(days=days)
    theirs: list[datetime] = []
    for when in CronSim(text, begin - timedelta(seconds=1)):
        if when >= end or len(theirs) >= STARTS_MAX:
            break
        theirs.append(when)
    assert starts_of(ours, first, days) == theirs


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, first=st.dates(date(1995, 1, 1), date(2055, 1, 1)))
def test_texts_agree_with_cronsim(text: str, first: date) -> None:
    agrees(text, first, 400)


@pytest.mark.parts
@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
def test_days_agree_with_cronsim_over_thirty_years(text: str) -> None:
    agrees("0 0 " + text.split(" ", 2)[2], date(2000, 1, 1), 10_958)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="0123456789*/-,LW#MONFRI @?", max_size=24))
def test_whatever_is_written_is_understood_or_refused(text: str) -> None:
    try:
        cron = parse_cron(text)
    except CronRefused:
        return

    assert cron.minutes
    assert cron.hours
