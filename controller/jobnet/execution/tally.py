"""Adds up the records of a job: per host, per output, and what counts for the exit code."""

import operator
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from jobnet.engine.results import HostState
from jobnet.execution.records import Record


@dataclass(slots=True, kw_only=True)
class HostTally:
    """What one host's tasks gave so far."""

    failed_codes: list[int] = field(default_factory=list)
    last_codes: list[int] = field(default_factory=list)
    message: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    stats: dict[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    registered: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    has_failed: bool = False
    is_unreachable: bool = False
    seen: set[str] = field(default_factory=set)

    @property
    def state(self) -> HostState:
        """Ansible's verdict on this host, as in the recap."""
        if self.is_unreachable or self.counts.get("unreachable"):
            return HostState.UNREACHABLE
        if self.has_failed or self.counts.get("failures"):
            return HostState.FAILED
        if self.counts.get("changed") or "changed" in self.seen:
            return HostState.CHANGED
        if self.counts.get("ok") or "ok" in self.seen:
            return HostState.OK
        return HostState.SKIPPED


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a whole job gave so far."""

    hosts: dict[str, HostTally] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    all_codes: list[int] = field(default_factory=list)
    plays: int = 0
    plays_without_hosts: int = 0
    prompt: str | None = None
    has_ended: bool = False
    has_run_tasks: bool = False
    has_check_skips: bool = False
    cut_hosts: set[str] = field(default_factory=set)

    @property
    def has_started(self) -> bool:
        """Whether at least one play found a host."""
        return self.plays > self.plays_without_hosts

    @property
    def all_outputs(self) -> dict[str, Any]:
        """The outputs before any cut: ``set_stats`` data; with one host registered results."""
        only = next(iter(self.hosts.values())) if len(self.hosts) == 1 else HostTally()
        return {**only.registered, **self.outputs}

    def add(self, record: Record) -> None:
        """Take one record."""
        match record["kind"]:
            case "play":
                self.plays += 1
            case "no_hosts":
                self.plays_without_hosts += 1
            case "prompt":
                self.prompt = str(record.get("name", ""))
            case "recap":
                self._host(record).counts = record.get("counts", {})
            case "end":
                self.has_ended = True
            case "result":
                self._add_result(record)

    def _host(self, record: Record) -> HostTally:
        return self.hosts.setdefault(str(record.get("host", "")), HostTally())

    def _add_result(self, record: Record) -> None:
        host = self._host(record)
        state = str(record.get("state", ""))
        codes = list(record.get("rc", []))
        self.all_codes += codes
        self.has_check_skips |= bool(record.get("check_skip"))
        if record.get("ran", True) and state != "skipped":
            self.has_run_tasks = True
        if record.get("was_cut"):
            self.cut_hosts.add(str(record.get("host", "")))
        if state != "skipped":
            host.last_codes = codes
            host.result = record.get("result", {})
        host.seen.add(state)
        if record.get("counts"):
            _add_failure(host, record, state)
        if name := record.get("register"):
            host.registered[str(name)] = record.get("result", {})
        host.facts |= record.get("facts", {})
        for stats in record.get("stats", []):
            self._add_stats(host, stats)

    def _add_stats(self, host: HostTally, stats: Mapping[str, Any]) -> None:
        """Aggregate as Ansible does: dictionaries merge, equal types add, others are dropped."""
        data = stats.get("data")
        target = host.stats if stats.get("per_host", True) else self.outputs
        for name, value in data.items() if isinstance(data, dict) else ():
            if not stats.get("aggregate") or name not in target:
                target[name] = value
            else:
                _aggregate(target, name, value)


def tally_of(records: Iterable[Record]) -> Tally:
    """Return the sum of all records."""
    tally = Tally()
    for record in records:
        tally.add(record)
    return tally


def _add_failure(host: HostTally, record: Record, state: str) -> None:
    host.failed_codes += list(record.get("failed_rc", []))
    host.message = str(record.get("message", ""))
    host.has_failed |= state == "failed"
    host.is_unreachable |= state == "unreachable"


def _aggregate(target: MutableMapping[str, Any], name: str, value: object) -> None:
    present = target[name]
    if isinstance(value, dict) and isinstance(present, dict):
        target[name] = _merged(present, value)
    elif isinstance(value, type(present)) and isinstance(value, str | int | float | list):
        target[name] = operator.add(present, value)


def _merged(present: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """Merge as ansible-core's merge_hash does: deep, lists replaced."""
    both = dict(present)
    for name, item in value.items():
        inner = both.get(name)
        if isinstance(inner, dict) and isinstance(item, dict):
            both[name] = _merged(inner, item)
        else:
            both[name] = item
    return both
