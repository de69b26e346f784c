"""Compares, lists and writes the documents that a controller has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown, shown_lines
from jobnet.errors.client import CommandUsage, FileNotWritten

VERSION_HEAD: Final = ("VERSION", "EDITION", "WHEN", "BY", "FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffTyped:
    """What was typed: paths, or one document with versions."""

    paths: tuple[str, ...]
    document: str | None
    older: int | None
    newer: int | None
    prunes: bool


def show_diff(wish: DiffTyped, *, form: Form) -> int:
    """Show what differs."""
    if (wish.document is None) == (not wish.paths):
        raise CommandUsage("name PATHs, or --document KIND/NAME", command="jobnet diff")
    with calling() as client:
        if wish.document is not None:
            path = f"/definitions/{_address(wish.document, 'jobnet diff')}/diff"
            items = [client.get(path, older=wish.older, newer=wish.newer)]
        else:
            paths = [str(Path(path).resolve()) for path in wish.paths]
            items = client.get("/definitions/diff", path=paths, prune=wish.prunes)["items"]
    found = [one for one in items if one["text"]]
    say({"items": items}, form, lambda: _diff_lines(found))
    return ExitCode.NORMAL


def list_versions(kind: str, name: str, *, form: Form) -> int:
    """List the versions of a document."""
    with calling() as client:
        found = client.get(f"/definitions/{kind}/{quote(name, safe='')}/versions")
    zone = zone_named(own_settings().zone)
    rows = [
        (
            f"{one['version']}{' (removed)' if one['is_removed'] else ''}",
            one["edition"],
            at(one["at"], zone),
            one["by"],
            f"{one['path']}:{one['line']}",
        )
        for one in found["items"]
    ]
    say(found, form, lambda: columns(VERSION_HEAD, rows))
    return ExitCode.NORMAL


def write_export(*, folder: str, document: str | None, to: str | None, form: Form) -> int:
    """Write documents to files, or to stdout."""
    query = {"folder": folder}
    if document is not None:
        kind, _, name = document.partition("/")
        _address(document, "jobnet export")
        query = {"kind": kind, "name": name}
    with calling() as client:
        files = client.get("/definitions/export", **query)["items"]
    if to is None:
        say({"items": files}, form, lambda: _file_lines(files))
        return ExitCode.NORMAL
    written = [str(_write(Path(to), file)) for file in files]
    say({"written": written}, form, lambda: [*written, f"Written: {len(written)} files."])
    return ExitCode.NORMAL


def _address(document: str, command: str) -> str:
    kind, slash, name = document.partition("/")
    if not (kind and slash and name):
        problem = f"{document[:40]!r} is no document; write it such as network/payroll/pay"
        raise CommandUsage(problem, command=command)
    return f"{quote(kind, safe='')}/{quote(name, safe='')}"


def _diff_lines(items: list[Mapping[str, Any]]) -> Iterator[str]:
    for one in items:
        yield from shown_lines(one["text"])
    if not items:
        yield "Nothing differs."


def _file_lines(files: list[Mapping[str, Any]]) -> Iterator[str]:
    for number, file in enumerate(files):
        if number:
            yield "---"
        yield f"# {shown(file['path'], length_max=500)}"
        yield from shown_lines(file["text"])


def _write(folder: Path, file: Mapping[str, Any]) -> Path:
    """Write a file below a folder; a path that would leave it is refused, an old file kept."""
    relative = PurePosixPath(file["path"])
    if relative.is_absolute() or ".." in relative.parts:
        raise FileNotWritten(str(relative), problem="it would lie outside of the folder")
    path = folder / relative
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as out:
            out.write(file["text"])
    except OSError as error:
        raise FileNotWritten(str(path), problem=str(error.strerror)) from error
    return path
