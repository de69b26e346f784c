"""Names every limit of a run. Going over one is a visible cut or an abnormal end, never a hang.

The numbers are generous for real networks and small enough that no run can fill a disk.
"""

import json
from collections.abc import Callable, Mapping

from jobnet.engine.replacing import replace
from jobnet.engine.results import HostState, JobResult
from jobnet.engine.tracker import RunRecord

FACTS_PER_STEP_MAX = 500
TIMERS_PER_FACT_MAX = 200
HOSTS_MAX = 1_000
JOURNAL_ENTRY_MAX_BYTES = 256 * 1024
"""What an entry may take as a line of the journal, in ASCII.

The values in it have smaller bounds of their own, most of them in UTF-8: a text takes at most
three times of that once it is escaped.
"""
ENTRIES_MAX = 1_000_000
"""So many entries a run may have; then nothing begins in it any more."""
RESULT_MAX_BYTES = 224 * 1024
KEYS_PER_FACT_MAX_BYTES = 160 * 1024
ORDER_MAX_BYTES = 64 * 1024
ENDS_KEPT_MAX = 20
ENDS_MAX_BYTES = 224 * 1024
ITEMS_MAX_BYTES = 240 * 1024
ITERATIONS_MAX = 100_000
ATTEMPTS_MAX = 1_000
ITEMS_MAX = 10_000
DEPTH_MAX = 50
EVENTS_MAX = 10_000
RECOVERED_MAX = 100
OUTPUTS_MAX_BYTES = 64 * 1024
OUTPUTS_RUN_MAX_BYTES = 8 * 1024 * 1024
EVENT_DATA_MAX_BYTES = 64 * 1024
ARGUMENTS_MAX_BYTES = 240 * 1024
FORM_MAX_BYTES = 64 * 1024
MESSAGE_MAX = 500
CLOCK_JUMP_SECONDS_MAX = 60.0
CUT = "… (cut)"


def size_of(value: object) -> int:
    """Return how many bytes plain data takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False, default=str).encode())


def line_size_of(value: object) -> int:
    """Return how many bytes plain data takes in a line of the journal, which is in ASCII."""
    return len(json.dumps(value, default=str))


def line(text: str) -> str:
    """Return a message as one line of bounded length."""
    single = " ".join(text.split())
    return single if len(single) <= MESSAGE_MAX else single[: MESSAGE_MAX - len(CUT)] + CUT


def bounded_result(result: JobResult) -> JobResult:
    """Return a result with a bounded number of hosts that fits into an entry, and marks.

    What is large is left out in the order of its worth: what hosts gave, their messages, the
    variables that travel, the outputs, and last of all hosts.
    """
    if _is_small(result):
        return result
    result = _bounded_hosts(result)
    for shrink in _SHRINK:
        if _size_of_result(result) <= RESULT_MAX_BYTES:
            return result
        result = shrink(result)
    return result


def cut_of_hosts(result: JobResult) -> str:
    """Return the sentence about hosts whose results were cut, or "".

    >>> cut_of_hosts(JobResult(end=JobEnd.ENDED, cuts=("outputs", "hosts")))
    'the results of hosts beyond 1,000 were cut'
    """
    if "hosts" in result.cuts:  # the execution side has counted them
        return f"the results of hosts beyond {HOSTS_MAX:,} were cut"
    return "; ".join(cut for cut in result.cuts if cut.startswith("the results of"))


def _is_small(result: JobResult) -> bool:
    """Return whether a result is that of a job of which there is little to keep: most are."""
    has_values = result.outputs or result.host_vars or result.artifacts or result.hosts
    return not has_values and len(result.message) + len(result.folder) <= 20 * MESSAGE_MAX


def _size_of_result(result: JobResult) -> int:
    hosts = [
        (name, host.message, host.result, host.stats, host.counts, host.state.value, _HOST_FRAME)
        for name, host in result.hosts.items()
    ]
    rest = (result.outputs, result.artifacts, result.host_vars, result.message, result.cuts)
    return line_size_of((hosts, rest, result.folder))


_HOST_FRAME = "_" * 60
"""What the names of a host's fields take beside their values."""


def _without_results(result: JobResult) -> JobResult:
    hosts = {name: replace(host, result={}, stats={}) for name, host in result.hosts.items()}
    told = "the results of the tasks of its hosts were cut"
    return replace(result, hosts=hosts, cuts=(*result.cuts, told))


def _without_messages(result: JobResult) -> JobResult:
    hosts = {name: replace(host, message="", counts={}) for name, host in result.hosts.items()}
    told = "the messages and counts of its hosts were cut"
    return replace(result, hosts=hosts, cuts=(*result.cuts, told))


def _without_host_vars(result: JobResult) -> JobResult:
    told = "what its hosts registered was cut"
    return replace(result, host_vars={}, artifacts={}, cuts=(*result.cuts, told))


def _without_outputs(result: JobResult) -> JobResult:
    return replace(result, outputs={}, cuts=(*result.cuts, "its outputs were cut"))


def _without_hosts(result: JobResult) -> JobResult:
    told = f"the results of all its {len(result.hosts):,} hosts were cut"
    return replace(result, hosts={}, message=line(result.message), cuts=(*result.cuts, told)[-9:])


_SHRINK: tuple[Callable[[JobResult], JobResult], ...] = (
    _without_results,
    _without_messages,
    _without_host_vars,
    _without_outputs,
    _without_hosts,
)


def _bounded_hosts(result: JobResult) -> JobResult:
    over = len(result.hosts) - HOSTS_MAX
    if over <= 0:
        return result
    is_bad = {HostState.FAILED, HostState.UNREACHABLE}
    ranked = sorted(result.hosts.items(), key=lambda item: item[1].state not in is_bad)
    told = f"the results of {over:,} hosts beyond {HOSTS_MAX:,} were cut"
    return replace(result, hosts=dict(ranked[:HOSTS_MAX]), cuts=(*result.cuts, told))


def bounded_outputs(
    run: RunRecord, outputs: Mapping[str, object]
) -> tuple[Mapping[str, object], str]:
    """Return the outputs that are kept, and a sentence about what was cut, or "".

    Values are kept in their order until one does not fit; that one becomes a mark.
    """
    if not outputs:
        return outputs, ""
    room = min(OUTPUTS_MAX_BYTES, max(0, OUTPUTS_RUN_MAX_BYTES - run.output_bytes))
    if size_of(outputs) <= room:
        return outputs, ""
    kept: dict[str, object] = {}
    cut: list[str] = []
    used = 0
    for name, value in outputs.items():
        size = size_of({name: value})
        if used + size <= room:
            kept[name], used = value, used + size
        else:
            kept[name] = CUT
            cut.append(name)
    names = ", ".join(cut[:5]) + (" and more" if len(cut) > 5 else "")  # noqa: PLR2004
    return kept, f"outputs over {room // 1024} KiB were cut: {names}"
