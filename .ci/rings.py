"""Runs one ring of the tests, or rings 1 to 3, and says honestly when there is nothing to run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = "not root and not long"
RINGS = {
    "all": ("tests", EVERYWHERE),
    "core": ("tests", f"not parts and not journey and {EVERYWHERE}"),
    "parts": ("tests", f"parts and not journey and {EVERYWHERE}"),
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
    if not (ROOT / folder).is_dir():
        print(f"{folder} does not exist yet; nothing was run.", file=sys.stderr)
        return 1
    if ring == "bench":
        return benchmarks(ROOT / folder)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "--total",
        "--continue-on-collection-errors",
    ]
    command += ["-m", markers, folder]
    try:
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


def benchmarks(folder: Path) -> int:
    """Run every script of the benchmarks, one after the other; return 1 if one of them broke."""
    broken = 0
    for script in sorted(folder.glob("bench_*.py")):
        print(f"== {script.name}", flush=True)
        try:
            done = subprocess.run(
                [sys.executable, script], cwd=ROOT, timeout=RING_SECONDS_MAX, check=False
            )
            broken = broken or min(1, abs(done.returncode))
        except subprocess.TimeoutExpired:
            print(f"{script.name} did not end within {RING_SECONDS_MAX} s.", file=sys.stderr)
            broken = 1
    return broken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
