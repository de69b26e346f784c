"""Puts a controller together from what the world offers.

Everything that has a thread is made here once, for the program and for tests alike; who offers the
world is ``bootstrap``'s business.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jobnet.ports.clock import Clock
from jobnet.ports.files import FileLooker
from jobnet.ports.jobs import JobRunner
from jobnet.ports.messages import Messenger
from jobnet.ports.pieces import RunPieces
from jobnet.ports.projects import Projects
from jobnet.ports.remains import Remains
from jobnet.ports.store import Store
from jobnet.ports.store.outputs import OutputStore
from jobnet.services.controller.admissions import Admissions
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.controller import Controller, Crew, Shift
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.events import Events
from jobnet.services.controller.job_keeper import JobKeeper
from jobnet.services.controller.job_reports import JobReports
from jobnet.services.controller.looks import Looks
from jobnet.services.controller.matchmaker import Matchmaker
from jobnet.services.controller.orders import Orders
from jobnet.services.controller.post import Post
from jobnet.services.controller.pump import Pump
from jobnet.services.controller.queues import Queues
from jobnet.services.controller.rebuilding import Rebuilding
from jobnet.services.controller.retention import Keeping, Retention
from jobnet.services.controller.settings import SettingsDesk
from jobnet.services.controller.starts import Starts
from jobnet.services.controller.timekeeper import Timekeeper
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.turns import Turns
from jobnet.services.controller.views.views import Views
from jobnet.services.controller.working import SWEEP_SECONDS, Health
from jobnet.services.play import Aside

JOBS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerWorld:
    """Everything that a controller needs from outside, by its port.

    ``home`` is the controller's folder, ``pieces`` are those of all runs. ``projects`` looks at
    what stands beside definitions. ``clock`` tells seconds, instants are the store's. ``zone`` is
    the name of the time zone of networks that name none. ``remains`` is what jobs leave behind,
    ``keeping`` says how long runs are kept.
    """

    store: Store
    outputs: OutputStore
    runner: JobRunner
    clock: Clock
    files: FileLooker
    messenger: Messenger
    pieces: RunPieces
    threads: Aside
    remains: Remains
    home: Path
    zone: str
    jobs_max: int = JOBS_MAX
    projects: Projects | None = None
    keeping: Keeping = field(default_factory=Keeping)
    sweep_seconds: float = SWEEP_SECONDS
    closing: tuple[Callable[[], None], ...] = field(default=())
    ending: tuple[Callable[[], None], ...] = field(default=())


def assemble(world: ControllerWorld) -> Controller:
    """Return a controller that is ready to be started."""
    store, bells, health = world.store, Bells(), Health()
    definitions = Definitions(store, bells=bells, projects=world.projects, home=world.home)
    trackers = Trackers(definitions)
    turns = Turns(store, trackers, bells)
    pump = Pump(store, turns.take, bells, health, forget=trackers.forget)
    reports = JobReports(store, world.outputs, bells, clock=world.clock, health=health)
    jobs = JobKeeper(store, world.runner, reports)
    doubt = ClockDoubt(wall_seconds=world.clock.wall_seconds, real_seconds=world.clock.real_seconds)
    timers = Timekeeper(store, bells, trackers, doubt)
    admissions = Admissions(store, definitions, bells, jobs_max=world.jobs_max)
    matchmaker = Matchmaker(store, trackers, bells)
    post = Post(
        store,
        definitions,
        trackers,
        bells,
        messenger=world.messenger,
        pieces=world.pieces,
        threads=world.threads,
    )
    looks = Looks(
        store,
        trackers,
        bells,
        clock=world.clock,
        files=world.files,
        runner=world.runner,
        pieces=world.pieces,
        threads=world.threads,
    )
    desk = SettingsDesk(store, bells)
    retention = Retention(store, world.outputs, world.remains, desk, world.keeping)
    crew = Crew(
        pump=pump,
        reports=reports,
        runner=world.runner,
        workers=(timers, jobs, admissions, matchmaker, post, looks, retention),
        recovering=(timers, jobs, post, looks, pump),
        closing=(looks.close, *world.closing),
        ending=world.ending,
        sweep_seconds=world.sweep_seconds,
    )
    return Controller(
        store=store,
        bells=bells,
        health=health,
        outputs=world.outputs,
        trackers=trackers,
        turns=turns,
        matchmaker=matchmaker,
        admissions=admissions,
        timekeeper=timers,
        definitions=definitions,
        starts=Starts(store, definitions, bells, zone=world.zone),
        orders=Orders(store, trackers, bells),
        queues=Queues(store, definitions, desk),
        events=Events(store, bells, zone=world.zone),
        views=Views(store=store, outputs=world.outputs, trackers=trackers),
        rebuilding=Rebuilding(store, trackers, bells),
        retention=retention,
        shift=Shift(crew=crew, bells=bells, health=health),
    )
