import pytest
from jobnet.schedules import (
    OccurrenceEnd,
    SummerTime,
)

from tests.schedules.schedule_builders import (
    EVERY_DAY,
    ends,
    only,
    planned,
    rule,
    schedule,
    told,
)

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("gap", "found"),
    [
        ("shift", ["2026-03-29 02:30 > 03-29 01:30"]),
        ("boundary", ["2026-03-29 02:30 > 03-29 01:00"]),
        ("skip", []),
    ],
)
def test_a_time_that_does_not_exist_follows_the_policy(gap: str, found: list[str]) -> None:
    summer_time = SummerTime(gap=gap)  # type: ignore[arg-type]
    compiled = schedule(rule(EVERY_DAY, "02:30"), zone=BERLIN, summer_time=summer_time)

    assert planned(compiled, "2026-03-29", "2026-03-29") == found
    assert (
        "does not exist in Europe/Berlin"
        in only(told(compiled, "2026-03-29", "2026-03-29")).steps[-1]
    )


def test_a_time_in_a_skipped_gap_is_told() -> None:
    compiled = schedule(
        rule(EVERY_DAY, "02:30", "26:30"), zone=BERLIN, summer_time=SummerTime(gap="skip")
    )

    assert ends(compiled, "2026-03-28", "2026-03-29") == [
        "2026-03-28 26:30 in_gap",
        "2026-03-28 02:30 planned",
        "2026-03-29 02:30 in_gap",
        "2026-03-29 26:30 planned",
    ]


@pytest.mark.parametrize(
    ("fold", "found"),
    [
        ("first", ["2026-10-25 02:30 > 10-25 00:30"]),
        ("second", ["2026-10-25 02:30/2 > 10-25 01:30"]),
        ("both", ["2026-10-25 02:30 > 10-25 00:30", "2026-10-25 02:30/2 > 10-25 01:30"]),
    ],
)
def test_a_time_that_happens_twice_follows_the_policy(fold: str, found: list[str]) -> None:
    summer_time = SummerTime(fold=fold)  # type: ignore[arg-type]
    compiled = schedule(rule(EVERY_DAY, "02:30"), zone=BERLIN, summer_time=summer_time)

    assert planned(compiled, "2026-10-25", "2026-10-25") == found
    assert (
        "happens twice in Europe/Berlin" in told(compiled, "2026-10-25", "2026-10-25")[0].steps[-1]
    )


def test_two_times_that_summer_time_brings_together_start_once() -> None:
    compiled = schedule(rule(EVERY_DAY, "02:30", "03:30"), zone=BERLIN)

    first, second = told(compiled, "2026-03-29", "2026-03-29")

    assert (first.key.nominal, first.end, first.merged) == ("02:30", OccurrenceEnd.PLANNED, 1)
    assert (second.key.nominal, second.end) == ("03:30", OccurrenceEnd.MERGED)
    assert second.steps[-1] == "merged: the same start as night|load|2026-03-29|02:30"
