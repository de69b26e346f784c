"""Goes on with a run whose play was cut off: a power cut, a kill, a machine that went down.

Nothing is run again: what has ended is kept, and of what was under way the spools tell how it
stands. That is why nobody is asked for a yes.
"""

import os
from contextlib import closing

import typer

from jobnet.bootstrap import Surroundings
from jobnet.cli.past_run import Chosen, choose, note_of_change, refuse_mode
from jobnet.cli.play_command import ZONE_LINK, keep_definition, show_and_play
from jobnet.cli.play_options import PlayOptions
from jobnet.cli.rerun_options import refuse_without_run
from jobnet.cli.wording import shown
from jobnet.engine import Tracker
from jobnet.engine.states import has_ended
from jobnet.errors.reruns import RerunOptionsRefused, RunHasEnded
from jobnet.ids import OperatorName
from jobnet.machine import JournalFile, MachineClock, RunFolder, state_home
from jobnet.machine.past_runs import journal_lines
from jobnet.project.bundled_calendars import calendars_of
from jobnet.services.answers import read_answers
from jobnet.services.notifications import listeners_of
from jobnet.services.play import CUT_OFF, Play
from jobnet.services.reruns import not_before, read_past
from jobnet.services.start_time import read_beginning
from jobnet.settings import Settings, read_settings

SHOWN_MAX = 10


def continue_network(options: PlayOptions) -> int:
    """Go on with a run that was cut off and return its exit status."""
    _refuse_options(options)
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    home = state_home(settings.home)
    chosen = choose(options, options.cut_off, home)
    with closing(JournalFile(chosen.pieces.journal, is_again=True)) as journal:
        request, clock = _prepare(chosen, options, settings)
        surroundings = Surroundings(settings=settings, home=home, clock=clock)
        chosen.pieces.discard_looks()
        folder = RunFolder(run=request.run, pieces=chosen.pieces)
        return show_and_play(request, surroundings, folder, options, journal)


def _refuse_options(options: PlayOptions) -> None:
    refuse_mode(options)
    if options.rerun.is_asked_for or options.extra or options.hosts is not None:
        raise RerunOptionsRefused("--continue runs nothing again and changes nothing of its run")
    refuse_without_run(options.rerun, but_current=True)


def _prepare(chosen: Chosen, options: PlayOptions, settings: Settings) -> tuple[Play, MachineClock]:
    pinned, network = chosen.pinned, chosen.pinned.network
    note = note_of_change(chosen, is_current=options.rerun.current)
    calendars = calendars_of(pinned)
    with journal_lines(chosen.pieces) as lines:
        past = read_past(chosen.run, pinned, calendars, lines)
    run = past.tracker.run
    assert run is not None, "a journal that can be replayed has a run"
    if run.ended is not None:
        raise RunHasEnded(chosen.run)
    past.note = f"{CUT_OFF}; it {note}" if note else ""
    if note:
        typer.echo(f"The run {shown(note, length_max=1000)}.", err=True)
        keep_definition(chosen.pieces, pinned, file=chosen.origin.file, hosts=chosen.origin.hosts)
    typer.echo(_standing(past.tracker), err=True)
    calendar = calendars.get(network.calendar or "")
    beginning = read_beginning(network, calendar, at=options.at, day=None, zone=settings.zone)
    clock = MachineClock(not_before(past, beginning.at or MachineClock().now()))
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
        cut_off=past,
    )
    return request, clock


def _standing(tracker: Tracker) -> str:
    """Return how far the run had come, in one line."""
    records = [record for _, record in sorted(tracker.parts.items())]
    ended = sum(has_ended(record.state) for record in records)
    live = [shown(record.key) for record in records if record.is_live]
    names = ", ".join(live[:SHOWN_MAX])
    more = f" and {len(live) - SHOWN_MAX} more" if len(live) > SHOWN_MAX else ""
    was = f"; {names}{more} had begun, and their spools tell how they stand" if live else ""
    assert tracker.last_at is not None, "a run that has begun has facts"
    return f"Goes on after {tracker.last_at:%Y-%m-%d %H:%M:%S %Z}: {ended} parts had ended{was}."
