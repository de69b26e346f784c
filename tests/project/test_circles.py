"""Two steps have one number exactly if each can be reached from the other."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from jobnet.project.circles import circle_numbers

STEPS = range(7)
GRAPHS = st.fixed_dictionaries(
    {step: st.lists(st.sampled_from(STEPS), max_size=4) for step in STEPS}
)


def reached(graph: Mapping[int, list[int]], first: int) -> set[int]:
    found, waiting = {first}, [first]
    while waiting:
        new = set(graph[waiting.pop()]) - found
        found |= new
        waiting += new
    return found


@given(graph=GRAPHS)
def test_numbers_are_equal_exactly_for_steps_of_one_circle(graph: dict[int, list[int]]) -> None:
    numbers = circle_numbers(STEPS, graph.__getitem__)

    for one in STEPS:
        for other in STEPS:
            both = other in reached(graph, one) and one in reached(graph, other)
            assert (numbers[one] == numbers[other]) == both


def test_a_long_chain_is_walked_without_recursion() -> None:
    numbers = circle_numbers([0], lambda step: [(step + 1) % 50_000])

    assert set(numbers.values()) == {0}
