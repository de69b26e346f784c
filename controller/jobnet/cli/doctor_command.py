"""Says what keeps jobs from running on this machine, and from starting warm in a project."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from jobnet.bootstrap import examine
from jobnet.cli.doctor_controller import examine_controller
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.play_command import ZONE_LINK, split_target
from jobnet.cli.wording import shown
from jobnet.client.address import place_of
from jobnet.definition import UnitJob, walk
from jobnet.errors.execution import PathNotFound
from jobnet.ports.findings import Finding, Grade
from jobnet.project import read_file
from jobnet.project.folders import project_root
from jobnet.services.expected_jobs import warm_jobs
from jobnet.settings import read_settings

DOCUMENT_VERSION = 1
TEXT_MAX = 500


def examine_target(target: str, *, is_json: bool) -> int:
    """Print what is found; the status is REFUSED where something keeps jobs from running."""
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    file = Path(split_target(target)[0])
    if not file.exists():
        raise PathNotFound(kind="file or folder", path=target)
    root = project_root(file / "any" if file.is_dir() else file)
    found = [] if file.is_dir() else [_definition(file)]
    found += [*examine(settings, root), examine_controller(settings)]
    if not settings.database and place_of(settings).database.exists():
        from jobnet.bootstrap_care import examine_database  # noqa: PLC0415 - start-up time

        found += examine_database(settings, place_of(settings))
    if is_json:
        typer.echo(json.dumps(_document(found, root), indent=2))
    else:
        for line in _lines(found):
            typer.echo(line)
    return ExitCode.REFUSED if _is_bad(found) else ExitCode.NORMAL


def _definition(file: Path) -> Finding:
    """Say whether the file can be played, and how many of its jobs may start warm."""
    reading = read_file(file)
    errors = sum(problem.is_error for problem in reading.problems)
    if errors:
        text, advice = f"{file} has {errors} errors", f"jobnet lint {file}"
        return Finding(name="definition", grade=Grade.BAD, text=text, advice=advice)
    networks = reading.networks.values()
    jobs = sum(isinstance(part.body, UnitJob) for each in networks for part in walk(each.flow))
    warm = sum(1 for each in networks for _ in warm_jobs(each))
    text = f"{file}: {warm} of {jobs} unit jobs may start warm"
    if warm == jobs:
        return Finding(name="definition", grade=Grade.OK, text=text)
    text += "; the others say `warm: off`, or their network or project does"
    return Finding(name="definition", grade=Grade.NOTE, text=text)


def _is_bad(found: Sequence[Finding]) -> bool:
    return any(finding.grade is Grade.BAD for finding in found)


def _lines(found: Sequence[Finding]) -> Iterator[str]:
    width = max(len(finding.name) for finding in found)
    for finding in found:
        text = shown(finding.text, length_max=TEXT_MAX)
        yield f"{finding.grade.value:<7} {finding.name:<{width}} {text}"
        if finding.advice:
            yield f"{'':<7} {'':<{width}} -> {shown(finding.advice, length_max=TEXT_MAX)}"
    bad = [finding.name for finding in found if finding.grade is Grade.BAD]
    yield f"Jobs cannot run here: {', '.join(bad)}." if bad else "Jobs can run here."


def _document(found: Sequence[Finding], root: Path) -> dict[str, object]:
    return {
        "version": DOCUMENT_VERSION,
        "project_root": str(root),
        "can_run": not _is_bad(found),
        "findings": [
            {
                "name": finding.name,
                "grade": finding.grade.value,
                "text": finding.text,
                "advice": finding.advice,
            }
            for finding in found
        ],
    }
