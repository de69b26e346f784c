"""Chooses which items of a for-each are drawn, and counts the others.

A picture of three hundred customers side by side serves nobody: what went wrong or is at work comes
first, then the order of the list.
"""

from collections import Counter
from collections.abc import Sequence

from jobnet.engine.states import CLASS_OF_END, EndClass, State, has_ended
from jobnet.ids import PartId
from jobnet.pictures.looks import word_of
from jobnet.pictures.outline import Lane, Step, is_quiet, steps_in

ITEMS_SHOWN_MAX = 8


def choose_items(lanes: Sequence[Lane]) -> tuple[list[Lane], list[Lane]]:
    """Return the lanes to draw, in their order, and those to count."""
    if len(lanes) <= ITEMS_SHOWN_MAX:
        return list(lanes), []
    ranked = sorted(range(len(lanes)), key=lambda index: (_rank(lanes[index]), index))
    drawn = frozenset(ranked[:ITEMS_SHOWN_MAX])
    return (
        [lane for index, lane in enumerate(lanes) if index in drawn],
        [lane for index, lane in enumerate(lanes) if index not in drawn],
    )


def summary_of_items(lanes: Sequence[Lane], *, key: str) -> Step:
    """Return the step that stands for items that are not drawn."""
    counts = Counter(_state_of(lane) for lane in lanes)
    told = [f"{counts[state]} {word_of(state)}" for state in State if counts[state]]
    return Step(
        key=f"{key}[...]",
        id=PartId(""),
        name=f"{len(lanes)} more {'item' if len(lanes) == 1 else 'items'}",
        kind="for_each",
        says=", ".join(told),
        is_summary=True,
    )


def _rank(lane: Lane) -> int:
    states = _states(lane)
    if any(CLASS_OF_END.get(state) is EndClass.ABNORMAL for state in states):
        return 0
    if any(not has_ended(state) and not is_quiet(state) for state in states):
        return 1
    if any(CLASS_OF_END.get(state) is EndClass.WARNING for state in states):
        return 2
    return 4 if states and all(is_quiet(state) for state in states) else 3


def _state_of(lane: Lane) -> State:
    """Return one state for an item: the worst of its ends, else what it is doing."""
    states = _states(lane)
    if not states:
        return State.NORMAL
    return max(states, key=_weight)


def _weight(state: State) -> tuple[int, int]:
    end_class = CLASS_OF_END.get(state)
    if end_class is EndClass.ABNORMAL:
        return 4, 0
    if not has_ended(state) and not is_quiet(state):
        return 3, 0
    if end_class is EndClass.WARNING:
        return 2, 0
    return (0, 0) if is_quiet(state) else (1, 0)


def _states(lane: Lane) -> list[State]:
    return [step.state for step in steps_in(lane) if step.state is not None]
