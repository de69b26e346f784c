"""Decides which files have come, changed or gone, from what was seen of them before.

What is there at the first look starts nothing. A change counts when the file has stayed as it is
for ``settle``, so that nobody reads half of it. The memory is plain data: it is kept beside what
has come, and a look that is told twice brings nothing twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from jobnet.schedules.conditions import FileChange

FILES_MAX: Final = 1_000
"""So many files of one host are remembered for one source."""

Mark = tuple[int, float, int]
"""Size, time of the last change and inode: what makes a file another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderLook:
    """The files of one host that match, by path; ``problem`` means that nothing was seen."""

    files: Mapping[str, Mark] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file that is about to count: what it looks like (None: gone), and since when."""

    mark: Mark | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMemory:
    """What is known of the files of one host: how they stood, and what settles."""

    known: Mapping[str, Mark] = field(default_factory=dict)
    settling: Mapping[str, Change] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that counts now; ``change`` tells it from what happens to the same path later."""

    path: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look comes to; ``again`` is when something will have settled."""

    memory: HostMemory
    arrivals: tuple[Arrival, ...] = ()
    again: datetime | None = None


def after_look(
    event: FileChange,
    before: HostMemory | None,
    look: FolderLook,
    *,
    settle: timedelta,
    now: datetime,
) -> Looked:
    """Return what a look at one host comes to; ``before`` None: it is the first one."""
    if look.problem:
        return Looked(memory=before or HostMemory(), again=None)
    if before is None:
        return Looked(memory=HostMemory(known=dict(look.files)))
    known = {path: mark for path, mark in before.known.items() if _stays(event, path, look)}
    settling: dict[str, Change] = {}
    arrivals: list[Arrival] = []
    for path, mark in _changed(event, known, look):
        change = before.settling.get(path)
        if change is None or change.mark != mark:
            change = Change(mark=mark, since=now)
        if now - change.since < settle:
            settling[path] = change
            continue
        arrivals.append(Arrival(path=path, change=change))
        known.pop(path, None)
        if mark is not None:
            known[path] = mark
    if event is not FileChange.CREATED:
        known = {**look.files, **known}
    again = min((each.since + settle for each in settling.values()), default=None)
    memory = HostMemory(known=known, settling=settling)
    return Looked(memory=memory, arrivals=tuple(arrivals), again=again)


def _stays(event: FileChange, path: str, look: FolderLook) -> bool:
    """Return whether a file is still remembered; one that is awaited to go is, when it has."""
    return path in look.files or event is FileChange.DELETED


def _changed(
    event: FileChange, known: Mapping[str, Mark], look: FolderLook
) -> Iterator[tuple[str, Mark | None]]:
    """Yield the paths that differ from what is known in the way that is awaited."""
    if event is FileChange.DELETED:
        yield from ((path, None) for path in sorted(known) if path not in look.files)
        return
    for path, mark in sorted(look.files.items()):
        is_new = path not in known
        if (event is FileChange.CREATED) == is_new and (is_new or known[path] != mark):
            yield path, mark
