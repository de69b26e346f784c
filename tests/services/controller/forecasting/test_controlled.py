"""A controller's forecast counts what is open, what waits, and says what it cannot take in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from jobnet.engine.states import State
from jobnet.ids import NetworkName, OperatorName
from jobnet.services.controller.edition_writing import Act
from jobnet.services.forecast.forecasts import ForecastWish, Told
from jobnet.testing import Script

from tests.services.controller.office import Office, now, office, wait_until

NETWORKS = """
kind: queue
name: press
limit: 1
---
kind: network
name: long
flow:
  - {id: work, hosts: h, queue: press, ansible.builtin.command: x}
  - {id: tidy, hosts: h, ansible.builtin.command: x}
---
kind: network
name: once
limit: 1
params: {target: {type: str, default: tape}}
flow:
  - {id: work, hosts: h, queue: press, ansible.builtin.command: x}
---
kind: schedule
name: often
networks: [once]
timezone: UTC
rules:
  - repeat: {every: 1h, from: "00:00", to: "23:59", measured: end}
"""
ACT = Act(by=OperatorName("ann"), reason="", key="")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, {"work": Script(seconds=3600)}) as opened:
        opened.apply(NETWORKS)
        for name, seconds in (("long", 600.0), ("once", 300.0)):
            opened.store.write(
                lambda tx, name=name, seconds=seconds: tx.durations.remember(  # type: ignore[misc]
                    NetworkName(name), [("work", seconds), ("tidy", 60.0)]
                )
            )
        yield opened


def told(here: Office, hours: float = 6) -> Told:
    wish = ForecastWish(last=now() + timedelta(hours=hours))
    return here.controller.forecasts.show(wish)


def left(ended: datetime | None) -> timedelta:
    assert ended is not None, "it ends"
    return ended - now()


def test_open_runs_go_on_and_hold_what_others_wait_for(here: Office) -> None:
    first = here.start("long")
    here.wait_for(first, "work", State.RUNNING)
    second = here.start("once")
    here.wait_for(second, "work", State.QUEUED)

    found = {run.name: run for run in told(here).forecast.runs if run.is_open}

    assert set(found) == {first, second}
    assert timedelta(minutes=10) < left(found[first].either.ended) < timedelta(minutes=12)
    assert timedelta(minutes=14) < left(found[second].either.ended) < timedelta(minutes=16)


def test_a_run_that_waits_for_its_network_is_forecast_too(here: Office) -> None:
    first = here.start("once")
    here.wait_for(first, "work", State.RUNNING)
    second = here.start("once")

    found = {run.key: run for run in told(here).forecast.runs}

    assert found[second].either.course.waits[0].reason == "network_limit"
    assert found[second].either.began == found[first].either.ended


def test_repetitions_from_the_end_follow_each_other(here: Office) -> None:
    wait_until(lambda: told(here, hours=48).forecast.runs, "the keeper has planned")
    runs = [run for run in told(here, hours=48).forecast.runs if run.network == "once"]

    day = [run for run in runs if run.operating_day == runs[-1].operating_day]
    pauses = [
        later.planned - before.either.ended
        for before, later in pairwise(day)
        if before.either.ended is not None
    ]
    assert len(day) > 20
    assert set(pauses) == {timedelta(hours=1)}
    assert day[1].key.endswith("00:00+1")


def test_a_start_that_cannot_be_made_is_told_and_the_rest_is_forecast(here: Office) -> None:
    at = now() + timedelta(hours=1)
    added = here.controller.plans.add("once", at, None, {"target": "disk"}, ACT)
    here.apply(NETWORKS.replace("params: {target: {type: str, default: tape}}", "title: Once"))

    found = told(here)

    (problem,) = found.problems
    assert problem.startswith(str(added.key))
    assert "target" in problem
    assert str(added.key) not in {run.key for run in found.forecast.runs}
