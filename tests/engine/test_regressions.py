"""Examples that the simulation or a property found, made small; each was a bug once."""

import pytest
from jobnet.engine import commands as c
from jobnet.engine import open_commands
from jobnet.engine import orders as o
from jobnet.engine.facts import IterationStarted, PartStarted, TimerArmed
from jobnet.engine.layout import address_of
from jobnet.engine.states import State
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey

from tests.engine.building import any_of, block, branch, job, loop, network, parallel, pause
from tests.engine.playing import play
from tests.engine.scripting import NEVER, Does, takes

LOAD, REPORT = PartKey("load"), PartKey("report")


def rerun(start: o.RerunFrom, *parts: str, held: bool = False) -> o.Rerun:
    return o.Rerun(start=start, parts=tuple(map(PartKey, parts)), held=held)


def test_a_late_answer_for_a_part_whose_flow_is_gone_is_only_noted() -> None:
    night = network(
        job("first"),
        branch("judge", ("true", (job("load", on_error="continue"), loop("again", "first")))),
    )

    played = play(night, {"load": [NEVER, takes(5)]}, orders_at={3: [o.ForceEnd(part=LOAD)]})

    assert all(record.started or record.flow for record in played.tracker.parts.values())


def test_a_rerun_does_not_overtake_what_is_active() -> None:
    night = network(job("load"), job("report"))

    with pytest.raises(OrderRefused, match="still active: load"):
        play(
            night,
            {"load": takes(60)},
            orders_at={3: [rerun(o.RerunFrom.PART, "report")]},
        )


def test_only_one_part_is_not_run_again_under_a_later_active_one() -> None:
    night = network(job("load"), job("report"))

    with pytest.raises(OrderRefused, match="still active: report"):
        play(
            night,
            {"report": takes(60)},
            orders_at={3: [rerun(o.RerunFrom.ONLY, "load")]},
        )


def test_a_rerun_holds_also_parts_that_have_never_run() -> None:
    night = network(job("load"), job("report"))

    played = play(
        night,
        {"load": 1},
        orders_at={3: [rerun(o.RerunFrom.AFTER_FAILED, held=True)]},
    )

    report = played.tracker.parts.get(REPORT)
    assert report is not None
    assert report.state is State.HELD


def test_always_runs_again_after_a_rerun_inside_its_block() -> None:
    night = network(block("main", job("load"), always=(job("tidy"),)))

    played = play(
        night,
        {"load": [1, 0]},
        orders_at={3: [rerun(o.RerunFrom.FAILED)]},
    )

    tidy = played.tracker.parts.get(PartKey("tidy"))
    assert tidy is not None
    assert tidy.attempt == 2


def test_failed_parts_in_a_block_and_its_always_are_run_again_together() -> None:
    night = network(block("main", job("load"), always=(job("tidy"),)))

    played = play(
        night,
        {"load": [1, 0], "tidy": [1, 0]},
        orders_at={3: [rerun(o.RerunFrom.FAILED)]},
    )

    assert played.tracker.run is not None
    assert played.tracker.run.state is State.NORMAL


def test_a_rerun_after_the_failed_parts_reaches_the_last_part_of_a_branch() -> None:
    night = network(parallel("both", (job("load"), job("report")), (job("mail"),)))

    played = play(
        night,
        {"load": 1, "mail": 1},
        orders_at={3: [rerun(o.RerunFrom.AFTER_FAILED)]},
    )

    assert played.tracker.run is not None
    assert played.tracker.run.state is State.WARNING


def test_a_rerun_of_only_one_part_leaves_its_followers_as_they_ended() -> None:
    night = network(job("load"), job("report"))

    played = play(
        night,
        {"load": [0, 1]},
        orders_at={3: [rerun(o.RerunFrom.ONLY, "load")]},
    )

    report = played.tracker.parts.get(REPORT)
    assert report is not None
    assert (report.state, report.attempt) == (State.NORMAL, 1)
    flow = played.tracker.flows.get("/flow")
    assert flow is not None
    assert flow.stopped_at is None


def test_parts_that_a_rerun_passes_over_arm_no_timers() -> None:
    night = network(block("main", job("load"), always=(job("tidy", late_end="23:00"),)))

    played = play(night, orders_at={3: [rerun(o.RerunFrom.ONLY, "load")]})

    armed = [fact for fact in played.facts if isinstance(fact, TimerArmed)]
    assert len(armed) == 1
    assert not any(record.timers for record in played.tracker.parts.values())


def test_parts_before_the_start_of_a_rerun_that_never_ran_are_not_run() -> None:
    night = network(job("load"), job("check"), job("report"))

    played = play(
        night,
        {"load": 1},
        orders_at={3: [rerun(o.RerunFrom.PART, "report")]},
    )

    assert played.states["check"] == "not_run"
    assert played.states["report"] == "normal"


def test_a_loop_waits_for_a_job_that_was_given_up_and_still_runs() -> None:
    night = network(job("load", on_error="continue", on_lost="abnormal"), loop("again", "load"))

    played = play(night, {"load": NEVER}, orders_at={3: [o.ForceEnd(part=LOAD)]})

    load = played.tracker.parts.get(LOAD)
    assert load is not None
    assert load.attempt == 1
    assert load.is_live


def test_a_shell_that_begins_anew_is_told_of_starts_and_kills_under_way() -> None:
    night = network(job("load"))

    played = play(
        night,
        {"load": Does(answers=False, dies=False)},
        orders_at={3: [o.Kill(part=LOAD)]},
        stop_at=4,
    )

    kinds = {type(command) for command in open_commands(played.tracker)}
    assert c.KillJob in kinds


@pytest.mark.parametrize("key", ["].", "[", "x[", "a]..b", "", "/flow", "load[ann].load"])
def test_a_strange_key_names_no_part(key: str) -> None:
    played = play(network(job("load")))

    assert address_of(played.tracker.layout, PartKey(key)) is None


def test_a_loop_that_is_skipped_while_it_waits_for_losers_starts_nothing_twice() -> None:
    night = network(
        any_of("first", job("quick"), job("slow")), loop("again", "first"), job("report")
    )

    played = play(
        night,
        {"slow": takes(60), "report": takes(100)},
        orders_at={20: [o.Skip(part=PartKey("again"))]},
    )

    starts = [fact for fact in played.facts if isinstance(fact, PartStarted)]
    assert [fact.part for fact in starts] == ["quick", "slow", "report"]
    assert played.tracker.parked == ()


def test_two_loops_whose_ranges_overlap_are_bounded_together() -> None:
    inner = block(
        "inner",
        pause("wait", 1),
        loop("outward", "start", max_times=1),
        loop("inward", "wait", max_times=1),
    )
    night = network(pause("start", 1), inner, job("report"))

    played = play(night)

    assert played.run == "normal"
    jumps = [fact.part for fact in played.facts if isinstance(fact, IterationStarted)]
    assert jumps == ["outward", "inward", "outward"]


def test_an_always_is_not_run_again_while_its_block_is() -> None:
    night = network(block("main", job("load"), always=(job("tidy"),)))

    with pytest.raises(OrderRefused, match=r"still active: main \(flow\)"):
        play(
            night,
            {"load": [1, takes(60)], "tidy": [1, 0]},
            orders_at={
                10: [rerun(o.RerunFrom.ONLY, "load")],
                20: [rerun(o.RerunFrom.PART, "tidy")],
            },
        )
