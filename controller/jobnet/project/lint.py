"""Tells what a definition permits and its author probably did not mean: the silent failures.

Errors are found while the text is read; the remarks are about what would run and surprise.
What needs an inventory or Ansible itself is asked by the command, not here.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from jobnet.definition import Bundle, Network, WaitNetwork, WaitPart, walk
from jobnet.ids import NetworkName
from jobnet.project.bundles import resolve
from jobnet.project.problems import Findings, Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.calendars import calendar_remarks
from jobnet.project.remarks.compiled_calendars import CompiledCalendars
from jobnet.project.remarks.deadlocks import deadlock_remarks
from jobnet.project.remarks.jumps import jump_remarks
from jobnet.project.remarks.parts import part_remarks
from jobnet.project.remarks.prompts import prompt_remarks
from jobnet.project.remarks.reach import reach_remarks
from jobnet.project.remarks.references import reference_remarks
from jobnet.project.remarks.schedules import schedule_remarks
from jobnet.project.remarks.signals import Senders, signal_remarks
from jobnet.project.remarks.start_conditions import start_remarks
from jobnet.project.remarks.times import time_remarks
from jobnet.project.remarks.windows import window_remarks

NETWORKS_MAX = 1_000
"""How many networks are looked at together for waits that never end."""


def lint(subject: Reading | Bundle, *, today: date | None = None) -> tuple[Problem, ...]:
    """Return every problem and warning of what was read, in the order of the text.

    Without ``today`` nothing is said about calendars that end and about summer time.
    """
    findings = Findings()
    if isinstance(subject, Bundle):
        for network in subject.networks.values():
            findings.extend(network_remarks(network))
            findings.extend(time_remarks(subject, network, today=today))
        return findings.in_order()
    findings.extend(subject.problems)
    bundles = _resolved(subject, findings)
    for network in subject.networks.values():
        findings.extend(network_remarks(network))
    for bundle in bundles:
        findings.extend(time_remarks(bundle, bundle.network, today=today))
    findings.extend(prompt_remarks(subject.networks.values()))
    senders = Senders(_Everywhere(subject))
    findings.extend(signal_remarks(subject.networks.values(), senders))
    findings.extend(reference_remarks(subject))
    calendars = CompiledCalendars()
    findings.extend(schedule_remarks(subject, calendars, today=today))
    findings.extend(start_remarks(subject, senders, calendars))
    findings.extend(window_remarks(subject, calendars, today=today))
    findings.extend(deadlock_remarks(_with_awaited(subject, bundles)))
    findings.extend(calendar_remarks(subject, today=today))
    return findings.in_order()


def network_remarks(network: Network) -> Iterator[Problem]:
    """Yield what one network gives reason for, whatever stands beside it."""
    yield from part_remarks(network)
    yield from reach_remarks(network)
    yield from jump_remarks(network)


def _resolved(reading: Reading, findings: Findings) -> list[Bundle]:
    made: list[Bundle] = []
    for name in reading.networks:
        bundle, problems = resolve(reading, name)
        findings.extend(problems)
        if bundle is not None:
            made.append(bundle)
    return made


def _with_awaited(reading: Reading, bundles: list[Bundle]) -> dict[NetworkName, Network]:
    """Return all networks of some bundles and those that they wait for, wherever they stand."""
    found: dict[NetworkName, Network] = {}
    waiting = [network for bundle in bundles for network in bundle.networks.values()]
    while waiting and len(found) < NETWORKS_MAX:
        network = waiting.pop()
        if network.name in found:
            continue
        found[network.name] = network
        for part in walk(network.flow):
            name = part.body.network if isinstance(part.body, WaitNetwork | WaitPart) else None
            if name is None or NetworkName(name) in found:
                continue
            if reading.shelf.find("network", name, "") is not None:
                bundle, _ = resolve(reading, NetworkName(name))
                waiting += [bundle.network] if bundle is not None else []
    return found


class _Everywhere(Iterable[Network]):
    """All networks of the project; its other files are read only if somebody asks."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def __iter__(self) -> Iterator[Network]:
        yield from self.reading.networks.values()
        for document in self.reading.shelf.every("network"):
            if isinstance(document.value, Network):
                yield document.value
