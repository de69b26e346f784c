"""Measures how long the forecast of a month of a plan of 1,000 networks takes.

Most networks share nothing and go the same way every day; one in ten stands in line in a queue
that runs ten jobs, and one in twenty waits for another network. The goal is a minute.
"""

import sys
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time

from jobnet.definition import (
    Bundle,
    Network,
    Part,
    Placement,
    PlayJob,
    Queue,
    UnitJob,
    WaitNetwork,
)
from jobnet.engine import Limits
from jobnet.expressions import parse_template
from jobnet.ids import NetworkName, PartId
from jobnet.services.forecast.asked import Defined, PlannedStart, Situation
from jobnet.services.forecast.expected_times import ExpectedTimes
from jobnet.services.forecast.forecast import forecast

NETWORKS, DAYS, PARTS = 1_000, 30, 10
IN_LINE, WAITING = 10, 20
"""One network in so many stands in line, or waits for another."""
GOAL_SECONDS = 60
BEGIN = datetime(2026, 5, 1, 18, tzinfo=UTC)
SAP = Queue(name="sap", limit=10)


def network(number: int) -> Bundle:
    """Return one network of the plan."""
    queue = "sap" if number % IN_LINE == 0 else None
    content = PlayJob(hosts=parse_template("all"), keywords="tasks: []")
    flow = [
        Part(
            id=PartId(f"job_{each}"),
            body=UnitJob(content=content, reads_parts=()),
            placement=Placement(queue=queue),
        )
        for each in range(PARTS)
    ]
    if number % WAITING == 1:
        before = WaitNetwork(network=f"network_{number - 1}")
        flow.insert(0, Part(id=PartId("before"), body=before))
    name = NetworkName(f"network_{number}")
    main = Network(name=name, flow=tuple(flow))
    return Bundle(main=name, networks={name: main}, queues={"sap": SAP})


def month(networks: int) -> Situation:
    """Return the plan: every network once a day, spread over six hours."""
    bundles = [network(number) for number in range(networks)]
    starts = []
    for day in range(DAYS):
        for number, each in enumerate(bundles):
            at = BEGIN + timedelta(days=day, seconds=number * 21_600 // networks)
            key = f"plan|{each.main}|{at.date()}|{at:%H:%M}"
            starts.append(
                PlannedStart(
                    key=key, network=each.main, start=at, operating_day=at.date(), zone="UTC"
                )
            )
    return Situation(
        now=BEGIN,
        starts=tuple(starts),
        networks={each.main: Defined(bundle=each) for each in bundles},
        times=ExpectedTimes(),
        limits=((BEGIN, Limits(queues={"sap": SAP})),),
    )


def main() -> None:
    """Print how long a month takes; with ``--every`` also how long if every run is played."""
    asked = month(NETWORKS)
    begun, worked = perf_counter(), process_time()
    found = forecast(asked)
    took, work = perf_counter() - begun, process_time() - worked
    assert len(found.runs) == NETWORKS * DAYS, "every start is forecast"
    assert all(run.either.course.is_over for run in found.runs), "every run ends"
    line = f"a month of {NETWORKS:,} networks, {len(found.runs):,} runs, P50 and P90: {work:.1f} s"
    sys.stdout.write(f"{line} of a processor, {took:.1f} s in all (goal: {GOAL_SECONDS} s)\n")
    if "--every" in sys.argv[1:]:
        begun = perf_counter()
        forecast(asked, shares_courses=False)
        sys.stdout.write(f"the same with every run played: {perf_counter() - begun:.1f} s\n")


if __name__ == "__main__":
    main()
