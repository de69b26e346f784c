"""Lets Ansible's own tools judge what networks hand to it, and says so in the author's file.

Playbooks are judged as they are. The plays that Jobnet makes of tasks and roles are written to
a folder that is gone afterwards; a line of theirs is found again in the text of the network.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobnet.definition import Network, Part, PlaybookJob, PlayJob, Position, UnitJob, walk
from jobnet.execution.checks import (
    Objection,
    find_ansible_lint,
    lint_objections,
    syntax_objection,
)
from jobnet.execution.mirror import free_name, mirror
from jobnet.execution.play_text import play_yaml
from jobnet.ports.jobs import PlayText
from jobnet.project import Level, Problem

OF_OUR_TEXT = re.compile(r"(yaml|key-order|name\[play\]|playbook-extension|schema\[playbook\])")
"""Rules about what Jobnet wrote around the author's text, or about how it is laid out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """One play that Jobnet makes: its part, its text, and the line where the next part begins."""

    part: Part
    lines: tuple[str, ...]
    line_after: int


def ansible_problems(networks: Sequence[Network]) -> Iterator[Problem]:
    """Yield what the syntax check and, where it is installed, ansible-lint object to."""
    for root in dict.fromkeys(network.project_root for network in networks):
        here = [network for network in networks if network.project_root == root]
        playbooks = _playbooks(here)
        refused = {}
        for path, part in playbooks.items():
            objection = syntax_objection(path, root=Path(root))
            if objection is not None:
                refused[path] = objection
                yield _refused(objection, part)
        with tempfile.TemporaryDirectory(prefix="jobnet-lint-") as folder:
            plays = _write_plays(here, Path(folder))
            left = [path for path in playbooks if path not in refused and Path(path).is_file()]
            yield from _linted(left, plays, Path(root))


def _playbooks(networks: Sequence[Network]) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for network in networks:
        for part in walk(network.flow):
            if isinstance(part.body, UnitJob) and isinstance(part.body.content, PlaybookJob):
                found.setdefault(part.body.content.path, part)
    return found


def _refused(objection: Objection, part: Part) -> Problem:
    is_placed = bool(objection.line)
    return Problem(
        code="playbook_refused",
        position=Position(objection.file, objection.line, objection.column)
        if is_placed
        else part.position,
        path="" if is_placed else part.path,
        what=f"Ansible refuses this playbook: {objection.what}",
    )


def _write_plays(networks: Sequence[Network], folder: Path) -> dict[str, Generated]:
    """Write the plays where roles and files are found as they are beside the network."""
    found: dict[str, Generated] = {}
    mirrors: dict[Path, Path] = {}
    for network in networks:
        around = Path(network.file).parent
        if around not in mirrors:
            into = folder / str(len(mirrors))
            root = Path(network.project_root)
            mirrors[around] = mirror(project_root=root, network_folder=around, into=into)
        parts = sorted(walk(network.flow), key=lambda part: part.position)
        ends = [*(part.position.line for part in parts[1:]), 0]
        for part, line_after in zip(parts, ends, strict=True):
            text = _play_of(part)
            if text:
                path = mirrors[around] / free_name(mirrors[around], f"play_{len(found)}.yml")
                path.write_text(text, encoding="utf-8")
                lines = tuple(text.splitlines())
                found[str(path)] = Generated(part=part, lines=lines, line_after=line_after)
    return found


def _play_of(part: Part) -> str:
    """Return the play that Jobnet makes of a part, or "" where it makes none."""
    if not (isinstance(part.body, UnitJob) and isinstance(part.body.content, PlayJob)):
        return ""
    play, name = part.body.content, part.name or part.id
    return play_yaml(
        PlayText(name=name, hosts="all", keywords=play.keywords, variables=play.variables), {}
    )


def _linted(
    playbooks: Sequence[str], plays: Mapping[str, Generated], root: Path
) -> Iterator[Problem]:
    if not playbooks and not plays:
        return
    program = find_ansible_lint()
    if program is None:
        yield _said("ansible_lint_missing", "ansible-lint is not installed, so it was not asked",
                    "pip install ansible-lint")  # fmt: skip
        return
    found = lint_objections(program, [*playbooks, *plays], root=root)
    if isinstance(found, str):
        yield _said("ansible_lint_missing", f"ansible-lint gave no answer: {found}", "")
        return
    for objection in found:
        play = plays.get(str(Path(objection.file)))
        if play is None:
            place = Position(objection.file, objection.line, objection.column)
            yield _remark(objection, place, "")
        elif not OF_OUR_TEXT.match(objection.rule):
            yield _remark(objection, author_place(play, objection.line), play.part.path)


def _remark(objection: Objection, place: Position, path: str) -> Problem:
    what = f"{objection.what.rstrip('.')} [{objection.rule}]"
    return Problem(
        severity=Level.WARNING, code="ansible_lint", position=place, path=path, what=what
    )


def _said(code: str, what: str, hint: str) -> Problem:
    return Problem(severity=Level.WARNING, code=code, what=what, hint=hint)


def author_place(play: Generated, line: int) -> Position:
    """Return where a line of a generated play stands in the author's file.

    It is the line of the part that reads the same; where none does, the part itself.
    """
    place = play.part.position
    try:
        written = Path(place.file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return place
    wanted = _words(play.lines[line - 1]) if 0 < line <= len(play.lines) else ""
    last = play.line_after - 1 if play.line_after >= place.line else len(written)
    for number in range(place.line, max(last, place.line) + 1):
        if number <= len(written) and wanted and wanted == _words(written[number - 1]):
            column = len(written[number - 1]) - len(written[number - 1].lstrip(" ")) + 1
            return Position(place.file, number, column)
    return place


def _words(line: str) -> str:
    return line.strip().removeprefix("- ").strip()
