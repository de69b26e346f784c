"""Simulates networks that stand in a few lines, and tells what became of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

from jobnet.calendars import compile_calendar
from jobnet.definition import Bundle
from jobnet.engine import track
from jobnet.project import bundle, convert_params, read_file, select_network
from jobnet.project.scenarios import Scenario, read_scenarios
from jobnet.services.answers import read_answers
from jobnet.services.simulation import Night, Simulated, simulate

DAY = date(2026, 5, 29)
NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)


def pinned(folder: Path, text: str, *, name: str = "net.yml") -> Bundle:
    """Return the network of some lines; its file is named like no network."""
    (folder / "ansible.cfg").touch()
    file = folder / name
    file.write_text(dedent(text), encoding="utf-8")
    reading = read_file(file)
    return bundle(reading, select_network(reading))


def scenario(folder: Path, text: str, network: Bundle) -> Scenario:
    """Return the only scenario of some lines."""
    file = folder / "scenarios.yml"
    file.write_text(dedent(text), encoding="utf-8")
    (only,) = read_scenarios(str(file), network)
    return only


def night(network: Bundle, one: Scenario | None = None, **more: Any) -> Night:  # noqa: ANN401
    """Return a night that begins at noon of a Friday."""
    given = (one or Scenario()).given
    calendars = {
        name: compile_calendar(each, parents=network.calendars)
        for name, each in network.calendars.items()
    }
    values: Mapping[str, Any] = {"operating_day": DAY, "start": NOON, "zone": "UTC", **more}
    return Night(
        bundle=network,
        calendars=calendars,
        params=convert_params(network.network, given.params),
        given=given,
        answers=read_answers(given.answers, network),
        **values,
    )


def simulated(folder: Path, text: str, given: str = "{}", **more: Any) -> Simulated:  # noqa: ANN401
    """Simulate the network of some lines; ``given`` is what a scenario would have there."""
    network = pinned(folder, text)
    return simulate(night(network, scenario(folder, f"given: {given}", network), **more))


def states(one: Simulated) -> dict[str, str]:
    """Return the state of every part."""
    return {str(line.key): line.state.value for line in track(one.tracker)}


def run_state(one: Simulated) -> str:
    """Return the state of the run."""
    assert one.tracker.run is not None
    return one.tracker.run.state.value


def seconds(one: Simulated) -> float:
    """Return how long it took on the virtual clock."""
    return (one.now - NOON).total_seconds()
