"""Remarks on events that are waited for and that nothing in the project sends.

An event may also come from a person, a program or a playbook: where its name stands anywhere
in the text of a job, that is taken for a sender.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jobnet.definition import Network, PlaybookJob, SendEvent, UnitJob, WaitEvent, walk
from jobnet.project.files import read_text
from jobnet.project.problems import Problem
from jobnet.project.remarks.telling import remark
from jobnet.project.suggestions import shown, suggest

WORD = re.compile(r"\w+")


def signal_remarks(networks: Iterable[Network], *, within: Iterable[Network]) -> Iterator[Problem]:
    """Yield the event waits of some networks that no network ``within`` the project feeds."""
    waits = [
        (part, part.body)
        for network in networks
        for part in walk(network.flow)
        if isinstance(part.body, WaitEvent)
    ]
    if not waits:
        return
    every = tuple(within)
    sent = {_bare(name) for name in _sent(every)}
    words: frozenset[str] | None = None
    for part, body in waits:
        name = _bare(body.name)
        if name in sent:
            continue
        words = _words(every) if words is None else words
        if words.issuperset(WORD.findall(name)):
            continue
        what = f"Nothing in this project sends `{shown(body.name)}`"
        hint = suggest(body.name, sent, otherwise="It must come from outside")
        yield remark(part, "event_without_sender", what, hint, at="wait_event.name")


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
