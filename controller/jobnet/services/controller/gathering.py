"""Finds the files that hold definitions at the paths that are applied, and reads each once.

A file that holds nothing of Jobnet's is passed over, as ``jobnet lint`` does. One that was named
itself, or that is part of the edition already, must be readable. A path inside a folder that was
applied before counts its names from there, so that a part of it can be applied again.
"""

import hashlib
import os.path
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jobnet.definition import Position
from jobnet.errors.definitions import NothingToApply, PathRefused, TooMuchApplied
from jobnet.ports.store.editions import SourceFile
from jobnet.project import GivenFile, Problem, Site
from jobnet.project.files import BYTES_MAX, read_text
from jobnet.project.folders import FILES_MAX, SUFFIXES, project_root, yaml_files_below
from jobnet.project.given import read_given
from jobnet.project.problems import Level
from jobnet.project.raw import raw_of
from jobnet.project.schema.documents import SHAPES
from jobnet.services.controller.sites import Sites, innermost

LOOKS_LIKE_OURS = re.compile(rf"^kind:\s*[\"']?({'|'.join(SHAPES)})\b", re.MULTILINE)
PATH_LENGTH_MAX = 500


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What was found: ``files`` by path, ``gone`` are held files that are not there any more.

    ``bases`` are the applied folders from now on. ``is_given``: the texts do not come from the
    disk.
    """

    bases: tuple[str, ...]
    is_given: bool = False
    files: dict[str, SourceFile] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def source_file(path: str, base: str, text: str) -> SourceFile:
    """Return one file of an edition."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return SourceFile(path=path, base=base, digest=digest, text=text)


def gather(paths: Iterable[str | Path], held: Mapping[str, SourceFile], sites: Sites) -> Gathered:
    """Read files and folders of this machine; ``held`` are the files of the edition by path.

    Raises ``NothingToApply`` and ``TooMuchApplied``.
    """
    found = Gathered(bases=sites.bases)
    for path in dict.fromkeys(_plain_path(one) for one in paths):
        below = [one for one in held if innermost(one, [path]) is not None]
        if Path(path).is_dir():
            _folder(path, below, held, found)
        elif Path(path).exists() or path in held:
            _file(path, held, found, is_named=True)
        elif below:
            found.gone += below
        else:
            raise NothingToApply(path)
    found.problems += _taken_back(found, held, sites)
    return found


def gather_texts(
    texts: Sequence[tuple[str, str]], base: str, held: Mapping[str, SourceFile], sites: Sites
) -> Gathered:
    """Take texts as the files below one base, whatever is on the disk.

    Raises ``PathRefused``, ``NothingToApply`` and ``TooMuchApplied``.
    """
    if not os.path.isabs(base) or not Path(base).is_dir():  # noqa: PTH117 - it is a text
        raise NothingToApply(base, problem="this is no absolute path of a folder")
    base = os.path.abspath(base)  # noqa: PTH100 - text only
    _count(len(texts))
    found = Gathered(bases=with_base(sites.bases, base), is_given=True)
    home = innermost(base, found.bases) or base
    for relative, text in texts:
        path = str(Path(base) / confined(relative))
        if path in found.files:
            raise PathRefused(relative, problem="is given twice")
        _refuse_text(relative, text)
        found.files[path] = source_file(path, home, text)
    below = (one for one in held if innermost(one, [base]) is not None)
    found.gone += [one for one in below if one not in found.files]
    return found


def _taken_back(found: Gathered, held: Mapping[str, SourceFile], sites: Sites) -> Iterator[Problem]:
    for path in sites.edited:
        if path not in found.files or path not in held:
            continue  # what was removed in the controller is not undone by a file, but new
        if found.files[path].digest != held[path].digest:
            yield Problem(
                severity=Level.WARNING,
                code="edit_taken_back",
                position=Position(path),
                what="This file was changed in the controller, and the one on the disk undoes that",
                hint="Keep the changes with `jobnet export`, see them with `jobnet diff`",
            )


