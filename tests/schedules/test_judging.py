"""Start conditions: what satisfies them, what is used up, on which operating day it counts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import parse_clock_time
from jobnet.schedules import AllOf, AnyOf, Condition, EventArrived, Leaf, StartCondition
from jobnet.schedules.judging import SeenThing, day_of, judge, missing_of, starts_of

NOON = datetime(2026, 5, 29, 12, 0, tzinfo=UTC)
FRIDAY = date(2026, 5, 29)
BERLIN = ZoneInfo("Europe/Berlin")
NAMES = "abcd"


def leaf(name: str) -> Leaf:
    return Leaf(id=name, source=EventArrived(name=name))


def every(*names: str | Condition) -> AllOf:
    return AllOf(conditions=tuple(leaf(one) if isinstance(one, str) else one for one in names))


def some(*names: str | Condition) -> AnyOf:
    return AnyOf(conditions=tuple(leaf(one) if isinstance(one, str) else one for one in names))


def seen(text: str, *, day: date = FRIDAY) -> list[SeenThing]:
    """Return things in the order in which they came: ``aab``."""
    return [
        SeenThing(at=NOON + timedelta(minutes=at), leaf=name, key=f"{name}{at}", operating_day=day)
        for at, name in enumerate(text)
    ]


def used(condition: Condition, text: str) -> str:
    """Return the keys of what is used up, a start each: ``a0 b1|a2 b3``."""
    starts = starts_of(StartCondition(when=condition), seen(text))
    return "|".join(" ".join(thing.key for thing in each.used) for each in starts)


@pytest.mark.parametrize(
    ("condition", "came", "told"),
    [
        (leaf("a"), "", ""),
        (leaf("a"), "b", ""),
        (leaf("a"), "aa", "a0|a1"),
        (every("a", "b"), "a", ""),
        (every("a", "b"), "aab", "a0 b2"),
        (every("a", "b"), "abab", "a0 b1|a2 b3"),
        (some("a", "b"), "ab", "a0|b1"),
        (some("b", "a"), "ab", "a0|b1"),
        (every("a", some("b", "c")), "acb", "a0 c1"),
        (some(every("a", "b"), "c"), "acb", "c1|a0 b2"),
        (some(every("a", "b"), every("a", "c")), "abc", "a0 b1"),
    ],
)
def test_a_condition_uses_up_the_oldest_of_each(condition: Condition, came: str, told: str) -> None:
    assert used(condition, came) == told


def test_only_things_of_one_operating_day_are_put_together() -> None:
    things = [*seen("a"), *seen("b", day=date(2026, 5, 30))]

    assert starts_of(StartCondition(when=every("a", "b")), things) == ()


def test_once_a_day_starts_once_a_day_and_again_the_day_after() -> None:
    condition = StartCondition(when=leaf("a"), once_per_day=True)
    things = [*seen("aa"), *seen("a", day=date(2026, 5, 30))]

    first = starts_of(condition, things)
    later = starts_of(condition, things, [FRIDAY])

    assert [each.operating_day.day for each in first] == [29, 30]
    assert [each.operating_day.day for each in later] == [30]


def test_what_is_missing_are_the_leaves_that_nothing_came_for() -> None:
    condition = every("a", some("b", "c"))

    assert [one.id for one in missing_of(condition, seen("a"))] == ["b", "c"]
    assert missing_of(condition, seen("ac")) == ()


@pytest.mark.parametrize(
    ("wall", "day"),
    [
        ("2026-05-29 19:59", None),
        ("2026-05-29 20:00", 29),
        ("2026-05-30 03:59", 29),
        ("2026-05-30 04:00", 29),
        ("2026-05-30 04:01", None),
    ],
)
def test_within_goes_on_past_midnight_and_counts_for_the_day_before(
    wall: str, day: int | None
) -> None:
    condition = StartCondition(
        when=leaf("a"), first=parse_clock_time("20:00"), last=parse_clock_time("28:00")
    )
    at = datetime.fromisoformat(wall).replace(tzinfo=BERLIN)

    found = day_of(condition, at, zone=BERLIN)

    assert (found and found.day) == day


def test_what_has_a_day_of_its_own_counts_for_that_day_or_not_at_all() -> None:
    condition = StartCondition(when=leaf("a"), last=parse_clock_time("28:00"))
    at = datetime(2026, 5, 30, 1, 0, tzinfo=BERLIN)

    assert day_of(condition, at, zone=BERLIN, own_day=FRIDAY) == FRIDAY
    assert day_of(condition, at, zone=BERLIN, own_day=date(2026, 5, 27)) is None


def test_the_base_time_decides_where_no_span_does() -> None:
    condition = StartCondition(when=leaf("a"))
    at = datetime(2026, 5, 30, 5, 59, tzinfo=BERLIN)

    found = day_of(condition, at, zone=BERLIN, base_time=parse_clock_time("06:00"))

    assert found == FRIDAY


def trees() -> st.SearchStrategy[Condition]:
    def grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return several.map(lambda each: AllOf(conditions=each)) | several.map(
            lambda each: AnyOf(conditions=each)
        )

    return st.recursive(st.sampled_from(NAMES).map(leaf), grown, max_leaves=8)


def holds(condition: Condition, names: set[str]) -> bool:
    """Return whether a condition holds: the plain meaning of it."""
    if isinstance(condition, Leaf):
        return condition.id in names
    inner = [holds(one, names) for one in condition.conditions]
    return all(inner) if isinstance(condition, AllOf) else any(inner)


@given(condition=trees(), came=st.text(alphabet=NAMES, max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_condition_is_satisfied_exactly_when_it_holds(condition: Condition, came: str) -> None:
    found = judge(condition, seen(came))

    assert (found is not None) == holds(condition, set(came))
    assert found is None or holds(condition, {thing.leaf for thing in found})
    assert (found is None) == bool(missing_of(condition, seen(came)))


@given(condition=trees(), came=st.text(alphabet=NAMES, max_size=8))
@settings(max_examples=100, deadline=None)
def test_nothing_is_used_twice_and_nothing_that_would_start_is_left(
    condition: Condition, came: str
) -> None:
    starts = starts_of(StartCondition(when=condition), seen(came))

    taken = [set(each.used) for each in starts]
    together = set().union(*taken)
    assert sum(map(len, taken)) == len(together)
    assert judge(condition, [one for one in seen(came) if one not in together]) is None
