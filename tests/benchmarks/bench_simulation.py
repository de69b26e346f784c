"""Measures how many nights ``jobnet simulate`` walks through in a second.

The cost per part must not grow with the network: the rate of parts is the number to compare.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from jobnet.project import bundle, read_file, select_network
from jobnet.project.scenarios import Given
from jobnet.services.simulation import Night, simulate

NIGHTS = 300
ROUNDS = 3
SIZES = (5, 50, 500)
NETWORK = """
kind: network
name: night
hosts: db
flow:
  - id: night
    block:
{jobs}
    rescue:
      - {{id: mend, ansible.builtin.command: mend}}
  - {{id: ask, dialog: {{message: Go?, choices: {{go: 0}}, timeout: 1h, on_timeout: go}}}}
  - {{id: pause, wait_until: "23:00"}}
"""


def night(folder: Path, size: int) -> Night:
    """Return a night of this many jobs, of which the last one fails."""
    jobs = (f"      - {{id: job_{n}, ansible.builtin.command: run}}" for n in range(size))
    file = folder / "night.yml"
    file.write_text(NETWORK.format(jobs="\n".join(jobs)), encoding="utf-8")
    reading = read_file(file)
    return Night(
        bundle=bundle(reading, select_network(reading)),
        calendars={},
        operating_day=date(2026, 5, 29),
        start=datetime(2026, 5, 29, 20, tzinfo=UTC),
        zone="UTC",
        given=Given(fail={f"job_{size - 1}": 1}),
    )


def nights_per_second(one: Night, *, nights: int) -> float:
    """Return the best rate over some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        begun = process_time()
        for _ in range(nights):
            simulated = simulate(one)
        best = max(best, nights / (process_time() - begun))
    assert simulated.tracker.run is not None, "it was started"
    assert simulated.tracker.run.state.value == "normal", "the rescue made it good"
    return best


def main() -> None:
    """Print nights and parts per second by the size of the network."""
    with TemporaryDirectory() as folder:
        for size in SIZES:
            one = night(Path(folder), size)
            rate = nights_per_second(one, nights=max(NIGHTS // size, 3))
            parts = rate * (size + 4)
            line = f"night of {size + 4} parts: {rate:,.0f} nights a second, {parts:,.0f} parts"
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
