"""Computes something in a fork and takes over the result only.

What was needed on the way, such as syntax trees, leaves memory in pieces that nobody gives
back; and each fork of a server that has it copies the tables of its pages and ends them again.
"""

import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

Result = TypeVar("Result")


def computed_aside(work: Callable[[], Result]) -> Result:
    """Return what the work gives, which must be picklable; one thread, and no locks held.

    Where the fork could not do it, it is done in this process.
    """
    _flush()
    answer = os.memfd_create("aside", os.MFD_CLOEXEC)
    try:
        pid = os.fork()
        if pid == 0:
            _answer(work, answer)
        _, status = os.waitpid(pid, 0)
        if status == 0:
            with open(answer, "rb", closefd=False) as file:
                file.seek(0)
                return cast("Result", pickle.load(file))  # noqa: S301 - our own fork wrote it
    finally:
        os.close(answer)
    return work()


def _answer(work: Callable[[], object], answer: int) -> None:
    status = 1
    try:
        with open(answer, "wb", closefd=False) as file:
            pickle.dump(work(), file)
        _flush()  # what was said is heard as if it had been done here
        status = 0
    except BaseException:  # noqa: BLE001, S110 - it will be met again where it can be told
        pass
    finally:
        os._exit(status)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
