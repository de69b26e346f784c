import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.calendars import ClockTime, parse_clock_time
from jobnet.calendars.clock import CLOCK_SECONDS_MAX
from jobnet.errors.calendars import ClockTimeRefused


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00", 0),
        ("09:05", 32_700),
        ("9:05", 32_700),
        ("22:00:30", 79_230),
        ("24:00", 86_400),
        ("25:30", 91_800),
        ("47:59", 172_740),
        ("47:59:59", 172_799),
    ],
)
def test_a_clock_time_counts_from_midnight_of_the_operating_day(text: str, seconds: int) -> None:
    clock = parse_clock_time(text)

    assert clock == ClockTime(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25:61",
        "48:00",
        "47:59:60",
        "99:00",
        "-1:00",
        "+1:00",
        "22",
        "2200",
        "22:0",
        "022:00",
        "22:00 ",
        " 22:00",
        "22:00\n",
        "22:00:00:00",
        "\u0662\u0662:\u0660\u0660",
        "\u0662\u0662:00",
        "\uff12\uff12:\uff10\uff10",
        "1e1:00",
        "22.00",
        "22:00 PM",
        "9" * 100_000 + ":00",
    ],
)
def test_a_text_that_is_no_clock_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ClockTimeRefused) as caught:
        parse_clock_time(text)

    assert caught.value.text == text
    assert "25:30" in str(caught.value)
    assert len(str(caught.value)) < 300


@given(seconds=st.integers(0, CLOCK_SECONDS_MAX))
def test_a_clock_time_reads_back_as_it_prints(seconds: int) -> None:
    clock = ClockTime(seconds=seconds)

    again = parse_clock_time(str(clock))

    assert again == clock


@given(st.lists(st.integers(0, CLOCK_SECONDS_MAX)))
def test_clock_times_sort_by_time(amounts: list[int]) -> None:
    clocks = [ClockTime(seconds=amount) for amount in amounts]

    ordered = sorted(clocks)

    assert [clock.seconds for clock in ordered] == sorted(amounts)
