"""Plays many nights, each from a seed; one that breaks prints its seed, network and track.

``make sim SEEDS=100000`` plays as many as one likes, ``FIRST_SEED`` says from where on.
"""

import os

import pytest

from tests.engine.generating import bundle_of
from tests.simulation.night import Chaos, Night

SEEDS = int(os.environ.get("SEEDS", "300"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "0"))
GROUPS = 10
BROKE_ONCE = (921_000, 921_844)


@pytest.mark.timeout(max(300, SEEDS))
@pytest.mark.parametrize("group", range(GROUPS))
def test_every_night_ends_and_nothing_breaks(group: int) -> None:
    seeds = range(FIRST_SEED + group, FIRST_SEED + SEEDS, GROUPS)

    for seed in seeds:
        play_night(seed)


@pytest.mark.parametrize("seed", BROKE_ONCE)
def test_a_night_that_broke_once_does_not_break_again(seed: int) -> None:
    play_night(seed)


def play_night(seed: int) -> None:
    night = Night(bundle_of(seed), seed, Chaos())
    try:
        night.play()
    except Exception as error:
        hint = f"FIRST_SEED={seed} SEEDS=1 make sim plays it alone"
        raise AssertionError(f"seed {seed}: {hint}\n\n{night.report()}") from error
