"""A sample is chosen at random, and is the same for the same seed."""

from collections import Counter

from tests.mutation.sampling import SHARES, choice, in_random_order, shares

NAMES = [f"engine/a.py#{number}" for number in range(200)]


def test_the_same_seed_gives_the_same_order_and_another_seed_another_one() -> None:
    order = in_random_order(NAMES, 1)

    assert order == in_random_order(reversed(NAMES), 1)
    assert sorted(order) == sorted(NAMES)
    assert order != in_random_order(NAMES, 2)


def test_what_is_chosen_stays_chosen_when_other_names_come_and_go() -> None:
    before = in_random_order(NAMES, 1)[:50]

    after = in_random_order(NAMES[20:], 1)

    assert [name for name in before if name in NAMES[20:]] == after[: len(set(before) & set(after))]


def test_every_choice_is_made_about_equally_often() -> None:
    counts = Counter(choice(name, 1, 4) for name in NAMES)

    assert set(counts) == {0, 1, 2, 3}
    assert min(counts.values()) > 25


def test_three_hundred_mutants_are_shared_among_the_packages_of_the_core() -> None:
    assert shares(300, SHARES) == {"expressions": 60, "calendars": 60, "engine": 180}
    assert shares(300, ["engine"]) == {"engine": 180}
