"""Puts together what starts networks when something happens."""

from dataclasses import dataclass

from jobnet.ports.clock import Clock
from jobnet.ports.files import FileFinder
from jobnet.ports.jobs import JobRunner
from jobnet.ports.pieces import RunPieces
from jobnet.ports.store import SignalKind, Store
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.starts import Starts
from jobnet.services.controller.triggers.book import TriggerBook
from jobnet.services.controller.triggers.hooks import Hooks
from jobnet.services.controller.triggers.places import Places
from jobnet.services.controller.triggers.starting import Starting
from jobnet.services.controller.triggers.triggers import Triggers
from jobnet.services.controller.triggers.watch import Watch
from jobnet.services.play import Aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What is needed to look at files of this machine and of hosts."""

    finder: FileFinder | None
    runner: JobRunner
    pieces: RunPieces
    threads: Aside
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggering:
    """The worker, and who takes requests for it."""

    triggers: Triggers
    hooks: Hooks


def triggering(
    store: Store,
    definitions: Definitions,
    bells: Bells,
    starts: Starts,
    doubt: ClockDoubt,
    looking: Looking,
    *,
    zone: str,
) -> Triggering:
    """Return both; ``zone`` is that of networks that name none."""
    book = TriggerBook(definitions, zone=zone)
    watch = Watch(
        finder=looking.finder,
        runner=looking.runner,
        pieces=looking.pieces,
        threads=looking.threads,
        heard=lambda: bells.ring((SignalKind.TRIGGER,)),
        first_group=int(looking.clock.wall_seconds() * 1000),
    )
    triggers = Triggers(
        store,
        book,
        Starting(store, starts),
        watch,
        Places(definitions),
        is_doubted=lambda: doubt.seconds is not None,
    )
    return Triggering(triggers=triggers, hooks=Hooks(store, book, bells))
