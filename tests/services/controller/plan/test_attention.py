"""What of the plan a person should look at, and what is passed over."""

from datetime import date, timedelta

from jobnet.services.controller.plan.keeper import PlanHealth
from jobnet.services.controller.views.concerns import AttentionView, Concern
from jobnet.services.controller.views.plan_attention import plan_attention

from tests.services.controller.plan.desk import Desk, instant, key_of, schedule

OFFICE = """kind: calendar
name: office
week: {open: [mon]}
---
"""


def seen(here: Desk, health: PlanHealth | None = None) -> list[AttentionView]:
    told = health or here.made.keeper.health
    found: list[AttentionView] = here.store.read(
        lambda tx: list(plan_attention(tx, told, here.hands.now))
    )
    return found


def test_a_plan_as_it_should_be_wants_nobody(here: Desk) -> None:
    here.schedule('["21:55"]')
    here.plans.hold(key_of("24 21:55"), here.act())

    assert not seen(here)


def test_missed_starts_of_one_schedule_are_one_thing_to_look_at(here: Desk) -> None:
    here.schedule('rules: [{at: ["20:00", "21:00"]}]\nmisfire: {policy: skip, grace: 1m}')

    after = here.reborn().at("25 06:00")
    (item,) = seen(after)
    after.hands.now += timedelta(days=2)
    later = seen(after)

    assert item.kind is Concern.START_MISSED
    assert "(and 1 more of this schedule)" in item.what
    assert not later


def test_a_start_that_asks_wants_a_word(here: Desk) -> None:
    here.schedule('rules: [{at: ["20:00"]}]\nmisfire: {policy: ask, grace: 1m}')

    after = here.reborn().at("24 23:00")

    (item,) = seen(after)
    assert (item.kind, item.commands[1]) == (
        Concern.START_ASKS,
        "jobnet plan release 'nightly|pay|2026-05-24|20:00'",
    )


def test_a_start_that_is_held_for_long_wants_a_word(here: Desk) -> None:
    here.schedule('["21:55"]')
    here.plans.hold(key_of("25 21:55"), here.act())

    here.at("25 12:00")

    assert [item.kind for item in seen(here)] == [Concern.START_ASKS]


def test_a_start_that_has_no_day_wants_somebody(here: Desk) -> None:
    rule = "{day_of_month: [26], on_closed_day: next, max_shift: 2, at: ['21:55']}"

    here.apply(OFFICE + schedule(f"calendar: office\nrules: [{rule}]"))
    here.at("25 06:00")

    (item,) = seen(here)
    assert item.kind is Concern.START_UNRESOLVED
    assert "nightly|pay|2026-05-26|21:55" in item.what


def test_a_change_that_is_lost_is_told_with_what_takes_it_back(here: Desk) -> None:
    here.schedule('["21:55"]')
    entry = here.plans.move(key_of("24 21:55"), instant("24 23:00"), here.act())

    here.schedule('["20:00"]')

    (item,) = seen(here)
    assert item.kind is Concern.CHANGE_LOST
    assert item.commands[0] == f"jobnet plan take-back {entry.changes[0].id}"


def test_what_nobody_knows_of_the_plan_is_told(here: Desk) -> None:
    health = PlanHealth(
        problems={"nightly": "no calendar"},
        ends={"weekly": date(2026, 6, 1)},
        clock_jump_seconds=90.0,
        since=here.hands.now,
    )

    kinds = [item.kind for item in seen(here, health)]

    assert kinds == [Concern.SCHEDULE_SILENT, Concern.CALENDAR_ENDS, Concern.CLOCK_DOUBTED]
