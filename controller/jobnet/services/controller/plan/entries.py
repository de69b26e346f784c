"""Says how the plan is asked for and shown: one entry a start, whether it is a row yet or not.

An entry of the near plan or of the past comes from a row. One that lies further ahead has been
worked out for whoever asks; its state is ``planned``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from jobnet.ids import NetworkName, RunId
from jobnet.ports.store.plan import PlanChange
from jobnet.schedules import OccurrenceKey

PLANNED: Final = "planned"
"""The state of an entry that has no row yet; those with a row have its ``PlanState``."""

PAGE_ENTRIES_MAX: Final = 1_000
SPAN_MAX: Final = timedelta(days=800)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWish:
    """What somebody wants to see: starts from ``first`` to before ``last``.

    ``states`` are those of ``PlanEntry``, () for all. ``after`` is the ``next`` of the page before.
    """

    first: datetime
    last: datetime
    network: NetworkName | None = None
    schedule: str | None = None
    states: frozenset[str] = frozenset()
    after: str = ""
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """One start. ``start`` is where it stands, ``nominal_start`` where the rule put it.

    ``steps`` are the sentences of why; ``merged`` is how many other starts it stands for.
    ``is_fixed``: it has a row, so it is fired as it stands. ``repeat_after``: its network starts
    again so long after the end of its run, for the last time at ``repeat_until``.
    """

    key: OccurrenceKey
    start: datetime
    nominal_start: datetime
    state: str
    zone: str
    params: Mapping[str, object] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    merged: int = 0
    run: RunId | None = None
    detail: str = ""
    is_fixed: bool = False
    changes: tuple[PlanChange, ...] = ()
    repeat_after: timedelta | None = None
    repeat_until: datetime | None = None

    @property
    def network(self) -> NetworkName:
        """Return the network that it starts."""
        return NetworkName(self.key.network)

    @property
    def operating_day(self) -> date:
        """Return its operating day, which a move does not change."""
        return self.key.operating_day


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """Entries by start and key; ``next`` is "" on the last page.

    ``lost`` are changes whose start the rules do not give any more; ``problems`` say what could
    not be worked out, such as a calendar that ends.
    """

    entries: tuple[PlanEntry, ...]
    next: str = ""
    lost: tuple[PlanChange, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedEntry:
    """A start that the rules put elsewhere: the same key, another instant."""

    key: OccurrenceKey
    before: datetime
    after: datetime
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDiff:
    """How the plan would differ if something were applied, over ``first`` to before ``last``.

    Today is told twice: ``would_start_now`` are starts of today that are added and still come,
    ``already_passed`` those whose time has passed: nothing of these runs unasked. ``is_cut``:
    there is more than could be told.
    """

    first: datetime
    last: datetime
    added: tuple[PlanEntry, ...] = ()
    removed: tuple[PlanEntry, ...] = ()
    moved: tuple[MovedEntry, ...] = ()
    would_start_now: tuple[PlanEntry, ...] = ()
    already_passed: tuple[PlanEntry, ...] = ()
    problems: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nothing would change."""
        return not (self.added or self.removed or self.moved)
