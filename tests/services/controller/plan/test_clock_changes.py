"""Nights of 23 and of 25 hours, by the schedules' policies."""

from datetime import datetime

import pytest

from tests.services.controller.plan.desk import Desk

SPRING, AUTUMN = "2026-03-29", "2026-10-25"
TEXT = """
kind: schedule
name: nightly
networks: [pay]
timezone: Europe/Berlin
rules: [{{at: ["02:30"]}}]
dst: {{gap: {gap}, fold: {fold}}}
"""


@pytest.mark.parametrize(
    ("day", "gap", "fold", "wanted"),
    [
        (SPRING, "shift", "first", ["01:30"]),
        (SPRING, "boundary", "first", ["01:00"]),
        (SPRING, "skip", "first", []),
        (AUTUMN, "shift", "first", ["00:30"]),
        (AUTUMN, "shift", "second", ["01:30"]),
        (AUTUMN, "shift", "both", ["00:30", "01:30"]),
    ],
)
def test_a_clock_time_of_a_changed_night_starts_as_its_policy_says(
    here: Desk, day: str, gap: str, fold: str, wanted: list[str]
) -> None:
    here.hands.now = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    here.apply(TEXT.format(gap=gap, fold=fold))

    here.pass_until(f"{day}T03:00:00")

    assert [f"{row.planned_start:%H:%M}" for row in here.runs()] == wanted
    assert {str(row.operating_day) for row in here.runs()} <= {day}
