from jobnet.schedules import Occurrence, OccurrenceEnd, OccurrenceKey, merge

from tests.calendars.calendar_builders import day
from tests.schedules.schedule_builders import instant


def start(name: str, *, at: str = "05:00", on: str = "2026-05-01", merged: int = 0) -> Occurrence:
    return Occurrence(
        key=OccurrenceKey(schedule=name, network="load", operating_day=day(on), nominal=at),
        end=OccurrenceEnd.PLANNED,
        start=instant(f"2026-05-01 {at}"),
        zone="UTC",
        merged=merged,
        steps=("given",),
    )


def test_equal_starts_of_two_schedules_start_once_under_the_first_key() -> None:
    first, second = merge(
        [(start("b", merged=2), {"n": 1, "m": [2]}), (start("a"), {"m": [2], "n": 1})]
    )

    assert (first[0].key.schedule, first[0].end, first[0].merged) == ("a", OccurrenceEnd.PLANNED, 3)
    assert (second[0].key.schedule, second[0].end, second[0].merged) == ("b", "merged", 0)
    assert second[0].steps == ("given", "merged: the same start as a|load|2026-05-01|05:00")


def test_different_params_stay_two_runs() -> None:
    found = merge([(start("a"), {"customer": 1}), (start("b"), {"customer": 2})])

    assert [(one.end, one.merged, params) for one, params in found] == [
        (OccurrenceEnd.PLANNED, 0, {"customer": 1}),
        (OccurrenceEnd.PLANNED, 0, {"customer": 2}),
    ]


def test_true_and_1_and_other_instants_and_days_stay_apart() -> None:
    found = merge(
        [
            (start("a"), {"n": 1}),
            (start("b"), {"n": True}),
            (start("c", at="06:00"), {"n": 1}),
            (start("d", on="2026-04-30"), {"n": 1}),
        ]
    )

    assert [one.key.schedule for one, _ in found] == ["d", "a", "b", "c"]
    assert all(one.end is OccurrenceEnd.PLANNED for one, _ in found)


def test_what_does_not_start_is_left_as_it_is() -> None:
    closed = Occurrence(
        key=start("a").key, end=OccurrenceEnd.CLOSED, start=None, zone="UTC", steps=("closed",)
    )

    found = merge([(start("b"), {}), (closed, {})])

    assert [one.end for one, _ in found] == [OccurrenceEnd.CLOSED, OccurrenceEnd.PLANNED]


def test_nothing_merges_to_nothing() -> None:
    assert merge([]) == ()
