"""Filters that order, cut and join lists."""

from collections.abc import Callable
from math import log2, prod

from jinja2 import filters as jinja

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import access, operators
from jobnet.expressions.values import CELL, Group, Undefined, Value, items, kind, weigh
from jobnet.expressions.work import Filter, Work


def members(work: Work, value: Value, attribute: Value = None) -> list[Value]:
    """Return the items of a list, or that attribute of each."""
    entries = items(work.meter, value)
    if attribute is None:
        return entries
    return [access.path(work.meter, entry, attribute) for entry in entries]


def folded(value: Value) -> Value:
    """Return a text in lower case, anything else as it is."""
    return value.lower() if isinstance(value, str) else value


def _key(work: Work, attribute: Value, case_sensitive: Value) -> Callable[[Value], Value]:
    """Return what gives the value that an item is compared by; its weight is paid for."""

    def key(entry: Value) -> Value:
        found = entry if attribute is None else access.path(work.meter, entry, attribute)
        work.meter.step(1 + (weigh(work.meter, found) >> 10))
        return found if case_sensitive else folded(found)

    return key


def length(work: Work, value: Value) -> int:
    """Return how many items, keys or characters there are."""
    return len(items(work.meter, value)) if not isinstance(value, str) else len(value)


def first(work: Work, value: Value) -> Value:
    """Return the first item, undefined if there is none."""
    entries = items(work.meter, value)
    return entries[0] if entries else Undefined("first item", (), "an empty list")


def last(work: Work, value: Value) -> Value:
    """Return the last item, undefined if there is none."""
    entries = items(work.meter, value)
    return entries[-1] if entries else Undefined("last item", (), "an empty list")


def _extreme(choose: Callable[..., Value]) -> Filter:
    def apply(
        work: Work,
        value: Value,
        case_sensitive: Value = False,  # noqa: FBT002
        attribute: Value = None,
    ) -> Value:
        entries = items(work.meter, value)
        if not entries:
            return Undefined("smallest or largest item", (), "an empty list")
        return choose(entries, key=_key(work, attribute, case_sensitive))

    return apply


def sort(
    work: Work,
    value: Value,
    reverse: Value = False,  # noqa: FBT002
    case_sensitive: Value = False,  # noqa: FBT002
    attribute: Value = None,
) -> Value:
    """Return the list in order; ``attribute`` may name several, separated by commas."""
    entries = items(work.meter, value)
    work.meter.step(int(len(entries) * log2(len(entries) + 1)))
    names = attribute.split(",") if isinstance(attribute, str) else [attribute]
    keys = [_key(work, name, case_sensitive) for name in names]
    return sorted(entries, key=lambda entry: [key(entry) for key in keys], reverse=bool(reverse))


def unique(
    work: Work,
    value: Value,
    case_sensitive: Value = None,
    attribute: Value = None,
) -> list[Value]:
    """Return each item once, the first of equal ones; by default case makes no difference."""
    key = _key(work, attribute, case_sensitive)
    entries = items(work.meter, value)
    seen: set[Value] = set()
    kept: list[Value] = []
    try:
        for entry in entries:
            mark = key(entry)
            if mark not in seen:
                seen.add(mark)
                kept.append(entry)
    except TypeError as error:
        if case_sensitive is False or attribute:
            raise ExpressionFailed("unique: lists and dictionaries have no case") from error
        return distinct(work, entries)
    return kept


def distinct(work: Work, entries: list[Value]) -> list[Value]:
    """Return each item once, comparing exactly; works for dictionaries and lists too."""
    weights = [weigh(work.meter, entry) for entry in entries]
    kept: list[Value] = []
    kept_weight = 0
    for entry, weight in zip(entries, weights, strict=True):
        work.meter.step((len(kept) >> 3) + ((kept_weight + weight * len(kept)) >> 10))
        if entry not in kept:
            kept.append(entry)
            kept_weight += weight
    return kept


def flatten(
    work: Work,
    value: Value,
    levels: Value = None,
    skip_nulls: Value = True,  # noqa: FBT002
) -> list[Value]:
    """Return a list without lists in it (or with ``levels`` fewer)."""
    depth = work.meter.budget.depth_max if levels is None else levels
    if not isinstance(depth, int):
        raise ExpressionFailed("levels is a whole number")
    return _flattened(work, value, depth, skip_nulls=bool(skip_nulls), depth=0)


