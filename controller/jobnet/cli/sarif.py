"""Writes problems as SARIF 2.1.0, which code hosts show beside the lines of a change."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from jobnet.project import Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PAGE = "docs/reference/lint.md"


def sarif_document(problems: Sequence[Problem], *, root: Path) -> dict[str, object]:
    """Return one SARIF log; paths below ``root`` are written relative to it."""
    codes = sorted({problem.code for problem in problems})
    driver = {
        "name": "jobnet lint",
        "version": version("jobnet"),
        "rules": [{"id": code, "helpUri": f"{PAGE}#{code}"} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"uri": f"{root.as_uri()}/"}},
        "results": [_result(problem, codes, root) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem, codes: Sequence[str], root: Path) -> dict[str, object]:
    words = [f"{problem.path}:"] if problem.path else []
    words += [f"{problem.what.rstrip('.')}."]
    words += [f"{problem.hint.rstrip('.')}."] if problem.hint else []
    result: dict[str, object] = {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.severity.value,
        "message": {"text": " ".join(words)},
    }
    if problem.position.file:
        result["locations"] = [{"physicalLocation": _place(problem, root)}]
    return result


def _place(problem: Problem, root: Path) -> dict[str, object]:
    file, position = Path(problem.position.file), problem.position
    artifact: dict[str, object] = (
        {"uri": file.relative_to(root).as_posix(), "uriBaseId": "ROOT"}
        if file.is_relative_to(root)
        else {"uri": file.as_uri()}
    )
    place: dict[str, object] = {"artifactLocation": artifact}
    if position.line:
        place["region"] = {"startLine": position.line, "startColumn": max(position.column, 1)}
    return place
