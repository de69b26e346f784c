"""Runs one ring of the tests, or rings 1 to 3, and says honestly when there is nothing to run.

Rings 1 to 3 run beside each other, ring 2 in three pieces: rings 2 and 3 mostly wait for processes
of their own. One line counts all of them.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = "not root and not long"
PARTS = f"parts and not journey and {EVERYWHERE}"
COMMANDS, JOBS = ("tests/cli", "tests/client"), ("tests/execution",)
RINGS = {
    "all": ("tests", EVERYWHERE),
    "core": ("tests", f"not parts and not journey and {EVERYWHERE}"),
    "parts": ("tests", PARTS),
    "parts 1": (" ".join(COMMANDS), PARTS),
    "parts 2": (" ".join(JOBS), PARTS),
    "parts 3": (" ".join(("tests", *(f"--ignore={each}" for each in COMMANDS + JOBS))), PARTS),
    "journeys": ("tests", f"journey and {EVERYWHERE}"),
    "root": ("tests", "root"),
    "long": ("tests", "long"),
    "sim": ("tests/simulation", ""),
    "bench": ("tests/benchmarks", ""),
}
RING_SECONDS_MAX = 3600
NOTHING_COLLECTED = 5


def main(arguments: list[str]) -> int:
    """Run pytest over the ring and return its exit status."""
    ring = arguments[0] if arguments else "all"
    if ring not in RINGS:
        print(f"There is no ring {ring!r}; choose one of {', '.join(RINGS)}.", file=sys.stderr)
        return 2
    folder, markers = RINGS[ring]
    if ring == "root" and os.geteuid() != 0:
        print("The tests of the ring root need root; nothing was run.", file=sys.stderr)
        return 1
    if ring == "long":
        os.environ.setdefault("JOBNET_TEST_SEARCH", "1")
    if ring == "bench":
        return benchmarks(ROOT / folder, arguments[1:])
    try:
        if ring == "all":
            return beside_each_other("parts 1", "parts 2", "parts 3", "core", "journeys")
        command = command_of(folder, markers)
        status = subprocess.run(command, cwd=ROOT, timeout=RING_SECONDS_MAX, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"The ring {ring!r} did not end within {RING_SECONDS_MAX} s.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if status == NOTHING_COLLECTED:
        print(f"{folder} holds no test of the ring {ring!r} yet; nothing was run.", file=sys.stderr)
        return 1
    return status


def command_of(folder: str, markers: str) -> list[str]:
    """Return the command that runs the tests with these markers."""
    words = ["-q", "-rs", "--total", "--durations=15", "--continue-on-collection-errors"]
    words += ["-m", markers, *folder.split()]
    return [sys.executable, "-m", "pytest", *words]


def beside_each_other(shown: str, *others: str) -> int:
    """Run rings beside each other, one shown live, and end with one total of all."""
    with ExitStack() as stack:
        files = [stack.enter_context(_temporary_text()) for _ in others]
        hidden = [
            stack.enter_context(_ended(_begun(ring, file)))
            for ring, file in zip(others, files, strict=True)
        ]
        first = stack.enter_context(_ended(_begun(shown, subprocess.PIPE)))
        totals = [show_live(first)]
        statuses = [each.wait(RING_SECONDS_MAX) for each in (first, *hidden)]
        for ring, file in zip(others, files, strict=True):
            file.seek(0)
            said = file.read()
            print(f"== ring {ring}\n{said}", flush=True)
            totals.append((said.strip().splitlines() or [""])[-1])
    print(sum_of(totals))
    return max(abs(status) for status in statuses)


def _begun(ring: str, output: IO[str] | int) -> subprocess.Popen[str]:
    command = command_of(*RINGS[ring])
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True)


@contextmanager
def _ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Leave no process behind, whatever happens."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _temporary_text() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


def show_live(process: subprocess.Popen[str]) -> str:
    """Pass on each line that the process says; return the last one."""
    assert process.stdout is not None, "its output comes through a pipe"
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line if line.strip() else last
    return last


def sum_of(totals: list[str]) -> str:
    """Return one total line for those of several rings.

    >>> sum_of(["1 passed, 0 failed, 2 skipped; not run: 3 long (make test-long)",
    ...         "4 passed, 1 failed, 0 skipped; not run: 3 long (make test-long), 1 core (x)"])
    '5 passed, 1 failed, 2 skipped; not run: 3 long (make test-long)'
    """
    counts: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for total in totals:
        for number, word in re.findall(r"(\d+) (passed|failed|skipped)", total):
            counts[word] += int(number)
        for number, ring in re.findall(r"(\d+) ((?:root|long) \([^)]*\))", total):
            left_out[ring] = max(left_out[ring], int(number))  # not everybody collects all tests
    line = ", ".join(f"{counts[word]} {word}" for word in ("passed", "failed", "skipped"))
    others = ", ".join(f"{number} {ring}" for ring, number in sorted(left_out.items()))
    return f"{line}; not run: {others}" if others else line


def benchmarks(folder: Path, arguments: list[str]) -> int:
    """Run every script of the benchmarks, one after the other; return 1 if one of them broke.

    With arguments, run the one that is named first, with the others.
    """
    names = [script.stem for script in sorted(folder.glob("bench_*.py"))]
    if arguments:
        names = [f"bench_{arguments[0]}"]
    broken = 0
    for name in names:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments[1:]]
        try:
            done = subprocess.run(command, cwd=ROOT, timeout=RING_SECONDS_MAX, check=False)
            broken = broken or min(1, abs(done.returncode))
        except subprocess.TimeoutExpired:
            print(f"{name} did not end within {RING_SECONDS_MAX} s.", file=sys.stderr)
            broken = 1
    return broken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
