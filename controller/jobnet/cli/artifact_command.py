"""Lists the files that a part has left, and fetches them; nothing is ever overwritten."""

import sys
from pathlib import Path, PurePosixPath

import typer

from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.meant import Meant, find
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown
from jobnet.client import Client
from jobnet.errors.client import CommandUsage, FileNotWritten

STDOUT = "-"


def list_artifacts(target: str, *, form: Form) -> int:
    """List them with their sizes."""
    with calling() as client:
        meant = _part(client, target)
        found = client.get(f"{meant.path}/artifacts")
    rows = [(_size(each["size"]), each["name"]) for each in found["items"]]
    lines = columns(("BYTES", "NAME"), rows) if rows else iter(["It has left no artifacts."])
    say(found, form, lambda: lines)
    return ExitCode.NORMAL


def fetch_artifact(target: str, name: str, *, to: str) -> int:
    """Write one to a file, or to stdout."""
    with calling() as client:
        path = f"{_part(client, target).path}/artifacts/file"
        if to == STDOUT:
            client.save(path, sys.stdout.buffer, name=name)
            sys.stdout.buffer.flush()
            return ExitCode.NORMAL
        file = Path(to or PurePosixPath(name).name)
        _write(client, path, name, file)
    typer.echo(shown(str(file), length_max=1000))
    return ExitCode.NORMAL


def _write(client: Client, path: str, name: str, file: Path) -> None:
    """Write a new file; what came of one that breaks off is removed."""
    try:
        with file.open("xb") as into:
            try:
                client.save(path, into, name=name)
            except BaseException:
                file.unlink()
                raise
    except OSError as error:
        raise FileNotWritten(str(file), problem=str(error.strerror)) from error


def _part(client: Client, target: str) -> Meant:
    meant = find(client, target)
    if meant.part is None:
        raise CommandUsage(f"{target!r} is a run; say RUN/PART", command="jobnet artifacts")
    return meant


def _size(size: int | None) -> str:
    return "gone" if size is None else str(size)
