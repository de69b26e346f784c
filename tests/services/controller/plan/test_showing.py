"""The plan is shown page by page: what has become of starts, the near plan, and what comes then."""

from typing import Any

import pytest
from jobnet.errors.plan import PlanCursorRefused, PlanSpanRefused
from jobnet.services.controller.plan.entries import PlanEntry, PlanWish

from tests.services.controller.plan.desk import Desk, instant, key_of, schedule

FIRST, LAST = instant("24 00:00"), instant("31 00:00")


def week(**asked: Any) -> PlanWish:  # noqa: ANN401 - the fields of a wish
    return PlanWish(first=FIRST, last=LAST, **asked)


def keys(entries: tuple[PlanEntry, ...]) -> list[str]:
    return [f"{entry.start:%d %H:%M} {entry.state}" for entry in entries]


@pytest.fixture
def there(here: Desk) -> Desk:
    here.schedule('["21:55"]')
    return here.at("25 06:00")


def test_a_week_has_its_past_its_near_plan_and_what_lies_ahead(there: Desk) -> None:
    page = there.plans.show(week())

    states = ["started", "fixed", "fixed", "planned", "planned", "planned", "planned"]
    wanted = [f"{day} 21:55 {state}" for day, state in zip(range(24, 31), states, strict=True)]
    assert keys(page.entries) == wanted
    assert [entry.is_fixed for entry in page.entries] == [True] * 3 + [False] * 4
    assert page.entries[0].run is not None
    assert all(entry.steps for entry in page.entries)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_of_any_size_hold_every_entry_once(there: Desk, limit: int) -> None:
    there.plans.move(key_of("29 21:55"), instant("26 03:00"), there.act())
    there.plans.add("bill", instant("27 21:55"), None, {}, there.act())
    every = there.plans.show(week()).entries

    found: list[PlanEntry] = []
    after = ""
    while True:
        page = there.plans.show(week(limit=limit, after=after))
        found += page.entries
        after = page.next
        if not after:
            break

    assert tuple(found) == every
    assert len(every) == 8


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"states": frozenset({"planned"})}, 4),
        ({"states": frozenset({"fixed", "started"})}, 3),
        ({"states": frozenset({"held"})}, 0),
        ({"network": "bill"}, 0),
        ({"network": "pay"}, 7),
        ({"schedule": "other"}, 0),
    ],
)
def test_what_is_asked_for_is_shown(there: Desk, asked: dict[str, object], count: int) -> None:
    assert len(there.plans.show(week(**asked)).entries) == count


def test_a_span_that_is_none_is_refused(there: Desk) -> None:
    with pytest.raises(PlanSpanRefused):
        there.plans.show(PlanWish(first=LAST, last=FIRST))


@pytest.mark.parametrize("cursor", ["x", "2026-05-25T21:55:00+00:00 x", "2026-05-25T21:55:00 a|b"])
def test_a_cursor_that_no_page_gave_is_refused(there: Desk, cursor: str) -> None:
    with pytest.raises(PlanCursorRefused):
        there.plans.show(week(after=cursor))


def test_what_would_be_applied_is_compared_with_what_is(there: Desk) -> None:
    texts = [("plan.yml", schedule('["22:00"]'))]

    diff = there.plans.diff_texts(texts, base=str(there.folder))

    assert {str(entry.key.nominal) for entry in diff.added} == {"22:00"}
    assert {str(entry.key.nominal) for entry in diff.removed} == {"21:55"}
    assert len(diff.added) == len(diff.removed) == 396
    assert keys(diff.would_start_now) == ["25 22:00 planned"]
    assert keys(diff.already_passed) == ["24 22:00 planned"]
    assert there.started() == ["05-24 21:55"]


def test_what_differs_in_words_only_does_not_differ_in_the_plan(there: Desk) -> None:
    texts = [("plan.yml", schedule('["21:55"]') + "\ntitle: Every night\n")]

    assert there.plans.diff_texts(texts, base=str(there.folder)).is_empty


def test_a_time_zone_that_changes_moves_starts(there: Desk) -> None:
    texts = [("plan.yml", schedule('["21:55"]').replace("UTC", "Asia/Tokyo"))]

    diff = there.plans.diff_texts(texts, base=str(there.folder))

    assert not diff.removed
    assert (diff.moved[0].after, diff.moved[0].before) == (
        instant("25 12:55"),
        instant("25 21:55"),
    )


def test_a_schedule_that_is_new_adds_its_starts_and_has_missed_nothing(there: Desk) -> None:
    texts = [("more.yml", schedule('["05:00"]', name="early"))]

    diff = there.plans.diff_texts(texts, base=str(there.folder))

    assert len(diff.added) == 396
    assert not diff.already_passed
    assert not diff.removed
