"""Repetitions that are measured from the end of the run before."""

import pytest

from tests.services.controller.plan.desk import Desk

EVERY_HOUR = """
rules: [{repeat: {every: 1h, from: "08:00", to: "12:00", measured: end}}]
"""


@pytest.fixture
def there(here: Desk) -> Desk:
    here.schedule(EVERY_HOUR)
    return here.at("24 08:00")


def test_the_next_start_is_planned_when_the_run_has_ended(there: Desk) -> None:
    before = there.states()
    there.hands.now = there.hands.now.replace(minute=30)
    there.end(there.runs()[0].run)

    there.tick()
    there.tick()
    there.pass_until("24 09:40")

    assert before == {"2026-05-24 08:00": "started", "2026-05-25 08:00": "fixed"}
    assert there.started() == ["05-24 08:00", "05-24 09:30"]
    assert there.row("24 08:00+1").state.value == "started"


def test_nothing_follows_after_the_last_time(there: Desk) -> None:
    there.at("24 11:30")
    there.end(there.runs()[0].run)

    there.pass_until("24 15:00")

    assert there.started() == ["05-24 08:00"]


def test_a_start_that_was_skipped_is_followed_all_the_same(here: Desk) -> None:
    here.schedule(EVERY_HOUR)
    here.plans.skip(here.row("24 08:00").key, here.act())

    here.pass_until("24 09:30")

    assert here.started() == ["05-24 09:00"]


def test_a_next_start_goes_when_its_schedule_measures_otherwise(there: Desk) -> None:
    there.hands.now = there.hands.now.replace(minute=30)
    there.end(there.runs()[0].run)
    there.tick()

    there.schedule('["20:00"]')

    assert "2026-05-24 08:00+1" not in there.states()


def test_a_next_start_outlives_death_and_new_definitions(there: Desk) -> None:
    there.hands.now = there.hands.now.replace(minute=30)
    there.end(there.runs()[0].run)

    after = there.reborn().at("24 08:31")
    after.schedule(EVERY_HOUR + "\nparams: {target: /new}\n")
    after.reborn().pass_until("24 09:40")

    assert after.started() == ["05-24 08:00", "05-24 09:30"]
