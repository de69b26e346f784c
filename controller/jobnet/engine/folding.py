"""Folds the ends of parts and flows into what counts of their container.

The class of a container is the worst of its unhandled ends; its exit code is that of the
first part, in flow order, with this class.
"""

from dataclasses import dataclass

from jobnet.engine.states import EndClass
from jobnet.ids import PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What counts so far: nothing (None), or a class with the exit code that goes with it.

    ``order`` is the place of the flow or part that it came from.
    """

    end_class: EndClass | None = None
    exit_code: int | None = None
    culprit: PartKey | None = None
    order: int = -1


def worse(one: Count, other: Count) -> Count:
    """Return the count that stands for both: the worse, and of equals the earlier.

    >>> worse(Count(end_class=EndClass.FINE, order=0), Count(end_class=EndClass.WARNING, order=1))
    Count(end_class=<EndClass.WARNING: 1>, exit_code=None, culprit=None, order=1)
    """
    if other.end_class is None:
        return one
    if one.end_class is None or other.end_class > one.end_class:
        return other
    if other.end_class == one.end_class and other.order < one.order:
        return other
    return one
