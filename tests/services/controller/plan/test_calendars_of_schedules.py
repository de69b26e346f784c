"""The plan goes by calendars that are made of others, whatever these need not say themselves."""

import pytest
from jobnet.errors.definitions import DefinitionsRefused

from tests.services.controller.plan.desk import Desk, schedule

CALENDARS = """kind: calendar
name: bare
days: {2026-05-25: closed}
---
kind: calendar
name: office
extends: bare
week: {open: [mon, tue, wed, thu, fri, sat, sun]}
---
kind: calendar
name: sundays
week: {open: [sun]}
---
kind: calendar
name: weekdays
minus: [office, sundays]
---
"""
RULES = 'rules: [{at: ["21:55"], months: [5]}]'


def test_a_schedule_goes_by_a_calendar_that_extends_one_without_a_week(here: Desk) -> None:
    here.apply(CALENDARS + schedule(f"calendar: office\n{RULES}"))

    here.tick()

    assert list(here.states()) == ["2026-05-24 21:55"]


def test_a_schedule_goes_by_a_derived_calendar_and_leaves_out_what_another_closes(
    here: Desk,
) -> None:
    here.apply(
        CALENDARS + schedule(f"calendar: office\nexclude: [{{calendar: weekdays}}]\n{RULES}")
    )

    here.at("25 00:00")

    # 24 May 2026 is a Sunday, 25 May is closed in the office
    assert list(here.states()) == ["2026-05-26 21:55"]


def test_calendars_that_need_each_other_in_a_circle_are_not_applied(here: Desk) -> None:
    here.apply(CALENDARS + schedule(f"calendar: office\n{RULES}"))
    here.tick()

    with pytest.raises(DefinitionsRefused, match="in a circle"):
        here.apply(CALENDARS.replace("name: bare", "name: bare\nextends: office"))

    here.tick()
    assert list(here.states()) == ["2026-05-24 21:55"]
