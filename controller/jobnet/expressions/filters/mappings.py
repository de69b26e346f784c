"""Filters that work on dictionaries."""

from collections.abc import Mapping

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import access
from jobnet.expressions.filters.sequences import folded
from jobnet.expressions.operators import contains, equal
from jobnet.expressions.values import (
    CELL,
    Undefined,
    Value,
    entries,
    hashable,
    is_mapping,
    items,
    kind,
    mapping,
    text,
    weigh,
)
from jobnet.expressions.work import Filter, Work

LIST_MERGES = ("replace", "keep", "append", "prepend", "append_rp", "prepend_rp")


def combine(
    work: Work,
    value: Value,
    *others: Value,
    recursive: Value = False,
    list_merge: Value = "replace",
) -> Value:
    """Return one dictionary made of several, the last ones counting most."""
    if list_merge not in LIST_MERGES:
        raise ExpressionFailed(f"list_merge is one of {', '.join(LIST_MERGES)}")
    terms: list[Value] = []
    for term in (value, *others):
        terms += items(work.meter, term) if isinstance(term, (list, tuple)) else [term]
    result: Value = {}
    for position, term in enumerate(terms):
        if not is_mapping(term):
            raise ExpressionFailed(f"combine takes dictionaries, not {kind(term)!r}")
        lower = mapping(work.meter, term)
        result = lower if position == 0 else _merged(
            work, mapping(work.meter, result), lower, bool(recursive), str(list_merge), 0
        )  # fmt: skip
    return result


def _merged(
    work: Work,
    low: Mapping[Value, Value],
    high: Mapping[Value, Value],
    recursive: bool,  # noqa: FBT001
    rule: str,
    depth: int,
) -> dict[Value, Value]:
    work.meter.descend(depth)
    work.meter.step(len(low) + len(high))
    work.meter.build(2 * CELL * (len(low) + len(high)))
    if not low or equal(work.meter, low, high):
        return dict(high)
    merged = dict(low)
    for key, new in high.items():
        old = low.get(key)
        if key in low and isinstance(old, Mapping) and isinstance(new, Mapping) and recursive:
            merged[key] = _merged(work, old, new, recursive, rule, depth + 1)
        elif key in low and isinstance(old, list) and isinstance(new, list):
            merged[key] = _merged_lists(work, old, new, rule)
        else:
            merged[key] = new
    return merged


def _merged_lists(work: Work, old: list[Value], new: list[Value], rule: str) -> list[Value]:
    work.meter.build(CELL * (len(old) + len(new)))
    match rule:
        case "keep":
            return old
        case "append":
            return old + new
        case "prepend":
            return new + old
        case "append_rp":
            return [entry for entry in old if not contains(work.meter, new, entry)] + new
        case "prepend_rp":
            return new + [entry for entry in old if not contains(work.meter, new, entry)]
    return new


def dict2items(
    work: Work, value: Value, key_name: Value = "key", value_name: Value = "value"
) -> Value:
    """Return a list of small dictionaries, each with a key and its value."""
    if not is_mapping(value):
        raise ExpressionFailed(f"dict2items needs a dictionary, not {kind(value)!r}")
    work.meter.build(5 * CELL * len(mapping(work.meter, value)))
    return [
        {hashable(work.meter, key_name): key, hashable(work.meter, value_name): entry}
        for key, entry in entries(work.meter, value)
    ]


def items2dict(
    work: Work, value: Value, key_name: Value = "key", value_name: Value = "value"
) -> Value:
    """Return one dictionary from a list of small ones."""
    if not isinstance(value, (list, tuple)):
        raise ExpressionFailed(f"items2dict needs a list, not {kind(value)!r}")
    result: dict[Value, Value] = {}
    for entry in items(work.meter, value):
        pair = mapping(work.meter, entry)
        if key_name not in pair or value_name not in pair:
            raise ExpressionFailed(
                f"items2dict needs {text(work.meter, key_name)!r} "
                f"and {text(work.meter, value_name)!r} in each dictionary of the list"
            )
        work.meter.build(2 * CELL)
        result[hashable(work.meter, pair[key_name])] = pair[value_name]
    return result


def dictsort(
    work: Work,
    value: Value,
    case_sensitive: Value = False,  # noqa: FBT002
    by: Value = "key",
    reverse: Value = False,  # noqa: FBT002
) -> Value:
    """Return the pairs of a dictionary in the order of their keys or values."""
    if by not in {"key", "value"}:
        raise ExpressionFailed("by is one of key, value")
    place = 0 if by == "key" else 1
    pairs = list(entries(work.meter, value))
    work.meter.build(3 * CELL * len(pairs))

    def key(pair: tuple[Value, Value]) -> Value:
        work.meter.step(1 + (weigh(work.meter, pair[place]) >> 10))
        return pair[place] if case_sensitive else folded(pair[place])

    return sorted(pairs, key=key, reverse=bool(reverse))  # type: ignore[arg-type]


def extract(work: Work, value: Value, container: Value, morekeys: Value = None) -> Value:
    """Return the member of ``container`` that the value names, then those of ``morekeys``."""
    found = access.item(work.meter, container, value)
    more = morekeys if isinstance(morekeys, list) else [] if morekeys is None else [morekeys]
    for key in more:
        work.meter.step()
        found = access.item(work.meter, found, key)
    return found


def pairs(work: Work, value: Value) -> Value:
    """Return the pairs of a dictionary."""
    found = list(entries(work.meter, value))
    work.meter.build(3 * CELL * len(found))
    return found


def attribute(_: Work, value: Value, name: Value) -> Value:
    """Return the member of a namespace, date or group that has this name."""
    if not isinstance(name, str) or name.startswith("_"):
        raise ExpressionFailed("attr takes a name that does not begin with an underscore")
    if isinstance(value, Mapping):
        return Undefined(name, (), "the attributes of a dictionary; write value['key']")
    return access.attribute(value, name)


FILTERS: dict[str, Filter] = {
    "attr": attribute,
    "combine": combine,
    "dict2items": dict2items,
    "dictsort": dictsort,
    "extract": extract,
    "items": pairs,
    "items2dict": items2dict,
}
