"""A whole controller with a plan: runs begin by themselves, waits know of them, people see it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.engine.states import State
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan.entries import PlanEntry
from jobnet.services.controller.views.concerns import Concern

from tests.services.controller.office import BOB, Office, now, office, wait_until

NETWORKS = """
kind: network
name: early
flow: [{name: nap, id: nap, wait_for: 1s}]
---
kind: network
name: late
flow: [{name: wait, id: wait, wait_network: {network: early}}]
"""
SOON = timedelta(seconds=0.3)
ACT = Act(by=BOB, reason="a test")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home") as opened:
        opened.apply(NETWORKS)
        yield opened


def add(at: Office, network: str, after: timedelta) -> PlanEntry:
    return at.controller.plans.add(network, now() + after, None, {}, ACT)


def test_a_start_begins_its_run_at_its_time_by_itself(at: Office) -> None:
    entry = add(at, "early", SOON)

    wait_until(lambda: at.controller.plans.entry(entry.key).run, "the start")
    run = at.controller.plans.entry(entry.key).run

    assert run is not None
    row = at.ended(run)
    assert (row.state, row.planned_start) == (State.NORMAL, entry.start)
    assert row.created_at >= entry.start


def test_a_network_wait_knows_of_starts_that_are_still_to_come(at: Office) -> None:
    day = now().date()
    entry = at.controller.plans.add("early", now() + timedelta(hours=1), day, {}, ACT)

    run = at.start("late", day=day.isoformat())
    at.wait_for(run, "wait", State.WAITING)
    wait_until(lambda: "not ended" in at.detail(run, "wait"), "word of the start")
    told = at.detail(run, "wait")
    at.controller.plans.skip(entry.key, ACT)

    assert f"start {day} {entry.key.nominal}" in told
    wait_until(lambda: "is not planned" in at.detail(run, "wait"), "word that it is skipped")


def test_a_network_wait_goes_on_when_the_planned_run_has_ended(at: Office) -> None:
    day = now().date()
    entry = at.controller.plans.add("early", now() + timedelta(seconds=1), day, {}, ACT)

    run = at.start("late", day=day.isoformat())
    row = at.ended(run)

    planned = at.controller.plans.entry(entry.key).run
    assert planned is not None
    ended = at.row(planned).ended
    assert ended is not None
    assert row.state is State.NORMAL
    assert row.ended is not None
    assert row.ended >= ended


def test_status_shows_what_starts_soon_and_what_was_changed(at: Office) -> None:
    entry = add(at, "early", timedelta(hours=1))

    view = at.controller.views.status()

    assert [(each.kind, each.start) for each in view.next] == [("planned_start", str(entry.key))]
    assert [(each.kind.value, each.what) for each in view.deviations] == [
        ("added", f"start {entry.key}")
    ]


def test_a_start_that_could_not_be_made_wants_attention(at: Office) -> None:
    entry = add(at, "early", SOON)
    at.apply(NETWORKS.replace("early", "other"))
    wait_until(lambda: at.controller.plans.entry(entry.key).state == "missed", "its end")

    (item,) = at.controller.views.status().attention

    assert item.kind is Concern.START_MISSED
    assert "No network 'early' has been applied" in item.what
    assert item.commands[1] == f"jobnet plan start '{entry.key}'"


def test_what_becomes_of_starts_is_counted(at: Office) -> None:
    add(at, "early", SOON)

    wait_until(lambda: measured(at, "planned_starts_fired"), "the count")

    assert measured(at, "planned_starts_fired") == 1
    assert 0 <= measured(at, "planned_start_late_seconds_max") < 60


def measured(at: Office, name: str) -> float:
    return {one.name: one.value for one in at.controller.views.measures()}[name]
