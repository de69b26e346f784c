"""The detached process of one attempt: ``python -m jobnet.execution.supervisor SPOOL [FD [PID]]``.

Or a fork of a warm server, which calls ``attend``.

It holds the spool's lock for its life, makes ``started`` before it executes anything, and
leaves ``result.json``. The job's environment comes through standard input; FD is a pipe
into which it writes a byte when there is something new to read. With PID, the process that
started it, the job is killed when that is gone; without, the job outlives it.
"""

import os
import select
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from jobnet.execution.manifest import Manifest
from jobnet.execution.output import is_disk_full
from jobnet.execution.processes import become_subreaper, end_with_parent
from jobnet.execution.spool import (
    DISK_FULL,
    MANIFEST,
    RESERVE,
    RESULT,
    STARTED_BEFORE,
    Spool,
    mark_started,
    take_lock,
    write_whole,
)
from jobnet.execution.supervise import (
    RunPlaybook,
    Supervision,
    Ways,
    clean_up,
    listen_for_end,
    read_environment,
)

LEASH_ARGUMENT = 2


def main(arguments: list[str]) -> int:
    """Run the attempt in the spool; 0 when its end is written."""
    spool = Spool(folder=Path(arguments[0]))
    ticks = int(arguments[1]) if len(arguments) > 1 else None
    environment = read_environment(sys.stdin.read())
    leash = int(arguments[LEASH_ARGUMENT]) if len(arguments) > LEASH_ARGUMENT else None
    keep_leash = (lambda: None) if leash is None else partial(end_with_parent, leash)
    return _attend(spool, environment, _ticker(ticks), keep_leash, Ways())


def attend(
    spool: Spool,
    *,
    environment: Mapping[str, str],
    ticks: int,
    leash: int | None,
    run_playbook: RunPlaybook,
    kept: tuple[int, ...],
) -> int:
    """Run the attempt in this fork of a warm server.

    ``leash`` is a pidfd of who is waited for, ``kept`` the descriptors that ``run_playbook`` needs.
    """
    await_abandoned = None if leash is None else partial(_await_end, leash)
    ways = Ways(run_playbook=run_playbook, kept=kept, await_abandoned=await_abandoned)
    return _attend(spool, environment, _ticker(ticks), lambda: None, ways)


def _attend(
    spool: Spool,
    environment: Mapping[str, str],
    tick: Callable[[], None],
    keep_leash: Callable[[], None],
    ways: Ways,
) -> int:
    become_subreaper()
    manifest = Manifest.from_text(spool[MANIFEST].read_text())
    supervision = Supervision(spool, manifest, tick, ways)
    listen_for_end(supervision)
    keep_leash()
    take_lock(spool)
    try:
        if not mark_started(spool):
            return STARTED_BEFORE
        tick()
        end = supervision.run(environment)
        clean_up(spool)
        spool[RESERVE].unlink(missing_ok=True)
        write_whole(spool[RESULT], end.to_text())
    except OSError as error:
        if not is_disk_full(error):
            raise
        return DISK_FULL
    return 0


def _await_end(pidfd: int) -> None:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.poll()


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
