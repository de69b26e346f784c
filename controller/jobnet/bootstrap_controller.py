"""Makes a controller for this machine: its database, its runner of jobs, its clock and its mail.

Loaded only by the command that is a controller, since a database and a web server take a while.
"""

import shutil
from socket import gethostname

from jobnet.execution.host_patterns import InventoryPatterns
from jobnet.execution.kept_artifacts import SpoolArtifacts
from jobnet.execution.remains import SpoolRemains
from jobnet.execution.runner import AnsibleRunner
from jobnet.machine import MachineClock, MachineFiles, MachineFolders, Pieces, Threads
from jobnet.machine.project_copies import ProjectCopies
from jobnet.messages import PostOffice
from jobnet.ports.server_place import ServerPlace
from jobnet.services.controller.assembly import ControllerWorld, assemble
from jobnet.services.controller.controller import Controller
from jobnet.services.controller.retention import Keeping
from jobnet.settings import Settings
from jobnet.storage import Place, PostgresPlace, SqlitePlace, open_outputs, open_store

MIB = 1024 * 1024


def make_controller(settings: Settings, place: ServerPlace) -> Controller:
    """Return a controller that keeps everything in a place; it is started by its caller.

    Raises what keeps the database from being opened.
    """
    store = open_store(_database(settings, place))
    runner = AnsibleRunner(
        spool_root=place.jobs,
        clock=store.now,
        warm=settings.warm,
        state=place.folder.parent,
    )
    kept = open_outputs(_outputs(settings, place))
    world = ControllerWorld(
        store=store,
        outputs=kept,
        runner=runner,
        warmth=runner.warmth,
        warmer=runner,
        clock=MachineClock(),
        files=MachineFiles(),
        messenger=PostOffice(
            mail=settings.mail, webhook_timeout_seconds=settings.webhook_timeout_seconds
        ),
        pieces=Pieces(folder=place.folder),
        threads=Threads(),
        remains=SpoolRemains(place.jobs),
        artifacts=SpoolArtifacts(place.jobs),
        keeping=Keeping(days=settings.keep_days, runs_max=settings.keep_runs),
        home=place.folder,
        zone=settings.zone,
        free_bytes=lambda: shutil.disk_usage(place.folder).free,
        kept_bytes=settings.disk_kept_mib * MIB,
        jobs_max=settings.jobs_max,
        patterns=InventoryPatterns(),
        finder=MachineFolders(),
        projects=ProjectCopies(place.folder, beside=place.folder.parent),
        holder=f"{gethostname()}:{place.folder}" if settings.database else "",
        ending=(kept.close, store.close),
    )
    return assemble(world)


def _database(settings: Settings, place: ServerPlace) -> Place:
    if settings.database:
        return PostgresPlace(url=settings.database)
    return SqlitePlace(path=place.database)


def _outputs(settings: Settings, place: ServerPlace) -> Place:
    """Return where output is kept: beside the runs on a server, in a file of its own else."""
    if settings.database:
        return PostgresPlace(url=settings.database)
    return SqlitePlace(path=place.outputs, is_synced=False)
