"""Plays a network: reads it, prepares its run, shows it and says at the end what came of it."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import typer

from jobnet.bootstrap import Surroundings, controlled, make_world
from jobnet.cli.desks import Showing, make_desk
from jobnet.cli.exit_codes import exit_code_of
from jobnet.cli.finish import final_lines
from jobnet.cli.play_options import PlayOptions
from jobnet.cli.rerun_options import refuse_without_run
from jobnet.cli.starts import start_lines, starts_document
from jobnet.definition import Bundle
from jobnet.errors.play import NothingToPlay
from jobnet.errors.project import DefinitionRefused
from jobnet.ids import OperatorName
from jobnet.machine import (
    JournalFile,
    MachineClock,
    Pieces,
    RunFolder,
    make_run_folder,
    state_home,
)
from jobnet.machine.origin import keep_origin
from jobnet.ports.desk import Note, NoteKind
from jobnet.project import Reading, bundle, convert_params, read_file, select_network
from jobnet.project.bundled_calendars import calendars_of
from jobnet.services.answers import read_answers, split_assumed
from jobnet.services.durations import Durations
from jobnet.services.inbox import Inbox, Urge, Urged
from jobnet.services.notifications import listeners_of
from jobnet.services.param_texts import read_params
from jobnet.services.pinning import digest_of, outline_of
from jobnet.services.play import Play, Played, play
from jobnet.services.secret_params import refuse_secrets
from jobnet.services.start_time import Beginning, read_beginning
from jobnet.services.summary import has_lost_part, summary_of
from jobnet.settings import read_settings

ZONE_LINK = Path("/etc/localtime")


def play_network(options: PlayOptions) -> int:
    """Run the network to its end and return the exit status."""
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    refuse_without_run(options.rerun)
    reading, pinned = read_target(options, hosts=options.hosts)
    calendars = calendars_of(pinned)
    network = pinned.network
    beginning = read_beginning(
        network,
        calendars.get(network.calendar or ""),
        at=options.at,
        day=options.day,
        zone=settings.zone,
    )
    params = convert_params(network, read_params(options.extra))
    refuse_secrets(network, params)
    assumed, told = split_assumed(options.answers, pinned, is_check=options.check)
    answers = read_answers(told, pinned)
    clock = MachineClock(beginning.at)
    home = state_home(settings.home)
    folder = _make_folder(home, pinned, beginning, clock, options)
    request = Play(
        run=folder.run,
        bundle=pinned,
        calendars=calendars,
        operator=OperatorName(settings.operator),
        operating_day=beginning.operating_day(clock.now()),
        start=clock.now(),
        zone=str(beginning.zone),
        params=params,
        answers=answers,
        assumed_exit_codes=assumed,
        listeners=listeners_of(reading, network.folder),
        fast_forward=options.fast_forward,
        check=options.check,
        diff=options.diff,
    )
    surroundings = Surroundings(settings=settings, home=home, clock=clock)
    with closing(JournalFile(folder.pieces.journal)) as journal:
        return show_and_play(request, surroundings, folder, options, journal)


def split_target(target: str) -> tuple[str, str | None]:
    """Return file and network of ``FILE[:NAME]``; a file whose name has a colon is a file."""
    if Path(target).exists():
        return target, None
    path, colon, name = target.rpartition(":")
    return (path, name) if colon and path and name else (target, None)


def read_target(
    options: PlayOptions, *, hosts: str | None, target: str | None = None
) -> tuple[Reading, Bundle]:
    """Return what the file says, and the network of it that is meant."""
    target = target or options.target
    if target is None:
        raise NothingToPlay
    path, name = split_target(target)
    reading = read_file(path, hosts=hosts)
    if options.is_verbose:
        for passed in reading.passed_over:
            typer.echo(f"{passed}: passed over, it holds no document of Jobnet.", err=True)
    errors = [problem for problem in reading.problems if problem.is_error]
    if errors and not any(document.kind == "network" for document in reading.documents):
        raise DefinitionRefused(errors)
    return reading, bundle(reading, select_network(reading, name))


def _make_folder(
    home: Path, pinned: Bundle, beginning: Beginning, clock: MachineClock, options: PlayOptions
) -> RunFolder:
    now = clock.now()
    folder = make_run_folder(
        home,
        network=pinned.main,
        operating_day=beginning.operating_day(now),
        at=beginning.wall_hhmm(now),
        keep=options.keep,
    )
    file = split_target(options.target or "")[0]
    keep_definition(folder.pieces, pinned, file=file, hosts=options.hosts)
    return folder


def keep_definition(pieces: Pieces, pinned: Bundle, *, file: str, hosts: str | None) -> None:
    """Keep beside a run which definition it goes by."""
    keep_origin(
        pieces,
        file=file,
        network=pinned.main,
        hosts=hosts,
        files=(each.file for each in pinned.networks.values()),
        meaning=digest_of(pinned),
        outline=outline_of(pinned),
    )


def show_and_play(
    request: Play,
    surroundings: Surroundings,
    folder: RunFolder,
    options: PlayOptions,
    journal: JournalFile,
) -> int:
    """Play the run, show it, and return its exit status."""
    durations = Durations(surroundings.history, request.bundle.main, jumps=request.fast_forward)
    showing = Showing(
        clock=surroundings.clock,
        zone=ZoneInfo(request.zone),
        title=f"{request.bundle.network.title or request.bundle.main}  {request.run}",
        usual=durations.usual,
        is_json=options.is_json,
        is_plain=options.is_plain,
        is_quiet=options.is_quiet,
        shows_output=options.is_verbose,
    )
    inbox = Inbox()

    def gone() -> None:
        inbox.put(Urged(urge=Urge.TERMINATE))

    with (
        make_desk(showing, gone) as desk,
        controlled(folder.pieces, inbox) as problem,
        _signals(inbox),
    ):
        if problem:
            desk.note(Note(kind=NoteKind.WARNING, text=problem))
        played = play(request, make_world(surroundings, folder.pieces, desk, journal), inbox)
    return _finish(played, folder, options, warnings=desk.warnings)


@contextmanager
def _signals(inbox: Inbox) -> Iterator[None]:
    """Turn signals into inputs; a ``SimpleQueue`` may be filled from a signal handler."""

    def urge(number: int, _frame: FrameType | None) -> None:
        word = Urge.INTERRUPT if number == signal.SIGINT else Urge.TERMINATE
        inbox.put(Urged(urge=word))

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, urge) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _finish(played: Played, folder: RunFolder, options: PlayOptions, *, warnings: list[str]) -> int:
    run = played.tracker.run
    assert run is not None, "only a run that has started ends"
    document = summary_of(
        played.tracker,
        folder=str(folder.pieces.folder),
        journal=str(folder.pieces.journal),
        stop_reason=played.stop_reason,
        warnings=warnings,
    )
    document["starts"] = starts_document(played.warmth)
    text = json.dumps(document, indent=2)
    folder.pieces.keep_result(text)
    with suppress(OSError):  # whoever watched has gone; the exit status still counts
        _say(text if options.is_json else "", warnings, played, folder, options)
    return exit_code_of(run.state, has_lost_part=has_lost_part(played.tracker))


def _say(
    document: str, warnings: list[str], played: Played, folder: RunFolder, options: PlayOptions
) -> None:
    if document:
        typer.echo(document)
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    if options.is_verbose:
        for line in start_lines(played.warmth):
            typer.echo(line)
    target, is_hurried = options.target or "", options.fast_forward
    for line in final_lines(played, folder.pieces, target=target, is_hurried=is_hurried):
        typer.echo(line)
