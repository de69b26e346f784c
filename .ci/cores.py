"""Tests the execution of jobs with each release of ansible-core that pyproject.toml admits.

Newer releases want a newer Python than the oldest that Jobnet runs on. Where none is found the
release is passed over and that is said; nothing is installed outside of ``.make/cores``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".make" / "cores"
STEP_SECONDS_MAX = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """One line of releases, and the Pythons that it runs on."""

    release: str
    python_min: tuple[int, int]
    python_max: tuple[int, int]


CORES = (
    Core(release="2.19", python_min=(3, 11), python_max=(3, 13)),
    Core(release="2.20", python_min=(3, 12), python_max=(3, 14)),
    Core(release="2.21", python_min=(3, 12), python_max=(3, 14)),
)


def main(arguments: list[str]) -> int:
    """Test with each release; ``arguments`` are handed to pytest. Return 1 if a test failed."""
    pythons = list(_pythons())
    failed = False
    for core in CORES:
        fitting = [p for p, version in pythons if core.python_min <= version <= core.python_max]
        if not fitting:
            wanted = ".".join(map(str, core.python_min))
            print(f"ansible-core {core.release}: passed over, no Python {wanted} or newer is here.")
            continue
        failed |= not _test(core, fitting[-1], arguments)
    return int(failed)


def _pythons() -> Iterator[tuple[Path, tuple[int, int]]]:
    """Yield the Pythons of this machine that really start, oldest first."""
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    if root := os.environ.get("PYENV_ROOT"):
        folders += [each / "bin" for each in sorted(Path(root, "versions").glob("*"))]
    for minor in (11, 12, 13, 14):
        for folder in folders:
            python = folder / f"python3.{minor}"
            if python.is_file() and _starts(python):
                yield python, (3, minor)
                break


def _starts(python: Path) -> bool:
    try:
        done = subprocess.run(
            [python, "-c", "import venv, ssl"], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _test(core: Core, python: Path, arguments: list[str]) -> bool:
    """Install this release beside Jobnet and run the tests of the execution with it."""
    venv = FOLDER / core.release
    print(f"== ansible-core {core.release} on {python.name}", flush=True)
    wanted = [f"ansible-core~={core.release}.0", "-e", f"{ROOT}[demo,test]"]
    steps = [
        [str(python), "-m", "venv", "--clear", str(venv)],
        [str(venv / "bin" / "pip"), "install", "--quiet", *wanted],
        [
            *(str(venv / "bin" / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-m", "not long and not root"),
            *(arguments or ["tests/execution"]),
        ],
    ]
    environment = {**os.environ, "JOBNET_SKIP_WEB": "1"}
    for step in steps:
        done = subprocess.run(
            step, cwd=ROOT, env=environment, timeout=STEP_SECONDS_MAX, check=False
        )
        if done.returncode:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
