"""Decides which starts of different schedules are one and the same.

The same network, operating day, instant and params start once, whichever schedules say so.
Different params stay two runs: two customers at 05:00 are two runs.
"""

import json
from collections.abc import Iterable, Mapping

from jobnet.schedules.occurrence import Occurrence
from jobnet.schedules.planning import merge_starts, order_of

WithParams = tuple[Occurrence, Mapping[str, object]]


def merge(occurrences: Iterable[WithParams]) -> tuple[WithParams, ...]:
    """Return all of them, where the first by key stands for the others that are the same start.

    The others end ``MERGED``. They come in the order of operating day, instant and key.
    """
    by_params: dict[str, tuple[Mapping[str, object], list[Occurrence]]] = {}
    for occurrence, params in occurrences:
        _, group = by_params.setdefault(_canonical(params), (params, []))
        group.append(occurrence)
    merged = [(one, params) for params, group in by_params.values() for one in merge_starts(group)]
    merged.sort(key=lambda pair: (*order_of(pair[0]), pair[0].key))
    return tuple(merged)


def _canonical(params: Mapping[str, object]) -> str:
    """Return params as text, equal for equal ones whatever their order."""
    return json.dumps(params, sort_keys=True, default=repr)
