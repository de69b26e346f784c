"""Finds the run of before that is meant, and the definition that it goes on with."""

from dataclasses import dataclass
from pathlib import Path

from jobnet.cli.play_command import read_target
from jobnet.cli.play_options import PlayOptions
from jobnet.definition import Bundle
from jobnet.errors.pictures import DefinitionNotKept
from jobnet.errors.reruns import (
    DefinitionChanged,
    DefinitionDoesNotFit,
    RerunOptionsRefused,
    RunIsOfAnotherNetwork,
)
from jobnet.machine import Pieces
from jobnet.machine.origin import Origin, changed_files, read_origin
from jobnet.machine.past_runs import find_run, journal_lines, last_run
from jobnet.project import Reading
from jobnet.services.pinning import digest_of, map_parts, outline_of
from jobnet.services.reruns import begun_ids

LAST = "@last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The run that was named, and the definition that it goes on with."""

    pieces: Pieces
    origin: Origin
    reading: Reading
    pinned: Bundle

    @property
    def run(self) -> str:
        """Return the name of the run."""
        return self.pieces.folder.name


def choose(options: PlayOptions, named: str | None, home: Path) -> Chosen:
    """Find the run by name, or as the last one of the network in the file."""
    by_name = named if named not in {None, LAST} else None
    if by_name is None and options.target is not None:
        reading, pinned = read_target(options, hosts=None)
        pieces = last_run(home, pinned.main)
    else:
        pieces = last_run(home, None) if by_name is None else find_run(by_name, home)
    origin = read_origin(pieces)
    if origin is None:
        raise DefinitionNotKept(pieces.folder.name)
    target = options.target or f"{origin.file}:{origin.network}"
    reading, pinned = read_target(options, hosts=origin.hosts, target=target)
    if pinned.main != origin.network:
        run = pieces.folder.name
        raise RunIsOfAnotherNetwork(run, network=origin.network, named=pinned.main)
    return Chosen(pieces=pieces, origin=origin, reading=reading, pinned=pinned)


def refuse_mode(options: PlayOptions) -> None:
    """Refuse what a run keeps for its life."""
    for name, is_given in (
        ("--check", options.check),
        ("--diff", options.diff),
        ("--day", options.day is not None),
    ):
        if is_given:
            raise RerunOptionsRefused(f"{name} cannot be changed any more: a run keeps its own")


def note_of_change(chosen: Chosen, *, is_current: bool) -> str:
    """Return what the journal says of another definition, "" for the same one."""
    origin = chosen.origin
    changed = changed_files(origin)
    is_same = origin.meaning == digest_of(chosen.pinned) if origin.meaning else not changed
    if is_same:
        return ""
    if not is_current:
        raise DefinitionChanged(chosen.run, files=[Path(file).name for file in changed])
    with journal_lines(chosen.pieces) as lines:
        begun = begun_ids(lines)
    mapped = map_parts(origin.outline, outline_of(chosen.pinned), begun)
    if mapped.unfit:
        raise DefinitionDoesNotFit(chosen.run, because=mapped.unfit)
    new, gone = (", ".join(names) or "none" for names in (mapped.new, mapped.gone))
    return (
        f"goes on with the current definition: {len(mapped.carried)} parts are mapped by their id,"
        f" new: {new}, gone: {gone}"
    )[:1000]
