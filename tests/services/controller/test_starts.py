"""Starts give runs their name and first input, once per key, and have Ansible made ready."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from jobnet.engine.states import State
from jobnet.errors.controller import NetworkNotApplied
from jobnet.errors.play import SecretIsLiteral
from jobnet.ports.warmth import Warmth
from jobnet.services.controller.starts import Starts, StartWish

from tests.services.controller.office import BOB, Office, office

JOBS = """
kind: network
name: jobs
params: {rows: {type: int, default: 3}}
flow:
  - {id: job, hosts: localhost, command: "true"}
"""

LOCKED = """
kind: network
name: locked
params: {key: {type: secret}}
flow: [{id: nap, wait_for: 1s}]
"""


@dataclass
class Expecting:
    """Somebody who is told which jobs are to come."""

    roots: list[str] = field(default_factory=list)

    def expect(
        self, *, project_root: str, environment: Mapping[str, str], until: datetime | None = None
    ) -> None:
        self.roots.append(project_root)

    def warmth(self) -> Warmth:
        return Warmth()


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home") as opened:
        opened.apply(JOBS)
        yield opened


def test_the_same_key_gives_the_same_run(at: Office) -> None:
    first, again, other = (at.start("jobs", key=key) for key in ("one", "one", "two"))

    assert first == again
    assert other == f"{first}-2"
    assert len(at.store.read(lambda tx: tx.audits.page(before=None, limit=9, subject="net"))) == 2


def test_params_have_their_declared_types_and_their_defaults(at: Office) -> None:
    run = at.start("jobs", params={"rows": "7"})

    assert at.row(run).params == '{"rows": 7}'
    assert at.row(at.start("jobs")).params == '{"rows": 3}'


def test_a_network_that_was_never_applied_is_refused_with_the_nearest(at: Office) -> None:
    with pytest.raises(NetworkNotApplied, match="did you mean 'jobs'"):
        at.start("job")


def test_a_secret_is_not_taken_as_a_value(at: Office) -> None:
    at.apply(LOCKED, "locked.yml")

    with pytest.raises(SecretIsLiteral):
        at.start("locked", params={"key": "hunter2"})


def test_a_run_that_is_started_held_starts_nothing(at: Office) -> None:
    run = at.start("jobs", held=True)
    at.wait_for(run, "job", State.WAITING)

    assert at.row(run).is_suspended
    at.order(run, "resume")
    assert at.ended(run).state is State.NORMAL


def test_ansible_is_made_ready_while_a_run_begins(at: Office) -> None:
    expecting = Expecting()
    controller = at.controller
    starts = Starts(
        at.store, controller.definitions, controller.bells, zone="UTC", warmer=expecting
    )

    starts.start(StartWish(network="jobs", by=BOB, key="k"))

    assert expecting.roots == [str(at.folder / "project")]
