"""Puts together those who keep the plan, on the same compiled schedules and the same counts."""

from dataclasses import dataclass
from pathlib import Path

from jobnet.ports.store import Store
from jobnet.ports.warmth import Warmer
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.plan.firing import Firing, PlanCounts
from jobnet.services.controller.plan.keeper import PlanKeeper
from jobnet.services.controller.plan.plans import Plans
from jobnet.services.controller.plan.restored import Restored
from jobnet.services.controller.plan.schedules import ScheduleBook
from jobnet.services.controller.plan.warming import Warming
from jobnet.services.controller.starts import Starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """The worker that keeps the plan, who answers for it, and the schedules that both go by."""

    book: ScheduleBook
    keeper: PlanKeeper
    plans: Plans


def planning(
    store: Store,
    definitions: Definitions,
    bells: Bells,
    starts: Starts,
    doubt: ClockDoubt,
    *,
    zone: str,
    warmer: Warmer | None = None,
    restored: Path | None = None,
) -> Planning:
    """Return both; ``zone`` is that of networks and schedules that name none.

    ``restored`` is the file that a restore leaves, where there may be one.
    """
    book, counts = ScheduleBook(definitions, zone=zone), PlanCounts()
    keeper = PlanKeeper(
        store,
        bells,
        book,
        Firing(store, starts, counts),
        doubt,
        warming=None if warmer is None else Warming(store, definitions, warmer),
        counts=counts,
        restored=None if restored is None else Restored(path=restored),
    )
    plans = Plans(store, definitions, book, bells, zone=zone)
    return Planning(book=book, keeper=keeper, plans=plans)
