"""Runs every check of `make check`, shows one line each, and the words of those that object."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECK_SECONDS_MAX = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One program of the virtual environment and how it is called."""

    title: str
    program: str
    arguments: tuple[str, ...] = ()
    stdin: str = os.devnull


CHECKS = (
    Check(title="types (mypy, strict)", program="mypy"),
    Check(
        title="documentation (mkdocs, strict)",
        program="mkdocs",
        stdin="docs/mkdocs.yml",
        arguments=("build", "--strict", "--quiet", "--config-file", "-"),
    ),
    Check(title="format (ruff)", program="ruff", arguments=("format", "--check", ".")),
    Check(title="lint (ruff)", program="ruff", arguments=("check", ".")),
    Check(title="layers (import-linter)", program="lint-imports"),
    Check(
        title="sizes, names, words (tests/meta)",
        program="pytest",
        arguments=("-q", "--no-header", "tests/meta"),
    ),
)


def main() -> int:
    """Run all checks, two at a time, and return 1 if any objects."""
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(_run, CHECKS))
    objections = passed.count(False)
    seconds = f"{time.monotonic() - began:.0f} s"
    print(f"{len(CHECKS) - objections} checks passed, {objections} objected, {seconds}")
    return 1 if objections else 0


def _run(check: Check) -> bool:
    began = time.monotonic()
    with (ROOT / check.stdin).open("rb") as stdin:
        done = subprocess.run(
            [Path(sys.executable).parent / check.program, *check.arguments],
            cwd=ROOT,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=CHECK_SECONDS_MAX,
            check=False,
        )
    verdict = "ok" if done.returncode == 0 else "OBJECTS"
    words = "" if done.returncode == 0 else "\n" + done.stdout.rstrip()
    print(f"{check.title}: {verdict}, {time.monotonic() - began:.1f} s{words}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
