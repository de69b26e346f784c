"""Puts a finished attempt together: records and verdict give its JobResult, all bounded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobnet.engine.results import HostResult, JobResult
from jobnet.execution.artifacts import find_artifacts
from jobnet.execution.bounds import (
    HOST_RESULTS_BYTES_MAX,
    HOST_VARS_BYTES_MAX,
    HOSTS_MAX,
    OUTPUTS_BYTES_MAX,
    Allowance,
    cut_value,
    shortened,
)
from jobnet.execution.manifest import Manifest
from jobnet.execution.spool import ARTIFACTS
from jobnet.execution.tally import HostTally, Tally
from jobnet.execution.verdict import BAD_STATES, AttemptEnd, judge
from jobnet.ids import HostName

_CUTS_MAX = 20


def collect(tally: Tally, end: AttemptEnd, manifest: Manifest, folder: Path) -> JobResult:
    """Return the result of the attempt whose spool is ``folder``."""
    verdict = judge(tally, end, manifest)
    cuts: list[str] = []
    hosts = _hosts(tally, cuts)
    outputs = bounded(tally.all_outputs, OUTPUTS_BYTES_MAX, "outputs", cuts)
    host_vars = _host_vars(tally, cuts) if manifest.keeps_host_vars else {}
    artifacts = find_artifacts(folder / ARTIFACTS, cuts)
    cuts += [f"hosts.{host}" for host in sorted(tally.cut_hosts)[:_CUTS_MAX]]
    return JobResult(
        end=verdict.end,
        is_normal=verdict.is_normal,
        exit_code=verdict.exit_code,
        ansible_rc=end.ansible_rc,
        message=verdict.message,
        hosts=hosts,
        outputs=outputs,
        artifacts=artifacts,
        host_vars=host_vars,
        duration_seconds=round(end.duration_seconds, 3),
        skipped_by_check_mode=verdict.skipped_by_check_mode,
        cuts=tuple(dict.fromkeys(cuts)),
        folder=str(folder),
    )


def bounded(
    values: Mapping[str, Any], bytes_max: int, name: str, cuts: list[str]
) -> dict[str, object]:
    """Return values that fit, and note in ``cuts`` if some did not.

    The small ones are kept first: one huge output does not take the others with it.
    """
    allowance = Allowance(bytes_max)
    kept: dict[str, object] = {}
    for key in sorted(values, key=lambda key: len(repr(values[key]))):
        if allowance.pay(len(key)):
            kept[key] = cut_value(values[key], allowance)
    if allowance.was_cut:
        cuts.append(name)
    return {key: kept[key] for key in values if key in kept}


def _hosts(tally: Tally, cuts: list[str]) -> dict[HostName, HostResult]:
    if len(tally.hosts) > HOSTS_MAX:
        cuts.append("hosts")
    allowance = Allowance(HOST_RESULTS_BYTES_MAX)
    kept = {}
    ranked = sorted(tally.hosts.items(), key=lambda entry: entry[1].state not in BAD_STATES)
    for name, host in ranked[:HOSTS_MAX]:
        kept[HostName(name)] = _host_result(host, allowance)
        if allowance.was_cut:
            cuts.append("hosts.results")
            allowance = Allowance(0)
    return {name: kept[name] for name in map(HostName, tally.hosts) if name in kept}


def _host_result(host: HostTally, allowance: Allowance) -> HostResult:
    codes = host.failed_codes or ([] if host.state in BAD_STATES else host.last_codes)
    stats = cut_value(host.stats, allowance)
    result = cut_value(host.result, allowance)
    return HostResult(
        state=host.state,
        rc=max(codes, default=None),
        message=shortened(host.message) if host.state in BAD_STATES else "",
        result=result if isinstance(result, dict) else {},
        stats=stats if isinstance(stats, dict) else {},
        counts=dict(host.counts),
    )


def _host_vars(tally: Tally, cuts: list[str]) -> dict[HostName, Mapping[str, object]]:
    allowance = Allowance(HOST_VARS_BYTES_MAX)
    kept: dict[HostName, Mapping[str, object]] = {}
    for name, host in list(tally.hosts.items())[:HOSTS_MAX]:
        values = cut_value({**host.registered, **host.facts}, allowance)
        if isinstance(values, dict) and values:
            kept[HostName(name)] = values
    if allowance.was_cut:
        cuts.append("host_vars")
    return kept
