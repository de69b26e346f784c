"""Names every limit of a run. Going over one is a visible cut or an abnormal end, never a hang.

The numbers are generous for real networks and small enough that no run can fill a disk.
"""

import json
from collections.abc import Mapping

from jobnet.engine.replacing import replace
from jobnet.engine.results import HostState, JobResult
from jobnet.engine.tracker import RunRecord

FACTS_PER_STEP_MAX = 500
TIMERS_PER_FACT_MAX = 200
HOSTS_MAX = 1_000
JOURNAL_ENTRY_MAX_BYTES = 256 * 1024
"""What an entry may take as JSON in UTF-8; the values in it have smaller bounds of their own."""
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


def line(text: str) -> str:
    """Return a message as one line of bounded length."""
    single = " ".join(text.split())
    return single if len(single) <= MESSAGE_MAX else single[: MESSAGE_MAX - len(CUT)] + CUT


def bounded_hosts(result: JobResult) -> JobResult:
    """Return a result with a bounded number of hosts, those that failed first, and a mark."""
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