def confined(relative: str) -> str:
    """Return a path below a base; raises ``PathRefused`` for every other one."""
    steps = relative.split("/")
    problem = ""
    if not relative or len(relative) > PATH_LENGTH_MAX:
        problem = f"is empty or longer than {PATH_LENGTH_MAX} characters"
    elif relative.startswith("/") or any(step in {"", ".", ".."} for step in steps):
        problem = "leads out of its folder, or is not written plainly"
    elif not relative.isprintable() or "\\" in relative:
        problem = "holds a character that no path may have here"
    elif PurePosixPath(relative).suffix not in SUFFIXES:
        problem = "does not end in .yml or .yaml"
    if problem:
        raise PathRefused(relative, problem=problem)
    return relative


def _refuse_text(relative: str, text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise PathRefused(relative, problem="has a text with half a character") from None
    if size > BYTES_MAX:
        raise PathRefused(relative, problem=f"holds more than {BYTES_MAX // 1024 // 1024} MiB")


def _plain_path(path: str | Path) -> str:
    """Return an absolute path without detours; nobody knows where the controller stands."""
    if not os.path.isabs(path):  # noqa: PTH117 - it may be a text
        raise NothingToApply(str(path), problem="this path is not absolute")
    return os.path.normpath(path)


def with_base(bases: Sequence[str], folder: str) -> tuple[str, ...]:
    """Return the applied folders with one more; one inside another is part of that."""
    if innermost(folder, bases) is not None:
        return tuple(bases)
    return (*(one for one in bases if innermost(one, [folder]) is None), folder)


def _folder(
    folder: str, below: Sequence[str], held: Mapping[str, SourceFile], found: Gathered
) -> None:
    found.bases = with_base(found.bases, folder)
    there = {str(one): None for one in yaml_files_below(Path(folder))}
    _count(len(there))
    for path in sorted({*there, *below}):
        _file(path, held, found, is_named=False)


def _count(files: int) -> None:
    if files >= FILES_MAX:
        raise TooMuchApplied("files", count=files, count_max=FILES_MAX - 1)


def _file(path: str, held: Mapping[str, SourceFile], found: Gathered, *, is_named: bool) -> None:
    text = read_text(Path(path))
    if isinstance(text, Problem):
        if path in held and not Path(path).exists():
            found.gone.append(path)
        elif is_named or path in held:
            found.problems.append(text)
        else:
            found.passed_over.append(path)
        return
    base = _base(path, held, found)
    given = GivenFile(path=Path(path), base=Path(base), text=text, site=_nowhere(path, base))
    if _is_ours(given, held.get(path), is_named=is_named):
        if not _is_text(path):
            found.problems.append(_strange(path))
            return
        found.files[path] = source_file(path, base, text)
    elif path in held:
        found.gone.append(path)
    else:
        found.passed_over.append(path)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _strange(path: str) -> Problem:
    return Problem(
        code="strange_path",
        position=Position(path.encode(errors="backslashreplace").decode()),
        what="The path of this file is not UTF-8",
        hint="Rename the file or its folder",
    )


def _base(path: str, held: Mapping[str, SourceFile], found: Gathered) -> str:
    base = innermost(path, found.bases)
    if base is not None:
        return base
    return held[path].base if path in held else str(project_root(Path(path)))


def _is_ours(given: GivenFile, before: SourceFile | None, *, is_named: bool) -> bool:
    """Return whether a text belongs into an edition; a plain list does if it was asked for."""
    if before is not None and before.text == given.text:
        return True
    raw = raw_of(given.text, given.path, "", is_named=False)
    if is_named or raw.documents or raw.problems:
        return True
    if LOOKS_LIKE_OURS.search(given.text):  # one that cannot be read at all is not passed over
        return bool(raw_of(given.text, given.path, "", is_named=True).problems)
    return before is not None and _is_list(given.text, given) and _is_list(before.text, given)


def _is_list(text: str, given: GivenFile) -> bool:
    file = GivenFile(path=given.path, base=given.base, text=text, site=given.site)
    return any(raw.listed is not None for raw in read_given(file).documents)


def _nowhere(path: str, base: str) -> Site:
    """Return a site for a text of which only the documents are asked for."""
    return Site(file=Path(path), root=Path(base))
