"""Tells which jobs would find no host: their patterns, asked of Ansible's inventory manager.

Only what is written out is asked; a pattern with a template is decided when the job runs.
An inventory that is a program or a plugin is asked only if the operator names one or asks
for Ansible's help, since linting a file should not call a cloud.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobnet.definition import Network, Part, Position, UnitJob, WaitFile, walk
from jobnet.execution.host_patterns import Found, PatternAnswer, PatternQuestion, find_hosts
from jobnet.project import Level, Problem
from jobnet.project.start_conditions import path_of
from jobnet.schedules import FileArrived, StartCondition, leaves

Place = tuple[Position, str]
Asked = dict[PatternQuestion, list[Place]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCondition:
    """A start condition, where it stands, and the project in which its hosts are looked up."""

    condition: StartCondition
    position: Position
    root: str


def inventory_problems(
    networks: Sequence[Network],
    conditions: Sequence[PlacedCondition],
    *,
    inventories: Sequence[str],
    may_run: bool,
) -> Iterator[Problem]:
    """Yield the places whose pattern matches no host, and the inventories nobody could read.

    ``inventories`` stand in for what the text and ``ansible.cfg`` say, if any are given.
    """
    by_root: dict[str, Asked] = {}
    for network in networks:
        asked = by_root.setdefault(network.project_root, {})
        for part in walk(network.flow):
            for question, at in _questions(part, tuple(inventories)):
                place = (part.position, f"{part.path}.{at}")
                asked.setdefault(question, []).append(place)
    for one in conditions:
        asked = by_root.setdefault(one.root, {})
        for question, at in _questions_of(one.condition, tuple(inventories)):
            asked.setdefault(question, []).append((one.position, at))
    for root, asked in by_root.items():
        yield from _missing(asked)
        left = {one: parts for one, parts in asked.items() if not _gone(one)}
        if left:
            answers = find_hosts(tuple(left), root=Path(root), may_run=may_run)
            yield from _told(left, answers)


def _questions(part: Part, inventories: tuple[str, ...]) -> Iterator[tuple[PatternQuestion, str]]:
    body = part.body
    match body:
        case UnitJob(empty_hosts_ok=False, content=content):
            hosts, at = content.hosts, "hosts"
        case WaitFile(hosts=hosts):
            at = "wait_file.hosts"
        case _:
            return
    named = body.inventory
    if hosts is None or not hosts.is_constant or not all(one.is_constant for one in named):
        return
    sources = inventories or tuple(one.text for one in named)
    yield PatternQuestion(pattern=hosts.text, sources=sources), at


def _questions_of(
    condition: StartCondition, inventories: tuple[str, ...]
) -> Iterator[tuple[PatternQuestion, str]]:
    for leaf in leaves(condition.when):
        if isinstance(leaf.source, FileArrived):
            sources = inventories or leaf.source.inventory
            at = path_of(leaf, "file", "hosts")
            yield PatternQuestion(pattern=leaf.source.hosts, sources=sources), at


def _gone(question: PatternQuestion) -> str:
    """Return the first inventory of a question that does not exist, or ""."""
    return next((one for one in question.sources if "," not in one and not Path(one).exists()), "")


def _missing(asked: Asked) -> Iterator[Problem]:
    told: set[str] = set()
    for question, parts in asked.items():
        source = _gone(question)
        if source and source not in told:
            told.add(source)
            hint = "Create it, or correct the path; it counts from the file that names it"
            what = f"There is no inventory {source}"
            yield _problem(parts[0], "missing_inventory", what, hint)


def _told(asked: Asked, answers: Sequence[PatternAnswer]) -> Iterator[Problem]:
    told: set[tuple[str, tuple[str, ...]]] = set()
    for (question, parts), answer in zip(asked.items(), answers, strict=True):
        where = ", ".join(question.sources) or "of ansible.cfg"
        once = (answer.kind.value, question.sources)
        match answer.kind:
            case Found.HOSTS if not answer.hosts:
                what = f"No host matches `{question.pattern}` in the inventory {where}"
                hint = f"It has {answer.known} hosts" if answer.known else "It has no hosts at all"
                for place in parts:
                    yield _problem(place, "no_host_matches", what, hint)
            case Found.NO_INVENTORY if once not in told:
                what = "No inventory is named here, and `ansible.cfg` names none"
                hint = "Add `inventory` to the network, or name one with --inventory"
                yield _problem(parts[0], "no_inventory", what, hint)
            case Found.UNREADABLE if once not in told:
                what = f"The inventory {where} cannot be read: {answer.why}"
                yield _problem(parts[0], "unreadable_inventory", what, "")
            case _:
                continue
        told.add(once)


def _problem(place: Place, code: str, what: str, hint: str) -> Problem:
    position, path = place
    return Problem(
        severity=Level.WARNING, code=code, position=position, path=path, what=what, hint=hint
    )
