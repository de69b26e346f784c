"""Whatever a network is made of: a simulated night ends, or says what it waits for."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from jobnet.definition import Bundle, walk
from jobnet.engine import track
from jobnet.engine.states import has_ended
from jobnet.project.scenarios import Given
from jobnet.services.simulation import Night, Simulated, simulate

from tests.engine.generating import bundle_of
from tests.engine.test_properties import few
from tests.services.simulating import DAY, NOON

SEEDS = st.integers(0, 10**9)


def given_of(bundle: Bundle, random: Random) -> Given:
    """Let some parts fail, get lost, or take their time."""
    ids = [part.id for network in bundle.networks.values() for part in walk(network.flow)]
    return Given(
        fail={name: random.choice((1, 2, 7)) for name in ids if random.random() < 0.15},
        lose={name: None for name in ids if random.random() < 0.03},
        duration={
            name: timedelta(seconds=random.choice((0, 5, 900, 9000)))
            for name in ids
            if random.random() < 0.5
        },
    )


def any_night(seed: int) -> Night:
    bundle = bundle_of(seed)
    return Night(
        bundle=bundle,
        calendars={},
        operating_day=DAY,
        start=NOON,
        zone="UTC",
        params={name: param.default for name, param in bundle.network.params.items()},
        given=given_of(bundle, Random(seed)),  # noqa: S311 - a source of examples
    )


def is_over(simulated: Simulated) -> bool:
    assert simulated.tracker.run is not None
    return has_ended(simulated.tracker.run.state)


@few
@given(seed=SEEDS)
def test_a_night_ends_or_says_what_it_waits_for(seed: int) -> None:
    simulated = simulate(any_night(seed))

    assert is_over(simulated) != bool(simulated.endless)
    assert not any(said.startswith(("nothing", "the simulation")) for said in simulated.endless)


@few
@given(seed=SEEDS)
def test_the_same_night_is_the_same_again(seed: int) -> None:
    night = any_night(seed)

    assert simulate(night) == simulate(night)


@few
@given(seed=SEEDS)
def test_stretches_of_a_part_follow_each_other_and_stay_inside_the_night(seed: int) -> None:
    simulated = simulate(any_night(seed))

    last = {line.key: NOON for line in track(simulated.tracker)}
    for each in simulated.stretches:
        assert last.get(each.part, NOON) <= each.start < each.end <= simulated.now
        last[each.part] = each.end
