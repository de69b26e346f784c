"""Puts a controller together from what the world offers.

Everything that has a thread is made here once, for the program and for tests alike; who offers the
world is ``bootstrap``'s business.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jobnet.ports.artifacts import Artifacts
from jobnet.ports.clock import Clock
from jobnet.ports.files import FileFinder, FileLooker
from jobnet.ports.host_patterns import HostPatterns
from jobnet.ports.jobs import JobRunner
from jobnet.ports.messages import Messenger
from jobnet.ports.pieces import RunPieces
from jobnet.ports.projects import Projects
from jobnet.ports.remains import Remains
from jobnet.ports.server_place import ServerPlace
from jobnet.ports.store import Store
from jobnet.ports.store.outputs import OutputStore
from jobnet.ports.warmth import Warmer, Warmth
from jobnet.services.controller.admissions import Admissions
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.calendars import Calendars
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.controller import Controller, Crew, Shift
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.events import Events
from jobnet.services.controller.forecasting.controlled import ControllerSource
from jobnet.services.controller.job_keeper import JobKeeper
from jobnet.services.controller.job_reports import JobReports
from jobnet.services.controller.looks import Looks
from jobnet.services.controller.matchmaker import Matchmaker
from jobnet.services.controller.orders import Orders
from jobnet.services.controller.outlook import Outlook
from jobnet.services.controller.plan.assembly import Planning, planning
from jobnet.services.controller.post import Post
from jobnet.services.controller.pump import Pump
from jobnet.services.controller.queues import Queues
from jobnet.services.controller.rebuilding import Rebuilding
from jobnet.services.controller.retention import Keeping, Retention
from jobnet.services.controller.room import RoomKeeper
from jobnet.services.controller.schedules import Schedules
from jobnet.services.controller.settings import SettingsDesk
from jobnet.services.controller.starts import Starts
from jobnet.services.controller.tenure import Tenure
from jobnet.services.controller.timekeeper import Timekeeper
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.triggers.triggering import Looking, Triggering, triggering
from jobnet.services.controller.turns import Turns
from jobnet.services.controller.views.dependencies import Dependencies
from jobnet.services.controller.views.views import Views
from jobnet.services.controller.windows.book import WindowBook
from jobnet.services.controller.windows.gate import Gate
from jobnet.services.controller.windows.meetings import Meetings, line_again
from jobnet.services.controller.windows.silence import Silence
from jobnet.services.controller.windows.windows import Windows
from jobnet.services.controller.working import SWEEP_SECONDS, Health
from jobnet.services.forecast.forecasts import Forecasts
from jobnet.services.play import Aside

JOBS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerWorld:
    """Everything that a controller needs from outside, by its port.

    ``home`` is the controller's folder, ``pieces`` are those of all runs. ``projects`` looks at
    what stands beside definitions. ``clock`` tells seconds, instants are the store's. ``zone`` is
    the name of the time zone of networks that name none. ``remains`` is what jobs leave behind,
    ``artifacts`` are the files among it that they were asked for,
    ``keeping`` says how long runs are kept. ``holder`` names this controller where others could
    reach the same database; "" where it lies in a file that nobody else can open. ``warmer`` is
    told of runs that begin, so that their first job need not wait for Ansible. ``warmth``
    tells how jobs were started. ``patterns`` asks inventories which hosts a window covers.
    ``free_bytes`` tells how much of its disk is free; below ``kept_bytes`` no new job starts.
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
    artifacts: Artifacts
    home: Path
    zone: str
    jobs_max: int = JOBS_MAX
    projects: Projects | None = None
    patterns: HostPatterns | None = None
    finder: FileFinder | None = None
    warmth: Callable[[], Warmth] = Warmth
    warmer: Warmer | None = None
    keeping: Keeping = field(default_factory=Keeping)
    holder: str = ""
    sweep_seconds: float = SWEEP_SECONDS
    free_bytes: Callable[[], int] | None = None
    kept_bytes: int = 0
    closing: tuple[Callable[[], None], ...] = field(default=())
    ending: tuple[Callable[[], None], ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What everybody who works for the controller knows."""

    world: ControllerWorld
    bells: Bells
    health: Health
    definitions: Definitions
    trackers: Trackers
    turns: Turns
    desk: SettingsDesk
    book: WindowBook
    gate: Gate
    doubt: ClockDoubt


@dataclass(frozen=True, slots=True, kw_only=True)
class _Workers:
    """Those whom others ask for by name."""

    timekeeper: Timekeeper
    admissions: Admissions
    matchmaker: Matchmaker
    retention: Retention
    starts: Starts
    planning: Planning
    triggering: Triggering


def assemble(world: ControllerWorld) -> Controller:
    """Return a controller that is ready to be started."""
    shared = _shared(world)
    store, bells, definitions = world.store, shared.bells, shared.definitions
    trackers = shared.trackers
    workers = _workers(shared)
    crew = _crew(shared, workers)
    return Controller(
        store=store,
        bells=bells,
        health=shared.health,
        outputs=world.outputs,
        trackers=trackers,
        turns=shared.turns,
        matchmaker=workers.matchmaker,
        admissions=workers.admissions,
        timekeeper=workers.timekeeper,
        definitions=definitions,
        calendars=Calendars(definitions, now=store.now, zone=world.zone),
        schedules=Schedules(definitions, workers.planning.book, now=store.now, zone=world.zone),
        starts=workers.starts,
        plans=workers.planning.plans,
        forecasts=_forecasts(shared, workers.planning),
        outlook=Outlook(workers.planning.plans, workers.planning.book, now=store.now),
        triggers=workers.triggering.triggers,
        hooks=workers.triggering.hooks,
        orders=Orders(store, trackers, bells),
        queues=Queues(store, definitions, shared.desk, accept_clocks=shared.doubt.accept),
        windows=Windows(store, shared.book, shared.desk),
        events=Events(store, bells, zone=world.zone),
        views=_views(shared, workers),
        dependencies=Dependencies(store, definitions),
        rebuilding=Rebuilding(store, trackers, bells),
        retention=workers.retention,
        shift=Shift(crew=crew, bells=bells, health=shared.health),
    )


def _views(shared: _Shared, workers: _Workers) -> Views:
    world, keeper = shared.world, workers.planning.keeper
    return Views(
        store=world.store,
        outputs=world.outputs,
        trackers=shared.trackers,
        definitions=shared.definitions,
        kept=world.artifacts,
        warmth=world.warmth,
        plan_health=lambda: keeper.health,
        plan_counts=keeper.counts,
    )


def _forecasts(shared: _Shared, planning: Planning) -> Forecasts:
    world = shared.world
    source = ControllerSource(
        world.store,
        shared.definitions,
        shared.trackers,
        planning.plans,
        shared.book,
        zone=world.zone,
        jobs_max=world.jobs_max,
    )
    return Forecasts(source)


def _shared(world: ControllerWorld) -> _Shared:
    store, bells = world.store, Bells()
    definitions = Definitions(store, bells=bells, projects=world.projects, home=world.home)
    trackers = Trackers(definitions)
    book = WindowBook(definitions, zone=world.zone)
    return _Shared(
        world=world,
        bells=bells,
        health=Health(),
        definitions=definitions,
        trackers=trackers,
        turns=Turns(store, trackers, bells),
        desk=SettingsDesk(store, bells),
        book=book,
        gate=_gate(world, book, trackers, bells),
        doubt=ClockDoubt(
            wall_seconds=world.clock.wall_seconds, real_seconds=world.clock.real_seconds
        ),
    )


def _starts(shared: _Shared) -> Starts:
    world, gate = shared.world, shared.gate
    return Starts(
        world.store,
        shared.definitions,
        shared.bells,
        zone=world.zone,
        warmer=world.warmer,
        must_ask=lambda network: gate.is_gated(network, world.store.now()),
    )


def _gate(world: ControllerWorld, book: WindowBook, trackers: Trackers, bells: Bells) -> Gate:
    store = world.store
    meetings = Meetings(
        world.patterns, world.threads, now=store.now, answered=line_again(store, bells)
    )
    return Gate(store, book, trackers, meetings, zone=world.zone)


def _workers(shared: _Shared) -> _Workers:
    world, bells, trackers = shared.world, shared.bells, shared.trackers
    doubt, starts = shared.doubt, _starts(shared)
    return _Workers(
        starts=starts,
        planning=planning(
            world.store,
            shared.definitions,
            bells,
            starts,
            doubt,
            zone=world.zone,
            warmer=world.warmer,
            restored=ServerPlace(folder=world.home).restored,
        ),
        triggering=_triggering(shared, starts, doubt),
        timekeeper=Timekeeper(world.store, bells, trackers, doubt),
        admissions=Admissions(
            world.store,
            shared.definitions,
            bells,
            jobs_max=world.jobs_max,
            gate=shared.gate,
        ),
        matchmaker=Matchmaker(world.store, trackers, bells),
        retention=Retention(
            store=world.store,
            outputs=world.outputs,
            remains=world.remains,
            desk=shared.desk,
            known=shared.definitions.networks,
            keeping=world.keeping,
        ),
    )


def _triggering(shared: _Shared, starts: Starts, doubt: ClockDoubt) -> Triggering:
    world = shared.world
    looking = Looking(
        finder=world.finder,
        runner=world.runner,
        pieces=world.pieces,
        threads=world.threads,
        clock=world.clock,
    )
    definitions, bells = shared.definitions, shared.bells
    return triggering(world.store, definitions, bells, starts, doubt, looking, zone=world.zone)


def _crew(shared: _Shared, workers: _Workers) -> Crew:
    """Return everybody with a thread; who holds the lease is the first to begin."""
    world, store, bells = shared.world, shared.world.store, shared.bells
    reports = JobReports(store, world.outputs, bells, clock=world.clock, health=shared.health)
    jobs = JobKeeper(store, world.runner, reports)
    pump = Pump(store, shared.turns.take, bells, shared.health, forget=shared.trackers.forget)
    post, looks = _post(shared), _looks(shared)
    tenures = (Tenure(store, bells, holder=world.holder),) if world.holder else ()
    timers, admissions = workers.timekeeper, workers.admissions
    keeper = workers.planning.keeper
    triggers = workers.triggering.triggers
    everybody = (timers, keeper, triggers, jobs, admissions, workers.matchmaker, post, looks)
    return Crew(
        pump=pump,
        reports=reports,
        runner=world.runner,
        workers=(*tenures, *everybody, workers.retention, *_room(shared)),
        recovering=(*tenures, timers, jobs, post, looks, pump),
        closing=(looks.close, *world.closing),
        ending=(*(tenure.give_back for tenure in tenures), *world.ending),
        sweep_seconds=world.sweep_seconds,
    )


def _room(shared: _Shared) -> tuple[RoomKeeper, ...]:
    world = shared.world
    if world.free_bytes is None:
        return ()
    return (
        RoomKeeper(
            world.store, shared.desk, free_bytes=world.free_bytes, kept_bytes=world.kept_bytes
        ),
    )


def _post(shared: _Shared) -> Post:
    world = shared.world
    return Post(
        world.store,
        shared.definitions,
        shared.trackers,
        shared.bells,
        messenger=world.messenger,
        pieces=world.pieces,
        threads=world.threads,
        silence=Silence(world.store, shared.gate, shared.trackers),
    )


def _looks(shared: _Shared) -> Looks:
    world = shared.world
    return Looks(
        world.store,
        shared.trackers,
        shared.bells,
        clock=world.clock,
        files=world.files,
        runner=world.runner,
        pieces=world.pieces,
        threads=world.threads,
    )
