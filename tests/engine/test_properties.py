"""What must hold for every network, whatever happens: hypothesis draws both, and shrinks them.

``Watch`` (see ``tests/simulation/watching.py``) looks at every fact and raises ``Broken``; the
properties that need a night of their own stand here, each under its own sentence.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jobnet.definition import Bundle
from jobnet.engine import begin, evolve, step, track
from jobnet.engine import facts as f
from jobnet.engine import inputs as i
from jobnet.engine import orders as o
from jobnet.engine.states import State, has_ended
from jobnet.errors.engine import OrderRefused
from jobnet.ids import OperatorName, PartKey

from tests.engine.generating import bundles
from tests.simulation.night import CALM, Chaos, Night

SHRINKS = [Phase.shrink] if os.environ.get("SHRINK") else []  # takes minutes

few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *SHRINKS],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
seeds = st.integers(0, 1_000_000)


def night(bundle: Bundle, seed: int, chaos: Chaos) -> Night:
    played = Night(bundle, seed, chaos)
    try:
        played.play()
    except Exception as error:
        raise AssertionError(played.report()) from error
    return played


@few
@given(bundle=bundles, seed=seeds)
def test_every_calm_run_ends_with_all_its_parts(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, CALM)

    assert played.tracker.run is not None
    assert has_ended(played.tracker.run.state)
    assert all(has_ended(line.state) for line in track(played.tracker))


@few
@given(bundle=bundles, seed=seeds)
def test_every_run_ends_whatever_operators_order(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos(orders=20, deaths=0, jumps=0))

    assert played.tracker.run is not None
    assert has_ended(played.tracker.run.state)


@few
@given(bundle=bundles, seed=seeds)
def test_every_run_survives_deaths_of_its_controller(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos(orders=0, deaths=30, jumps=0))

    assert played.tracker.run is not None
    assert has_ended(played.tracker.run.state)


@few
@given(bundle=bundles, seed=seeds)
def test_every_run_survives_jumps_of_the_clock(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos(orders=0, deaths=0, jumps=30))

    instants = [fact.at for fact in played.journal]
    assert instants == sorted(instants)


@few
@given(bundle=bundles, seed=seeds)
def test_replay_gives_the_same_tracker_at_every_prefix(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos())
    tracker = begin(bundle, {})

    for position, fact in enumerate(played.journal, start=1):
        tracker = evolve(tracker, fact)
        assert tracker.facts == position

    assert tracker == played.tracker


@few
@given(bundle=bundles, seed=seeds)
def test_the_same_seed_gives_the_same_facts(bundle: Bundle, seed: int) -> None:
    one = night(bundle, seed, Chaos())

    other = night(bundle, seed, Chaos())

    assert one.journal == other.journal


@few
@given(bundle=bundles, seed=seeds)
def test_no_part_is_both_not_run_and_started_in_one_round(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos(reruns_max=0))
    started = {fact.part for fact in played.journal if isinstance(fact, f.PartStarted)}

    for line in track(played.tracker):
        fresh = line.record is None or line.record.iteration == 1
        if line.state is State.NOT_RUN and fresh and not _was_rerun(played):
            assert line.key not in started


def _was_rerun(played: Night) -> bool:
    return any(isinstance(fact, f.RunReopened) for fact in played.journal)


@few
@given(bundle=bundles, seed=seeds)
def test_no_timer_outlives_its_run(bundle: Bundle, seed: int) -> None:
    tracker = night(bundle, seed, Chaos()).tracker

    assert tracker.run is not None
    assert tracker.run.timers == ()
    assert [record.key for record in tracker.parts.values() if record.timers] == []


@few
@given(bundle=bundles, seed=seeds)
def test_counters_are_zero_when_all_is_over(bundle: Bundle, seed: int) -> None:
    tracker = night(bundle, seed, Chaos()).tracker

    assert tracker.run is not None
    assert tracker.run.lingering == 0
    counts = [(record.open_flows, record.lingering) for record in tracker.parts.values()]
    assert set(counts) <= {(0, 0)}


@few
@given(bundle=bundles, seed=seeds)
def test_slots_are_held_by_those_who_run_and_by_nobody_else(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos())

    live = {(r.key, r.attempt) for r in played.tracker.parts.values() if r.is_live}
    assert played.world.asking == {}
    assert set(played.world.holding) <= live


@few
@given(bundle=bundles, seed=seeds)
def test_an_ended_run_refuses_what_only_a_running_one_can_do(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, CALM)
    given_order = i.OrderGiven(order=o.Kill(), by=OperatorName("ann"), key="late")

    with pytest.raises(OrderRefused):
        step(played.tracker, given_order, played.world.wall)


@few
@given(bundle=bundles, seed=seeds, key=st.text(alphabet="ab[].#/\u00e9 ", max_size=8))
def test_an_order_for_an_unknown_part_is_refused(bundle: Bundle, seed: int, key: str) -> None:
    played = night(bundle, seed, CALM)
    order = i.OrderGiven(order=o.Hold(part=PartKey(key)), by=OperatorName("ann"), key="strange")

    with pytest.raises(OrderRefused):
        step(played.tracker, order, played.world.wall)


@few
@given(bundle=bundles, seed=seeds)
def test_the_same_order_twice_is_carried_out_once(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos(orders=20, deaths=0, jumps=0))
    taken = [fact.key for fact in played.journal if isinstance(fact, f.OrderTaken)]

    assert len(taken) == len(set(taken))


@few
@given(bundle=bundles, seed=seeds)
def test_every_timer_may_fire_again_without_effect(bundle: Bundle, seed: int) -> None:
    played = night(bundle, seed, Chaos())
    armed = [fact.armed for fact in played.journal if isinstance(fact, f.TimerArmed)]
    later = played.world.wall + timedelta(days=1)

    for each in armed:
        fired = i.TimerFired(timer=each.timer, due=each.due)
        assert step(played.tracker, fired, later).facts == ()
