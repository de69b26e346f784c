"""Decides which problems of a next edition keep it from being applied.

The whole of it is looked at, since a change here may break a network there. What was wrong before
in files that nobody applies now is no reason to refuse the others: what such a file names on the
disk was taken away since.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jobnet.definition import Position
from jobnet.errors.definitions import DefinitionsRefused
from jobnet.project import Problem, Reading, lint
from jobnet.project.problems import Level

Key = tuple[str, str, str]
ELSEWHERE = "Add a document with kind: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What has to be judged: a reading, and those files of it that are applied now.

    ``other`` are problems that were found beside the reading. ``gone`` are held files that are
    no longer on the disk. ``takes_away``: documents that others may need are in it no more.
    """

    reading: Reading
    touched: frozenset[str]
    other: Sequence[Problem]
    gone: Sequence[str]
    takes_away: bool


def warnings_of(
    judged: Judged, before: Callable[[], Reading], *, today: date
) -> tuple[Problem, ...]:
    """Return the warnings; raises ``DefinitionsRefused`` with all errors where there are any."""
    found = [*judged.other, *_empty(judged), *lint(judged.reading, today=today)]
    elsewhere = [one for one in found if one.position.file not in judged.touched]
    known: frozenset[Key] = frozenset()
    if any(one.is_error or judged.takes_away for one in elsewhere):
        known = frozenset(_key(one) for one in lint(before(), today=today))
    news = [one for one in elsewhere if _key(one) not in known]
    here = [one for one in found if one.position.file in judged.touched]
    errors = [one for one in (*here, *news) if one.is_error]
    if errors:
        raise DefinitionsRefused([_for_apply(one, judged.gone) for one in errors])
    old = (replace(one, severity=Level.WARNING) for one in elsewhere if one.is_error)
    told = news if judged.takes_away else []
    return tuple(_for_apply(one, judged.gone) for one in (*here, *told, *old))


def _key(problem: Problem) -> Key:
    return problem.code, problem.position.file, problem.what


def _empty(judged: Judged) -> Iterator[Problem]:
    files = judged.reading.shelf.library.files
    for path in sorted(judged.touched):
        raw = files.get(Path(path))
        if raw is not None and not raw.documents and not raw.problems:
            yield Problem(
                code="no_document",
                position=Position(path),
                what="Nothing in this file is a document of Jobnet",
                hint="Begin a network with `kind: network` and `name: NAME`",
            )


def _for_apply(problem: Problem, gone: Iterable[str]) -> Problem:
    """Return a problem with the hint that helps where files are applied."""
    if problem.hint.startswith(ELSEWHERE):
        kind = problem.hint.removeprefix(ELSEWHERE).split()[0]
        hint = f"Apply the file or folder that holds it, or add a document with kind: {kind}"
        return replace(problem, hint=hint)
    first = problem.what.rpartition(": ")[2].rsplit(":", 2)[0]
    if problem.code == "duplicate_document" and first in gone:
        hint = "That file is not there any more; say --prune to remove what was in it"
        return replace(problem, hint=hint)
    return problem
