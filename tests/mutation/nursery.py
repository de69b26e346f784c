"""Runs pytest again and again in one process, each time in a child of it.

Reads one JSON list per line, pytest's arguments after the seconds it may take, and writes one
JSON line ``{"status": ..., "words": ...}`` each. The parent imports what the tests need from
elsewhere and never Jobnet or a test, so a child reads the text that the modules have now, and
saves the second or two that the rest takes. ``["modules", ...]`` names what to import.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from typing import IO

import pytest

MEMORY_BYTES_MAX = 4 << 30  # a mutant that eats memory must not take the machine with it
LOOK_AGAIN_SECONDS = 0.05
OURS = ("jobnet", "tests", "__main__")


def main() -> None:
    """Answer each line until there is none."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))
    for line in sys.stdin:
        request = json.loads(line)
        if request["seconds"] is None:
            answer = modules_loaded(request["arguments"])
        else:
            answer = tests_run(request["arguments"], seconds_max=request["seconds"])
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


def modules_loaded(arguments: list[str]) -> dict[str, str]:
    """Import what a collection of the tests imports, but for Jobnet and the tests themselves."""
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as file:
        if (child := os.fork()) == 0:
            with contextlib.redirect_stdout(sys.stderr):
                pytest.main([*arguments, "--collect-only"])
            names = [name for name in sys.modules if name.split(".")[0] not in OURS]
            json.dump(names, file)
            file.flush()
            os._exit(0)
        os.waitpid(child, 0)
        file.seek(0)
        names = json.load(file)
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    return {"status": "ready", "words": f"{len(names)} modules"}


def tests_run(arguments: list[str], *, seconds_max: float) -> dict[str, str]:
    """Run pytest in a child and say how it ended and what it said at last."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as file:
        if (child := os.fork()) == 0:
            run_and_exit(arguments, file)
        try:
            status = ended(child, seconds_max=seconds_max)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # with everything that the tests started
        file.seek(0)
        lines = file.read().strip().splitlines() or [""]
    if status is None:
        os.waitpid(child, 0)
        return {"status": "timeout", "words": ""}
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return {"status": "killed" if status else "survived", "words": (failed or lines[-1:])[0]}


def run_and_exit(arguments: list[str], file: IO[str]) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(file.fileno(), 1)
    os.dup2(file.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    status = 1
    try:
        status = int(pytest.main(arguments))
    except BaseException:  # noqa: BLE001 - whatever it was, the parent has to live
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def ended(child: int, *, seconds_max: float) -> int | None:
    """Return the child's exit status, or None when it took too long."""
    until = time.monotonic() + seconds_max
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        time.sleep(LOOK_AGAIN_SECONDS)
    return None


if __name__ == "__main__":
    main()
