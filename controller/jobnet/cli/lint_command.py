"""Finds what is wrong with definitions and prints it: for people, programs or code hosts."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from jobnet.calendars import find_zone
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.lint_ansible import ansible_problems
from jobnet.cli.lint_inventory import PlacedCondition, inventory_problems
from jobnet.cli.lint_options import LintOptions, LintOutput
from jobnet.cli.sarif import sarif_document
from jobnet.definition import Network
from jobnet.machine import MachineClock
from jobnet.project import Level, Problem, Reading, lint, read_file, read_project
from jobnet.schedules import ScheduleDefinition
from jobnet.settings import read_settings

ZONE_LINK = Path("/etc/localtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What reading some paths gave."""

    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...]
    documents: int


def lint_paths(options: LintOptions) -> int:
    """Print all problems; warnings alone are no reason to refuse, unless that was asked for."""
    findings = _find(options)
    if options.is_strict:
        strict = tuple(replace(one, severity=Level.ERROR) for one in findings.problems)
        findings = replace(findings, problems=strict)
    match options.output:
        case LintOutput.JSON:
            typer.echo(json.dumps(_document(findings), indent=2))
        case LintOutput.SARIF:
            document = sarif_document(findings.problems, root=Path.cwd())
            typer.echo(json.dumps(document, indent=2))
        case LintOutput.GITHUB:
            for problem in findings.problems:
                typer.echo(github_line(problem, root=Path.cwd()))
        case LintOutput.HUMAN:
            _print(findings, is_verbose=options.is_verbose)
    has_errors = any(problem.is_error for problem in findings.problems)
    return ExitCode.REFUSED if has_errors else ExitCode.NORMAL


def problem_document(problem: Problem) -> dict[str, object]:
    """Return one problem as plain data."""
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "file": problem.position.file,
        "line": problem.position.line,
        "column": problem.position.column,
        "path": problem.path,
        "what": problem.what,
        "hint": problem.hint,
    }


def github_line(problem: Problem, *, root: Path) -> str:
    """Return a problem as a workflow command, which GitHub shows beside the line."""
    file = Path(problem.position.file)
    path = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
    place = {"file": path if problem.position.file else "", "line": problem.position.line,
             "col": problem.position.column, "title": problem.code}  # fmt: skip
    words = ",".join(f"{key}={_escaped(str(value))}" for key, value in place.items() if value)
    said = " ".join(part for part in (problem.path, problem.what, problem.hint) if part)
    return f"::{problem.severity.value} {words}::{_escaped(said, of_value=False)}"


def _escaped(text: str, *, of_value: bool = True) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if of_value else text


def _find(options: LintOptions) -> Findings:
    readings = _readings(options)
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    today = MachineClock().now().astimezone(find_zone(settings.zone)).date()
    problems = {one: None for reading in readings for one in lint(reading, today=today)}
    networks = [network for reading in readings for network in reading.networks.values()]
    conditions = [one for reading in readings for one in _conditions(reading)]
    problems |= dict.fromkeys(_asked(networks, conditions, options))
    return Findings(
        problems=tuple(sorted(problems, key=lambda one: (one.position, one.path))),
        passed_over=tuple(str(path) for reading in readings for path in reading.passed_over),
        documents=sum(len(reading.documents) for reading in readings),
    )


def _readings(options: LintOptions) -> list[Reading]:
    readings: list[Reading] = []
    folders: list[str] = []
    for path in options.paths:
        # A file that is named is read even if it is a plain list; one in a folder is not.
        if Path(path).is_dir():
            folders.append(path)
        else:
            readings.append(read_file(path, hosts=options.hosts))
    if folders:
        readings.append(read_project(folders))
    return readings


def _conditions(reading: Reading) -> Iterator[PlacedCondition]:
    for document in reading.documents:
        value = document.value
        if isinstance(value, Network | ScheduleDefinition) and value.start_on is not None:
            root = str(reading.shelf.library.site(Path(document.file)).root)
            position = document.position
            yield PlacedCondition(condition=value.start_on, position=position, root=root)


def _asked(
    networks: list[Network], conditions: list[PlacedCondition], options: LintOptions
) -> Iterator[Problem]:
    """Yield what only an inventory and Ansible itself can tell."""
    if options.asks_inventory:
        inventories = [
            one if "," in one else str(Path(one).absolute()) for one in options.inventories
        ]
        may_run = bool(inventories) or options.asks_ansible
        yield from inventory_problems(
            networks, conditions, inventories=inventories, may_run=may_run
        )
    if options.asks_ansible:
        yield from ansible_problems(networks)


def _document(findings: Findings) -> dict[str, object]:
    return {
        "version": 1,
        "documents": findings.documents,
        "problems": [problem_document(problem) for problem in findings.problems],
        "passed_over": list(findings.passed_over),
    }


def _print(findings: Findings, *, is_verbose: bool) -> None:
    for problem in findings.problems:
        typer.echo(str(problem))
    if is_verbose:
        for path in findings.passed_over:
            typer.echo(f"{path}: passed over, it holds no document of Jobnet.", err=True)
    errors = sum(problem.is_error for problem in findings.problems)
    warnings = len(findings.problems) - errors
    typer.echo(f"{findings.documents} documents, {errors} errors, {warnings} warnings.", err=True)
