"""Draws a network, or a run of the local history, and writes the picture where it was asked for."""

import os
from dataclasses import dataclass
from pathlib import Path

import typer

from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.options import Picture
from jobnet.cli.play_command import ZONE_LINK, split_target
from jobnet.definition import Bundle
from jobnet.errors.pictures import DefinitionNotKept, NothingToDraw, PictureNotWritten
from jobnet.errors.project import DefinitionRefused
from jobnet.machine import Pieces, state_home
from jobnet.machine.origin import Origin, changed_files, read_origin
from jobnet.machine.past_runs import find_run, journal_lines
from jobnet.pictures import Outline, outline_of_network, outline_of_run, to_mermaid, to_svg
from jobnet.project import bundle, read_file, select_network
from jobnet.services.replay import network_of, replay
from jobnet.settings import read_settings

NAMES_SHOWN_MAX = 3
_MERMAID_ENDINGS = frozenset({".mmd", ".mermaid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOptions:
    """What was typed after ``jobnet graph``; ``picture`` None: as the name of the file says."""

    target: str | None
    run: str | None
    hosts: str | None
    picture: Picture | None
    file: Path | None


def draw_graph(options: GraphOptions) -> int:
    """Draw what was asked for."""
    if options.run is not None:
        outline = _outline_of_run(options.run, options)
    elif options.target is not None:
        path, name = split_target(options.target)
        outline = outline_of_network(_read(path, name, options.hosts))
    else:
        raise NothingToDraw
    for warning in outline.warnings:
        typer.echo(f"warning: {warning}", err=True)
    _write(_draw(outline, options), options.file)
    return ExitCode.NORMAL


def _read(path: str, name: str | None, hosts: str | None) -> Bundle:
    reading = read_file(path, hosts=hosts)
    errors = [problem for problem in reading.problems if problem.is_error]
    if errors and not any(document.kind == "network" for document in reading.documents):
        raise DefinitionRefused(errors)
    return bundle(reading, select_network(reading, name))


def _outline_of_run(run: str, options: GraphOptions) -> Outline:
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    pieces = find_run(run, state_home(settings.home))
    name = pieces.folder.name
    origin = read_origin(pieces)
    pinned = _bundle_of_run(name, pieces, origin, options)
    with journal_lines(pieces) as lines:
        tracker = replay(name, pinned, lines)
    warnings = [_changed(origin, options)]
    if tracker.run is not None and tracker.run.ended is None:
        warnings.append("This run had not ended when the picture was drawn.")
    return outline_of_run(tracker, filter(None, warnings))


def _bundle_of_run(
    run: str, pieces: Pieces, origin: Origin | None, options: GraphOptions
) -> Bundle:
    """Return the definition of a run as its file is now; a file that was typed comes first."""
    hosts = options.hosts or (None if origin is None else origin.hosts)
    if options.target is not None:
        path, network = split_target(options.target)
        if network is None:
            with journal_lines(pieces) as lines:
                network = network_of(run, lines)
        return _read(path, network, hosts)
    if origin is None:
        raise DefinitionNotKept(run)
    return _read(origin.file, origin.network, hosts)


def _changed(origin: Origin | None, options: GraphOptions) -> str:
    """Return what a reader must know of the definition that the run is drawn with, or ""."""
    if origin is None or not _is_same_file(origin, options):
        return "The definition is the one that was named, maybe not the one that was run."
    changed = [Path(path).name for path in changed_files(origin)]
    if not changed:
        return ""
    more = len(changed) - NAMES_SHOWN_MAX
    names = ", ".join(changed[:NAMES_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")
    return f"The definition has changed since this run and is drawn as it is now: {names}."


def _is_same_file(origin: Origin, options: GraphOptions) -> bool:
    if options.target is None:
        return True
    return str(Path(split_target(options.target)[0]).absolute()) == origin.file


def _draw(outline: Outline, options: GraphOptions) -> str:
    picture = options.picture
    if picture is None:
        is_mermaid = options.file is not None and options.file.suffix in _MERMAID_ENDINGS
        picture = Picture.MERMAID if is_mermaid else Picture.SVG
    return to_mermaid(outline) if picture is Picture.MERMAID else to_svg(outline)


def _write(text: str, file: Path | None) -> None:
    data = text.encode()
    if file is None:
        typer.echo(data, nl=False)
        return
    try:
        file.write_bytes(data)
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise PictureNotWritten(str(file), problem=str(problem)) from error
