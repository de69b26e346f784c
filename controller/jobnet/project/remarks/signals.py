"""Remarks on events that are waited for and that nothing in the project sends.

An event may also come from a person, a program or a playbook: where its name stands anywhere
in the text of a job, that is taken for a sender.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from jobnet.definition import Network, PlaybookJob, SendEvent, UnitJob, WaitEvent, walk
from jobnet.project.files import read_text
from jobnet.project.problems import Problem
from jobnet.project.remarks.telling import remark
from jobnet.project.suggestions import shown, suggest

WORD = re.compile(r"\w+")


class Senders:
    """Who in a project sends events; looked for when somebody asks."""

    def __init__(self, networks: Iterable[Network]) -> None:
        """Begin with the networks in which to look."""
        self._networks = networks

    def objection(self, event: str) -> tuple[str, str, str] | None:
        """Return code, what and hint of an event that nothing sends, or None."""
        name = _bare(event)
        if name in self._sent or self._words.issuperset(WORD.findall(name)):
            return None
        hint = suggest(event, self._sent, otherwise="It must come from outside")
        return "event_without_sender", f"Nothing in this project sends `{shown(event)}`", hint

    @cached_property
    def _every(self) -> tuple[Network, ...]:
        return tuple(self._networks)

    @cached_property
    def _sent(self) -> frozenset[str]:
        return frozenset(_bare(name) for name in _sent(self._every))

    @cached_property
    def _words(self) -> frozenset[str]:
        return _words(self._every)


def signal_remarks(networks: Iterable[Network], senders: Senders) -> Iterator[Problem]:
    """Yield the event waits of some networks that nothing in the project feeds."""
    for network in networks:
        for part in walk(network.flow):
            if not isinstance(part.body, WaitEvent):
                continue
            objection = senders.objection(part.body.name)
            if objection is not None:
                yield remark(part, *objection, at="wait_event.name")


def _bare(name: str) -> str:
    return name.rpartition("/")[2]


def _sent(networks: tuple[Network, ...]) -> Iterator[str]:
    for network in networks:
        for part in walk(network.flow):
            if isinstance(part.body, SendEvent):
                yield part.body.name


def _words(networks: tuple[Network, ...]) -> frozenset[str]:
    """Return every word in the texts of all jobs: what they hand to Ansible, and playbooks."""
    found: set[str] = set()
    playbooks: set[str] = set()
    for network in networks:
        for part in walk(network.flow):
            if not isinstance(part.body, UnitJob):
                continue
            content = part.body.content
            if isinstance(content, PlaybookJob):
                playbooks.add(content.path)
            else:
                found.update(WORD.findall(content.keywords))
    for path in sorted(playbooks):
        text = read_text(Path(path))
        found.update(WORD.findall(text) if isinstance(text, str) else ())
    return frozenset(found)
