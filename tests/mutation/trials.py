"""Tries the tests of a package on a copy of the tree in which one module is changed.

The shared tree is never touched. A trial ends with the first test that fails.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
BASELINE_SECONDS_MAX = 600.0
LONGER_MAX = 4
PATIENCE_SECONDS = 10.0


class Broken(Exception):
    """The unchanged copy does not pass its tests, so trials would prove nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a trial ended; ``words`` name the test that failed, or are pytest's last line."""

    status: str
    words: str
    seconds: float


class Tree:
    """A copy of the files that git keeps or would keep, with the tests of one package."""

    def __init__(self, folder: Path, package: str, *, seed: int) -> None:
        self.folder = folder
        self.package = package
        self._options = ["-x", "-q", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"]
        self._options += ["-p", "tests.mutation.quick_first", f"tests/{package}"]
        # The process was started with plugins already there; pytest says so for each.
        self._options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        copy_kept_files(folder)
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.nursery"],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        self._ask(seconds_max=None)
        baseline = self._ask(seconds_max=BASELINE_SECONDS_MAX)
        if baseline.status != "survived":
            raise Broken(f"a test fails without any change: {baseline.words}")
        self._limit = LONGER_MAX * baseline.seconds + PATIENCE_SECONDS
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._nursery.terminate()
        self._nursery.wait()

    def path(self, module: str) -> Path:
        return self.folder / "controller/jobnet" / module

    def trial(self, module: str, text: str) -> Outcome:
        """Return how the tests end while the module has this text; put the old text back."""
        path = self.path(module)
        kept = path.read_text(encoding="utf-8")
        write_anew(path, text)
        try:
            return self._ask(seconds_max=self._limit)
        finally:
            write_anew(path, kept)

    def _ask(self, *, seconds_max: float | None) -> Outcome:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        request = {"arguments": self._options, "seconds": seconds_max}
        began = time.monotonic()
        self._nursery.stdin.write(json.dumps(request) + "\n")
        self._nursery.stdin.flush()
        line = self._nursery.stdout.readline()
        if not line:
            raise Broken("the process that runs the tests ended by itself")
        return Outcome(seconds=time.monotonic() - began, **json.loads(line))


def environment(folder: Path) -> dict[str, str]:
    """Let Python find the copy before the installed package."""
    return {**os.environ, "PYTHONPATH": f"{folder / 'controller'}{os.pathsep}{folder}"}


def write_anew(path: Path, text: str) -> None:
    """Write a module, and forget what was compiled of it: within a second it would be taken."""
    path.write_text(text, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def copy_kept_files(folder: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