def _flattened(
    work: Work, value: Value, levels: int, *, skip_nulls: bool, depth: int
) -> list[Value]:
    work.meter.descend(depth)
    flat: list[Value] = []
    for entry in items(work.meter, value):
        if skip_nulls and (entry is None or entry in ("None", "null")):
            continue
        if isinstance(entry, (list, tuple)) and levels >= 1:
            flat += _flattened(work, entry, levels - 1, skip_nulls=skip_nulls, depth=depth + 1)
        else:
            flat.append(entry)
    return flat


def total(work: Work, value: Value, attribute: Value = None, start: Value = 0) -> Value:
    """Return the sum of a list."""
    result = start
    for entry in members(work, value, attribute):
        result = operators.add(work.meter, result, entry)
    return result


def reverse(work: Work, value: Value) -> Value:
    """Return a text or list backwards."""
    entries = items(work.meter, value)
    return value[::-1] if isinstance(value, str) else entries[::-1]


def batch(work: Work, value: Value, linecount: int, fill_with: Value = None) -> Value:
    """Return lists of ``linecount`` items each."""
    _positive(linecount)
    if fill_with is not None:
        work.meter.build(CELL * linecount)
    return list(jinja.do_batch(items(work.meter, value), linecount, fill_with))


def slices(work: Work, value: Value, slices: int, fill_with: Value = None) -> Value:
    """Return the items in ``slices`` lists of about equal length."""
    _positive(slices)
    work.meter.step(slices)
    work.meter.build(8 * CELL * slices)
    return list(jinja.sync_do_slice(items(work.meter, value), slices, fill_with))


def zipped(work: Work, value: Value, *others: Value, strict: Value = False) -> Value:
    """Return tuples of the items that stand at the same place, as long as the shortest list."""
    lists = [items(work.meter, entry) for entry in (value, *others)]
    work.meter.build(2 * CELL * sum(map(len, lists)))
    return list(zip(*lists, strict=bool(strict)))


def zipped_longest(work: Work, value: Value, *others: Value, fillvalue: Value = None) -> Value:
    """Return tuples of the items that stand at the same place, as long as the longest list."""
    lists = [items(work.meter, entry) for entry in (value, *others)]
    longest = max(map(len, lists))
    work.meter.build(2 * CELL * longest * len(lists))
    filled = [entries + [fillvalue] * (longest - len(entries)) for entries in lists]
    return list(zip(*filled, strict=True))


def product(work: Work, value: Value, *others: Value) -> Value:
    """Return every combination of one item of each list."""
    from itertools import product as combine  # noqa: PLC0415 - the name is taken here

    lists = [items(work.meter, entry) for entry in (value, *others)]
    count = prod(map(len, lists))
    work.meter.step(count)
    work.meter.build(CELL * count * (len(lists) + 1))
    return list(combine(*lists))


def groupby(
    work: Work,
    value: Value,
    attribute: Value,
    default: Value = None,
    case_sensitive: Value = False,  # noqa: FBT002
) -> Value:
    """Return pairs of a value of the attribute and the list of items that have it."""
    marked: list[tuple[Value, Value]] = []
    for entry in items(work.meter, value):
        found = access.path(work.meter, entry, attribute)
        if isinstance(found, Undefined):
            if default is None:
                raise found.error()
            found = default
        marked.append((found, entry))
    work.meter.step(int(len(marked) * log2(len(marked) + 1)))
    key = _key(work, None, case_sensitive)
    marked.sort(key=lambda pair: key(pair[0]))  # type: ignore[arg-type, return-value]
    groups: list[Group] = []
    for found, entry in marked:
        if groups and key(groups[-1].grouper) == key(found):
            groups[-1].list.append(entry)  # type: ignore[attr-defined]
        else:
            groups.append(Group(found, [entry]))
    return groups


def _positive(count: Value) -> None:
    if not isinstance(count, int) or count < 1:
        raise ExpressionFailed(f"a whole number above 0 is needed, not {kind(count)!r}")


FILTERS: dict[str, Filter] = {
    "batch": batch,
    "count": length,
    "first": first,
    "flatten": flatten,
    "groupby": groupby,
    "last": last,
    "length": length,
    "list": lambda work, value: items(work.meter, value),
    "max": _extreme(max),
    "min": _extreme(min),
    "product": product,
    "reverse": reverse,
    "slice": slices,
    "sort": sort,
    "sum": total,
    "unique": unique,
    "zip": zipped,
    "zip_longest": zipped_longest,
}
