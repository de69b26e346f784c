"""Tells whether a definition is still the one that a run began with, and which parts it shares.

The digest is of what the text means: a comment or a moved line changes nothing. Notifications,
queues and ``warm`` are left out, since they decide nothing that a rerun could carry wrongly.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from itertools import pairwise
from typing import Any

from jobnet.definition import Bundle, Flow, flows_of
from jobnet.definition.positions import Position
from jobnet.engine.kinds import kind_of

_WITHOUT_MEANING = frozenset({"warm"})
Outline = Mapping[str, str]
"""By network and id of a part, in the order of the text: where it stands, and its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What a run keeps when it goes on with another definition; ``unfit`` says why it may not."""

    carried: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    unfit: tuple[str, ...]


def digest_of(bundle: Bundle) -> str:
    """Return the digest of what the networks and calendars of a bundle mean."""
    meaning = [bundle.main, _plain(bundle.networks), _plain(bundle.calendars)]
    return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()


def outline_of(bundle: Bundle) -> Outline:
    """Return every part of the bundle; an id stands once in a network."""
    return {
        f"{name}:{part}": place
        for name, network in sorted(bundle.networks.items())
        for part, place in _places(network.flow, "")
    }


def map_parts(before: Outline, after: Outline, begun: Iterable[str]) -> Mapped:
    """Return how the parts of two definitions belong together; ``begun`` are ids with facts.

    A part that something has happened to must stand where it stood, be of the same kind, and
    come after the same ones; a part that nothing has happened to may change as it likes.
    """
    begun = frozenset(begun)
    same = [key for key, place in before.items() if after.get(key) == place]
    unfit = [
        f"{key} is not there any more" if key not in after else f"{key} has another place or kind"
        for key, place in before.items()
        if _id_of(key) in begun and after.get(key) != place
    ]
    order = {key: number for number, key in enumerate(after)}
    has_run = [key for key in same if _id_of(key) in begun]
    unfit += [
        f"{later} now comes before {earlier}"
        for earlier, later in pairwise(has_run)
        if order[later] < order[earlier]
    ]
    return Mapped(
        carried=tuple(same),
        new=tuple(key for key in after if key not in before),
        gone=tuple(key for key in before if key not in after),
        unfit=tuple(unfit),
    )


def _id_of(key: str) -> str:
    return key.rpartition(":")[2]


def _places(flow: Flow, place: str) -> Iterator[tuple[str, str]]:
    for part in flow:
        yield str(part.id), f"{place} {kind_of(part.body)}".strip()
        for slot, inner in flows_of(part):
            yield from _places(inner, f"{part.id}/{slot}")


def _plain(value: object) -> object:
    """Return JSON that is the same in every process; a set has no order and gets one."""
    match value:
        case Position():
            return None
        case Enum():
            return [type(value).__name__, value.name]
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return [[_plain(key), _plain(item)] for key, item in value.items()]
        case tuple() | list():
            return [_plain(item) for item in value]
        case frozenset() | set():
            return sorted((_plain(item) for item in value), key=repr)
        case _:
            return _dataclass(value) if is_dataclass(value) else repr(value)


def _dataclass(value: Any) -> object:  # noqa: ANN401 - any dataclass of a definition
    names = [field.name for field in fields(value) if field.compare]
    kept = [name for name in names if name not in _WITHOUT_MEANING]
    return [type(value).__name__, {name: _plain(getattr(value, name)) for name in kept}]
