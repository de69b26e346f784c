"""Finds the circles of a graph in one walk, however large it is (Tarjan's algorithm)."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Step = TypeVar("Step", bound=Hashable)


def circle_numbers(
    steps: Iterable[Step], following: Callable[[Step], Iterable[Step]]
) -> dict[Step, int]:
    """Return a number for each step that can be reached; those of one circle have the same.

    >>> numbers = circle_numbers("abc", {"a": "b", "b": "a", "c": "a"}.__getitem__)
    >>> numbers["a"] == numbers["b"], numbers["a"] == numbers["c"]
    (True, False)
    """
    met: dict[Step, int] = {}
    lowest: dict[Step, int] = {}
    number: dict[Step, int] = {}
    open_steps: list[Step] = []
    for first in steps:
        path: list[tuple[Step, Iterator[Step]]] = []
        pending = None if first in met else first
        while pending is not None or path:
            if pending is not None:
                met[pending] = lowest[pending] = len(met)
                open_steps.append(pending)
                path.append((pending, iter(following(pending))))
            step, left = path[-1]
            pending = None
            for one in left:
                if one not in met:
                    pending = one
                    break
                if one not in number:
                    lowest[step] = min(lowest[step], met[one])
            if pending is None:
                path.pop()
                _close(step, met, lowest, number, open_steps)
                if path:
                    around = path[-1][0]
                    lowest[around] = min(lowest[around], lowest[step])
    return number


def _close(
    step: Step,
    met: dict[Step, int],
    lowest: dict[Step, int],
    number: dict[Step, int],
    open_steps: list[Step],
) -> None:
    """Give a number to the circle that a step began, once all behind it has been walked."""
    if lowest[step] != met[step]:
        return
    while step not in number:
        number[open_steps.pop()] = met[step]
