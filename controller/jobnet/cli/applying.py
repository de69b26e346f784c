"""Gives definitions to a controller: shows the plan first, asks where something goes, acts."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

import typer

from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown
from jobnet.client import Client
from jobnet.errors.client import CommandUsage
from jobnet.errors.control import OrderNotConfirmed
from jobnet.errors.execution import PathNotFound

SIGNS: Final = {"created": "+", "changed": "~", "removed": "-"}
SUFFIXES: Final = (".yml", ".yaml")
FILES_MAX: Final = 5000
FILE_BYTES_MAX: Final = 1024 * 1024
LINES_MAX: Final = 400
_COMMAND: Final = "jobnet apply"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyTyped:
    """What was typed."""

    paths: tuple[str, ...]
    base: str
    prunes: bool
    reason: str = ""
    is_dry_run: bool = False


def apply_paths(wish: ApplyTyped, *, key: str, yes: bool, is_verbose: bool, form: Form) -> int:
    """Apply, and return the exit status."""
    with calling() as client:
        body = {**definitions_body(client, wish), "reason": wish.reason}
        plan = client.act("POST", "/definitions/apply", {**body, "dry_run": True})
        if wish.is_dry_run or not _changes(plan):
            say(plan, form, lambda: _plan_lines(plan, is_verbose=is_verbose))
            return ExitCode.NORMAL
        for line in _plan_lines(plan, is_verbose=is_verbose):
            typer.echo(line, err=form is not Form.HUMAN)
        _confirm(plan, is_agreed=yes)
        done = client.act("POST", "/definitions/apply", body, key=key)
        say(done, form, lambda: [f"Applied: edition {done['edition']}."])
        return ExitCode.NORMAL


def definitions_body(client: Client, wish: ApplyTyped) -> dict[str, object]:
    """Return the definitions that a request is about: paths, or texts for a controller elsewhere.

    Raises ``PathNotFound`` and, without a base for another machine, ``CommandUsage``.
    """
    for path in wish.paths:
        if not Path(path).exists():
            raise PathNotFound(kind="file or folder", path=path)
    if client.is_local and not wish.base:
        paths = [str(Path(path).resolve()) for path in wish.paths]
        return {"prune": wish.prunes, "paths": paths}
    if not wish.base:
        problem = "a controller elsewhere cannot read files of this machine; give --base"
        raise CommandUsage(problem, command=_COMMAND)
    return {"prune": wish.prunes, "base": wish.base, "files": list(_files(wish.paths))}


def _files(paths: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the texts below paths; what is linked to is not followed out of them."""
    count = 0
    for path in map(Path, paths):
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.suffix not in SUFFIXES or not file.is_file():
                continue
            count += 1
            if count > FILES_MAX or file.stat().st_size > FILE_BYTES_MAX:
                problem = f"{file} is more than can be sent: {FILES_MAX} files of 1 MiB each"
                raise CommandUsage(problem, command=_COMMAND)
            name = file.relative_to(path) if path.is_dir() else Path(file.name)
            yield {"path": name.as_posix(), "text": file.read_text(encoding="utf-8")}


def _changes(plan: Mapping[str, Any]) -> bool:
    return any(one["change"] in SIGNS for one in plan["documents"]) or bool(plan["projects"])


def _confirm(plan: Mapping[str, Any], *, is_agreed: bool) -> None:
    """Ask a person where something is removed; what is added can be taken away again."""
    removed = [one for one in plan["documents"] if one["change"] == "removed"]
    if is_agreed or not removed:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise OrderNotConfirmed("apply --prune", is_asked=False)
    if not typer.confirm(f"Remove {len(removed)} documents?", err=True):
        raise OrderNotConfirmed("apply --prune", is_asked=True)


def _plan_lines(plan: Mapping[str, Any], *, is_verbose: bool) -> Iterator[str]:
    for one in plan["documents"]:
        if one["change"] in SIGNS:
            place = f"{one['path']}:{one['line']}" if one["path"] else ""
            yield shown(f"{SIGNS[one['change']]} {one['kind']} {one['name']}  {place}")
            if is_verbose:
                yield from _text_lines(one)
    for name, words in (("warnings", "warning"), ("kept", "kept though its file is gone")):
        yield from (f"{words}: {shown(str(each), length_max=500)}" for each in plan[name])
    for project in plan["projects"]:
        yield f"~ other files of {shown(project)}"
    counts = plan["counts"]
    said = ", ".join(f"{counts.get(name, 0)} {name}" for name in (*SIGNS, "unchanged"))
    edition = f"edition {plan['edition']}"
    if not _changes(plan):
        yield f"Nothing changes: {said}; {edition} holds."
    else:
        yield f"{said[0].upper()}{said[1:]}."


def _text_lines(document: Mapping[str, Any]) -> Iterator[str]:
    before, after = (document[name].splitlines() for name in ("before", "after"))
    lines = list(unified_diff(before, after, lineterm="", n=2))[2:]
    yield from (f"    {line.replace(chr(27), '?')}" for line in lines[:LINES_MAX])
    if len(lines) > LINES_MAX:
        yield f"    ... {len(lines) - LINES_MAX} more lines; see jobnet diff"
