"""Rule 13: very long flows stay within the bound of facts in one step, with deadlines too."""

import json

import pytest
from jobnet.definition import Network, Part
from jobnet.engine import begin, step
from jobnet.engine.bounds import FACTS_PER_STEP_MAX, JOURNAL_ENTRY_MAX_BYTES
from jobnet.engine.commands import ArmTimer, DropTimer
from jobnet.engine.facts import Fact, TimersArmed, TimersDropped
from jobnet.engine.inputs import GoOn, Input, OrderGiven, StartRun
from jobnet.engine.orders import Kill, Rerun, RerunFrom
from jobnet.ids import OperatorName, RunId
from jobnet.services.journal import fact_from_line, fact_to_line

from tests.engine.building import DAY, NOON, bundle, for_each, job, loop, network, parallel, pause
from tests.engine.playing import play
from tests.engine.scripting import Script

MANY = 2_500
START = StartRun(
    run=RunId("r"), by=OperatorName("b"), operating_day=DAY, planned_start=NOON, zone="UTC"
)


def watched(number: int, **words: str) -> Part:
    """A job with all deadlines that are counted from the operating day."""
    return job(f"j{number}", end_by="23:00", late_start="22:00", late_end="22:30", **words)


def steps_of(main: Network, *inputs: Input) -> list[tuple[Fact, ...]]:
    """The facts of each step."""
    tracker, steps = begin(bundle(main), {}), []
    for given in inputs:
        each: Input = given
        while True:
            decision = step(tracker, each, NOON)
            tracker = decision.tracker
            steps.append(decision.facts)
            if decision.is_complete:
                break
            each = GoOn()
    return steps


def killed() -> OrderGiven:
    return OrderGiven(order=Kill(), by=OperatorName("ann"), key="k")


FLOWS = {
    "a flow": network(*[watched(number) for number in range(MANY)]),
    "branches": network(parallel("p", *[watched(number) for number in range(MANY)])),
    "items": network(for_each("f", list(range(MANY)), watched(0))),
    "waits": network(parallel("p", *[pause(f"x{number}", 9) for number in range(MANY)])),
}


@pytest.mark.parametrize("shape", FLOWS)
def test_no_step_goes_over_the_bound_and_no_entry_over_its_size(shape: str) -> None:
    steps = steps_of(FLOWS[shape], START, killed())

    assert max(len(facts) for facts in steps) <= FACTS_PER_STEP_MAX + 20
    for facts in steps:
        for fact in facts:
            assert len(fact_to_line(fact, position=1)) <= JOURNAL_ENTRY_MAX_BYTES


def test_a_flow_that_stops_drops_all_deadlines_behind_it_in_few_facts() -> None:
    main = network(job("first"), *[watched(number) for number in range(MANY)])

    played = play(main, {"first": 1})

    armed = sum(isinstance(each, ArmTimer) for each in played.commands)
    dropped = sum(isinstance(each, DropTimer) for each in played.commands)
    assert len(played.facts) < 100
    assert armed == dropped == 3 * MANY
    assert not any(record.timers for record in played.tracker.parts.values())


def test_a_loop_and_a_rerun_arm_the_deadlines_of_many_parts_in_few_facts() -> None:
    script: Script = {}
    flow = [watched(number) for number in range(60)]
    main = network(*flow, loop("l", "j0", max_times=1))

    played = play(main, script, orders_at={60: [Rerun(start=RerunFrom.WHOLE)]})

    assert len(played.of(TimersArmed)) == 4
    assert played.of(TimersDropped) == []
    assert played.run == "normal"


def test_facts_about_many_timers_survive_the_journal() -> None:
    (facts,) = steps_of(network(*[watched(number) for number in range(3)]), START)
    (armed,) = [fact for fact in facts if isinstance(fact, TimersArmed)]
    dropped = TimersDropped(at=NOON, timers=tuple(each.timer for each in armed.armed))

    lines = [fact_to_line(fact, position=1) for fact in (armed, dropped)]

    assert [fact_from_line(line, position=1) for line in lines] == [armed, dropped]
    assert json.loads(lines[0])["kind"] == "TimersArmed"
