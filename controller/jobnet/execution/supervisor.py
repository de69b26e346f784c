"""The detached process of one attempt: ``python -m jobnet.execution.supervisor SPOOL [FD]``.

It holds the spool's lock for its life, makes ``started`` before it executes anything, and
leaves ``result.json``. The job's environment comes through standard input; FD is a pipe
into which it writes a byte when there is something new to read.
"""

import dataclasses
import os
import sys
from collections.abc import Callable
from pathlib import Path

from jobnet.engine.results import JobResult
from jobnet.execution.bounds import WHOLE_OUTPUTS_BYTES_MAX
from jobnet.execution.collect import bounded, collect
from jobnet.execution.manifest import Manifest
from jobnet.execution.output import is_disk_full
from jobnet.execution.processes import become_subreaper
from jobnet.execution.records import RecordReader
from jobnet.execution.result_text import result_to_text, to_json
from jobnet.execution.spool import (
    DISK_FULL,
    MANIFEST,
    OUTPUTS,
    RECORDS,
    RESERVE,
    RESULT,
    STARTED_BEFORE,
    Spool,
    mark_started,
    take_lock,
    write_whole,
)
from jobnet.execution.supervise import (
    Supervision,
    clean_up,
    listen_for_end,
    read_environment,
)
from jobnet.execution.tally import Tally, tally_of
from jobnet.execution.verdict import AttemptEnd


def main(arguments: list[str]) -> int:
    """Run the attempt in the spool; 0 when its result is written."""
    spool = Spool(folder=Path(arguments[0]))
    tick = _ticker(int(arguments[1]) if len(arguments) > 1 else None)
    become_subreaper()
    environment = read_environment(sys.stdin.read())
    manifest = Manifest.from_text(spool[MANIFEST].read_text())
    supervision = Supervision(spool, manifest, tick)
    listen_for_end(supervision)
    take_lock(spool)
    try:
        if not mark_started(spool):
            return STARTED_BEFORE
        tick()
        end = supervision.run(environment)
        clean_up(spool)
        spool[RESERVE].unlink(missing_ok=True)
        _write_result(spool, manifest, end)
    except OSError as error:
        if not is_disk_full(error):
            raise
        return DISK_FULL
    return 0


def _write_result(spool: Spool, manifest: Manifest, end: AttemptEnd) -> None:
    tally = tally_of(RecordReader(spool[RECORDS]).new_records())
    result = collect(tally, end, manifest, spool.folder)
    try:
        if "outputs" in result.cuts:
            _write_whole_outputs(spool, tally)
        write_whole(spool[RESULT], result_to_text(result))
    except OSError as error:
        if not is_disk_full(error):
            raise
        write_whole(spool[RESULT], result_to_text(_smaller(result, spool)))


def _write_whole_outputs(spool: Spool, tally: Tally) -> None:
    whole = bounded(tally.all_outputs, WHOLE_OUTPUTS_BYTES_MAX, "outputs", [])
    write_whole(spool[OUTPUTS], to_json(whole))


def _smaller(result: JobResult, spool: Spool) -> JobResult:
    """Return what can still be told when the disk has no room for the result."""
    spool[OUTPUTS].unlink(missing_ok=True)
    for path in spool.folder.glob("*.part"):
        path.unlink()
    return dataclasses.replace(
        result,
        is_normal=False,
        exit_code=result.exit_code or 1,
        message=f"no space left in {spool.folder} for the result",
        hosts={},
        outputs={},
        artifacts={},
        host_vars={},
        cuts=("hosts", "outputs", "host_vars", "artifacts"),
    )


def _ticker(descriptor: int | None) -> Callable[[], None]:
    if descriptor is None:
        return lambda: None
    os.set_blocking(descriptor, False)
    os.set_inheritable(descriptor, False)  # noqa: FBT003

    def tick() -> None:
        try:
            os.write(descriptor, b".")
        except (BlockingIOError, BrokenPipeError):
            return  # enough ticks wait already, or nobody listens any more

    return tick


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
