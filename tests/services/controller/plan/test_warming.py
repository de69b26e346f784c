"""Ansible is made ready for starts of the next minutes, and kept until they have begun."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jobnet.ports.warmth import Warmth
from jobnet.services.controller.edition_writing import Act

from tests.services.controller.office import BOB, Office, now, office, wait_until

NETWORKS = """
kind: network
name: jobs
flow: [{id: job, hosts: localhost, command: "true"}]
---
kind: network
name: cold
warm: off
flow: [{id: job, hosts: localhost, command: "true"}]
"""
ACT = Act(by=BOB)


@dataclass
class Expecting:
    """Somebody who is told which jobs are to come."""

    until: list[datetime | None] = field(default_factory=list)

    def expect(
        self, *, project_root: str, environment: Mapping[str, str], until: datetime | None = None
    ) -> None:
        self.until.append(until)

    def warmth(self) -> Warmth:
        return Warmth()


@pytest.fixture
def warmer() -> Expecting:
    return Expecting()


@pytest.fixture
def at(tmp_path: Path, warmer: Expecting) -> Iterator[Office]:
    with office(tmp_path / "home", warmer=warmer) as opened:
        opened.apply(NETWORKS)
        yield opened


def test_a_start_that_comes_soon_is_made_ready_for(at: Office, warmer: Expecting) -> None:
    start = now() + timedelta(minutes=2)

    at.controller.plans.add("jobs", start, None, {}, ACT)

    wait_until(lambda: warmer.until, "word of the start")
    (until,) = warmer.until
    assert until is not None
    assert until > start


@pytest.mark.parametrize(("network", "minutes"), [("jobs", 30), ("cold", 2)])
def test_nothing_is_made_ready_for_what_comes_later_or_starts_cold(
    at: Office, warmer: Expecting, network: str, minutes: int
) -> None:
    entry = at.controller.plans.add(network, now() + timedelta(minutes=minutes), None, {}, ACT)
    soon = at.controller.plans.add("cold", now() + timedelta(seconds=0.2), None, {}, ACT)

    wait_until(lambda: at.controller.plans.entry(soon.key).run, "a start after it")

    assert at.controller.plans.entry(entry.key).state == "fixed"
    assert not warmer.until
