"""A controller is killed with -9 while planned starts come every second.

Each of them begins its run exactly once, in its own second or as soon as somebody is there again.
"""

import os
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, randrange

import pytest

from tests.journeys.controller.serving import Served, served
from tests.services.controller.office import now
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.journey

SEED = int(os.environ.get("KILLS_SEED") or randrange(10_000))  # noqa: S311 - dice
STARTS = 12
KILLS = 3
LEAD_SECONDS = 6
PATIENCE_SECONDS = 120
PROJECT = """\
kind: network
name: tick
flow: [{{wait_for: 0s}}]
---
kind: schedule
name: every_second
networks: [tick]
timezone: UTC
rules:
  - dates: ["{day}"]
    at: {clocks}
misfire: {{policy: run_all}}
"""


def clock(day: datetime, instant: datetime) -> str:
    """Return an instant as a clock time of an operating day, to 47:59."""
    seconds = int((instant - day).total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def play(at: Served, project: Path) -> None:
    dice = Random(SEED)  # noqa: S311 - a game
    begun_at = now().replace(microsecond=0)
    day = begun_at.replace(hour=0, minute=0, second=0)
    first = begun_at + timedelta(seconds=LEAD_SECONDS)
    starts = [first + timedelta(seconds=each) for each in range(STARTS)]
    project.mkdir()
    text = PROJECT.format(day=day.date(), clocks=[clock(day, each) for each in starts])
    (project / "tick.yml").write_text(text)
    at.command("apply", str(project), "--yes")
    pause = (LEAD_SECONDS + STARTS) / (KILLS + 1)
    for _ in range(KILLS):
        time.sleep(pause * dice.uniform(0.5, 1.2))
        at.kill()
        at.start()
    until = time.monotonic() + PATIENCE_SECONDS
    expected = Counter(each.isoformat() for each in starts)
    while True:
        with at.client() as client:
            runs = client.get("/runs", network="tick", limit=200)["items"]
        if len(runs) >= STARTS and all(run["ended"] for run in runs):
            break
        assert time.monotonic() < until, f"seed {SEED}: {len(runs)} runs\n{at.said}"
        time.sleep(0.2)
    begun = Counter(datetime.fromisoformat(run["planned_start"]).isoformat() for run in runs)
    assert begun == expected, f"seed {SEED}"
    assert {run["state"] for run in runs} == {"normal"}, f"seed {SEED}"


def test_planned_starts_begin_once_on_sqlite(tmp_path: Path) -> None:
    with served(tmp_path / "home") as at:
        play(at, tmp_path / "project")


def test_planned_starts_begin_once_on_postgresql(tmp_path: Path) -> None:
    with PostgresServer() as server:
        url = server.new_database()
        with served(tmp_path / "home", JOBNET_DATABASE=url) as at:
            play(at, tmp_path / "project")
