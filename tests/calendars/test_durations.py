from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.calendars import format_duration, parse_duration
from jobnet.calendars.durations import DURATION_DAYS_MAX
from jobnet.errors.calendars import DurationRefused


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("2h", 7_200),
        ("1d", 86_400),
        ("1h30m", 5_400),
        ("1d2h3m4s", 93_784),
        ("0s", 0),
        ("007m", 420),
        ("90m", 5_400),
        ("3660d", 316_224_000),
    ],
)
def test_a_duration_is_the_sum_of_its_units(text: str, seconds: int) -> None:
    duration = parse_duration(text)

    assert duration == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10",
        "m",
        "-5m",
        "1.5h",
        "10 m",
        "10M",
        "30m1h",
        "1h1h",
        "1w",
        "10m\n",
        "\u0661\u0660m",
        "3661d",
        "3660d1s",
        "9" * 35 + "d",
        "9" * 1_000_000 + "s",
        "1d" * 100_000,
    ],
)
def test_a_text_that_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(DurationRefused) as caught:
        parse_duration(text)

    assert '"10m"' in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(minutes=90), "1h30m"),
        (timedelta(days=1, seconds=1), "1d1s"),
        (timedelta(seconds=-90), "-1m30s"),
        (timedelta(milliseconds=400), "0s"),
        (timedelta(seconds=59.6), "1m"),
    ],
)
def test_a_duration_is_written_in_whole_units(duration: timedelta, text: str) -> None:
    written = format_duration(duration)

    assert written == text


@given(seconds=st.integers(0, DURATION_DAYS_MAX * 86_400))
def test_a_duration_reads_back_as_it_is_written(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    again = parse_duration(format_duration(duration))

    assert again == duration
