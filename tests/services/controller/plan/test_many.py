"""Hundreds of schedules: every start once, and the rules are not worked out for ever."""

import time
from datetime import timedelta

import pytest

from tests.services.controller.plan.desk import Desk, schedule

pytestmark = pytest.mark.parts
SCHEDULES = 300
SECONDS_MAX = 60.0  # measured: 4 s on a busy machine; most of it reads the texts once


def test_two_days_of_300_schedules_are_rows_and_each_starts_once(here: Desk) -> None:
    minutes = [f"{7 + number // 60:02}:{number % 60:02}" for number in range(SCHEDULES)]
    texts = [schedule(f'["{minute}"]', name=f"s{number}") for number, minute in enumerate(minutes)]
    here.apply("\n---\n".join(texts))

    begin = time.monotonic()
    here.tick()
    rows = len(here.rows())
    here.hands.now += timedelta(hours=8)
    here.tick()
    seconds = time.monotonic() - begin

    assert rows == 2 * SCHEDULES
    started = [row for row in here.rows() if row.state.value == "started"]
    assert len(started) == len({row.run for row in started}) == SCHEDULES
    assert seconds < SECONDS_MAX
