"""Filters that compare two lists as sets.

Ansible's results come in no particular order; here the first list's order is kept, so that
equal input gives equal output.
"""

from collections.abc import Callable

from jobnet.expressions.filters.sequences import distinct
from jobnet.expressions.operators import contains
from jobnet.expressions.values import Value, items, weigh
from jobnet.expressions.work import Filter, Work

Has = Callable[[Value], bool]


def _has(work: Work, entries: list[Value]) -> Has:
    """Return the question whether a list has an item, cheap if its items can be hashed."""
    weigh(work.meter, entries)
    try:
        lookup = frozenset(entries)
    except TypeError:
        return lambda entry: contains(work.meter, entries, entry)

    def has(entry: Value) -> bool:
        weigh(work.meter, entry)
        try:
            return entry in lookup
        except TypeError:
            return contains(work.meter, entries, entry)

    return has


def _each_once(work: Work, entries: list[Value]) -> list[Value]:
    weigh(work.meter, entries)
    try:
        return list(dict.fromkeys(entries))
    except TypeError:
        return distinct(work, entries)


def _lists(work: Work, value: Value, other: Value) -> tuple[list[Value], list[Value]]:
    return items(work.meter, value), items(work.meter, other)


def union(work: Work, value: Value, other: Value) -> Value:
    """Return what is in either list."""
    left, right = _lists(work, value, other)
    return _each_once(work, left + right)


def intersect(work: Work, value: Value, other: Value) -> Value:
    """Return what is in both lists."""
    left, right = _lists(work, value, other)
    has = _has(work, right)
    return _each_once(work, [entry for entry in left if has(entry)])


def difference(work: Work, value: Value, other: Value) -> Value:
    """Return what is in the first list and not in the second."""
    left, right = _lists(work, value, other)
    has = _has(work, right)
    return _each_once(work, [entry for entry in left if not has(entry)])


def symmetric_difference(work: Work, value: Value, other: Value) -> Value:
    """Return what is in one of the lists only."""
    left, right = _lists(work, value, other)
    in_left, in_right = _has(work, left), _has(work, right)
    one_sided = [entry for entry in left if not in_right(entry)]
    one_sided += [entry for entry in right if not in_left(entry)]
    return _each_once(work, one_sided)


FILTERS: dict[str, Filter] = {
    "difference": difference,
    "intersect": intersect,
    "symmetric_difference": symmetric_difference,
    "union": union,
}
