"""Plays a run of the local history again: on the same tracker, in the next round."""

import os
import sys
from contextlib import closing, suppress

import typer

from jobnet.bootstrap import Surroundings
from jobnet.cli.past_run import Chosen, choose, note_of_change, refuse_mode
from jobnet.cli.play_command import (
    ZONE_LINK,
    keep_definition,
    show_and_play,
)
from jobnet.cli.play_options import PlayOptions
from jobnet.cli.rerun_options import rerun_order
from jobnet.cli.wording import shown
from jobnet.errors.reruns import (
    RerunNotConfirmed,
    RunNotEnded,
)
from jobnet.ids import OperatorName
from jobnet.machine import JournalFile, MachineClock, RunFolder, state_home
from jobnet.machine.past_runs import journal_lines
from jobnet.project.bundled_calendars import calendars_of
from jobnet.services.answers import read_answers
from jobnet.services.notifications import listeners_of
from jobnet.services.param_texts import read_params
from jobnet.services.play import Play
from jobnet.services.reruns import (
    Again,
    Preview,
    changed_params,
    not_before,
    preview,
    read_past,
)
from jobnet.services.start_time import read_beginning
from jobnet.settings import Settings, read_settings

SHOWN_MAX = 10


def rerun_network(options: PlayOptions) -> int:
    """Run a run again and return its exit status; nothing is touched before all is agreed."""
    refuse_mode(options)
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    home = state_home(settings.home)
    chosen = choose(options, options.rerun.run, home)
    with closing(JournalFile(chosen.pieces.journal, is_again=True)) as journal:
        request, clock = _prepare(chosen, options, settings)
        surroundings = Surroundings(settings=settings, home=home, clock=clock)
        folder = RunFolder(run=request.run, pieces=chosen.pieces)
        with suppress(OSError):  # the run is not over any more
            chosen.pieces.result.unlink()
        return show_and_play(request, surroundings, folder, options, journal)


def _prepare(chosen: Chosen, options: PlayOptions, settings: Settings) -> tuple[Play, MachineClock]:
    pinned, network = chosen.pinned, chosen.pinned.network
    note = note_of_change(chosen, is_current=options.rerun.current)
    calendars = calendars_of(pinned)
    with journal_lines(chosen.pieces) as lines:
        past = read_past(chosen.run, pinned, calendars, lines)
    run = past.tracker.run
    assert run is not None, "a journal that can be replayed has a run"
    if run.ended is None:
        raise RunNotEnded(chosen.run)
    order = rerun_order(
        options.rerun,
        options.hosts,
        changed_params(network, run.params, read_params(options.extra)),
    )
    found = preview(past.tracker, order)
    _agree(found, options, note)
    calendar = calendars.get(network.calendar or "")
    beginning = read_beginning(network, calendar, at=options.at, day=None, zone=settings.zone)
    clock = MachineClock(not_before(past, beginning.at or MachineClock().now()))
    if note:
        keep_definition(chosen.pieces, pinned, file=chosen.origin.file, hosts=chosen.origin.hosts)
    request = Play(
        run=run.run,
        bundle=pinned,
        calendars=calendars,
        operator=OperatorName(settings.operator),
        operating_day=run.operating_day,
        start=clock.now(),
        zone=run.zone,
        answers=read_answers(options.answers, pinned),
        listeners=listeners_of(chosen.reading, network.folder),
        fast_forward=options.fast_forward,
        check=run.check,
        diff=run.diff,
        again=Again(past=past, order=order, reason="jobnet play --rerun", note=note),
    )
    return request, clock


def _agree(found: Preview, options: PlayOptions, note: str) -> None:
    """Say what will run again, and get a yes for parts that ask first."""
    names = ", ".join(shown(key) for key in found.again[:SHOWN_MAX])
    more = f" and {len(found.again) - SHOWN_MAX} more" if len(found.again) > SHOWN_MAX else ""
    if note:
        typer.echo(f"The run {shown(note, length_max=1000)}.", err=True)
    typer.echo(f"Runs again: {names}{more}; {found.carried} parts are carried.", err=True)
    if not (found.asking or note) or options.rerun.yes:
        return
    for key, why in found.asking[:SHOWN_MAX]:
        reason = f": {shown(why)}" if why else ""
        typer.echo(f"  {shown(key)} asks before it runs again{reason}", err=True)
    asking = [str(key) for key, _ in found.asking] or ["the definition"]
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise RerunNotConfirmed(asking, is_asked=False)
    if not typer.confirm("Run again?", err=True):
        raise RerunNotConfirmed(asking, is_asked=True)
