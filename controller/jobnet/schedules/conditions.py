"""Holds what starts a network when something happens: an event, a file, an end, a signed request.

A condition is a tree of ``AllOf`` and ``AnyOf`` over sources. ``within`` bounds it to a part of the
operating day; ``once_per_day`` starts the network at most once in an operating day.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from jobnet.calendars import ClockTime
from jobnet.expressions import Expression


class WantedEnd(StrEnum):
    """Which end of a network counts."""

    NORMAL = "normal"  # class fine or WARNING
    ENDED = "ended"


class FileChange(StrEnum):
    """What has to happen to a file."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEnded:
    """A run of a network has ended."""

    network: str
    result: WantedEnd = WantedEnd.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class FileArrived:
    """A file of inventory hosts has come, changed or gone; ``path`` may be a pattern.

    ``inventory`` () means what ``ansible.cfg`` says; its paths are absolute.
    """

    hosts: str
    path: str
    inventory: tuple[str, ...] = ()
    event: FileChange = FileChange.CREATED
    settle: timedelta = timedelta(seconds=10)
    poll: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventArrived:
    """An event was sent whose data satisfies ``where``."""

    name: str
    where: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCalled:
    """A request came to ``/hooks/<path>``, signed with the secret of a credential."""

    path: str
    credential: str


Source = NetworkEnded | FileArrived | EventArrived | WebhookCalled


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One source; ``id`` is its place in the text, such as ``all.0``.

    ``request_as`` names the one param (type dict) that receives what came.
    """

    id: str
    source: Source
    request_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Everything in it has happened."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Something in it has happened."""

    conditions: tuple["Condition", ...]


Condition = Leaf | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCondition:
    """A condition and when it counts: from ``first`` to ``last`` of the operating day."""

    when: Condition
    first: ClockTime | None = None
    last: ClockTime | None = None
    once_per_day: bool = False


def leaves(condition: Condition) -> tuple[Leaf, ...]:
    """Return the sources of a condition in the order of the text."""
    if isinstance(condition, Leaf):
        return (condition,)
    return tuple(leaf for inner in condition.conditions for leaf in leaves(inner))
