"""Prints what is wrong with definitions, one line each, as compilers do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from jobnet.cli.exit_codes import ExitCode
from jobnet.project import Problem, Reading, lint, read_file, read_project


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What reading some paths gave."""

    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...]
    documents: int


def lint_paths(paths: Sequence[str], *, hosts: str | None, is_json: bool, is_verbose: bool) -> int:
    """Print all problems; warnings alone are no reason to refuse."""
    findings = _find(paths, hosts)
    if is_json:
        typer.echo(json.dumps(_document(findings), indent=2))
    else:
        _print(findings, is_verbose=is_verbose)
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


def _find(paths: Sequence[str], hosts: str | None) -> Findings:
    readings: list[Reading] = []
    folders: list[str] = []
    for path in paths:
        # A file that is named is read even if it is a plain list; one in a folder is not.
        if Path(path).is_dir():
            folders.append(path)
        else:
            readings.append(read_file(path, hosts=hosts))
    if folders:
        readings.append(read_project(folders))
    problems = {problem: None for reading in readings for problem in lint(reading)}
    return Findings(
        problems=tuple(sorted(problems, key=lambda one: (one.position, one.path))),
        passed_over=tuple(str(path) for reading in readings for path in reading.passed_over),
        documents=sum(len(reading.documents) for reading in readings),
    )


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
