"""Puts a finished attempt together: records and verdict give its JobResult, all bounded."""

import json
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
    WHOLE_OUTPUTS_BYTES_MAX,
    Allowance,
    cut_value,
    shortened,
)
from jobnet.execution.end import AttemptEnd
from jobnet.execution.manifest import Manifest
from jobnet.execution.output import is_disk_full
from jobnet.execution.records import RecordReader
from jobnet.execution.spool import (
    ARTIFACTS,
    MANIFEST,
    OUTPUT,
    OUTPUTS,
    RECORDS,
    RESULT,
    Spool,
    write_whole,
)
from jobnet.execution.tally import HostTally, Tally, tally_of
from jobnet.execution.verdict import BAD_STATES, judge
from jobnet.ids import HostName

_CUTS_MAX = 20
_OUTPUT_READ_MAX = 256 * 1024


def collect(spool: Spool) -> JobResult:
    """Return the result of an ended attempt; the same again for whoever asks again."""
    manifest = Manifest.from_text(spool[MANIFEST].read_text())
    end = AttemptEnd.from_text(spool[RESULT].read_text())
    tally = tally_of(RecordReader(spool[RECORDS]).new_records())
    result = put_together(tally, end, manifest, spool)
    if "outputs" in result.cuts and not spool[OUTPUTS].exists():
        _keep_whole_outputs(tally, spool)
    return result


def put_together(tally: Tally, end: AttemptEnd, manifest: Manifest, spool: Spool) -> JobResult:
    """Return the result that records and end amount to."""
    verdict = judge(tally, end, manifest, _end_of(spool[OUTPUT]))
    cuts: list[str] = []
    hosts = _hosts(tally, cuts)
    outputs = bounded(tally.all_outputs, OUTPUTS_BYTES_MAX, "outputs", cuts)
    host_vars = _host_vars(tally, cuts) if manifest.keeps_host_vars else {}
    artifacts = find_artifacts(spool[ARTIFACTS], cuts)
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
        folder=str(spool.folder),
    )


def _keep_whole_outputs(tally: Tally, spool: Spool) -> None:
    whole = bounded(tally.all_outputs, WHOLE_OUTPUTS_BYTES_MAX, "outputs", [])
    try:
        write_whole(spool[OUTPUTS], json.dumps(whole, default=str))
    except OSError as error:
        if not is_disk_full(error):
            raise  # on a full disk the cut outputs are all there is, and marked as cut


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _OUTPUT_READ_MAX))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


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
