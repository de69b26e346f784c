"""The first steps on a bare machine: which Python is taken, and what is said when none is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM_SECONDS_MAX = 60


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a project whose installer only tells which Python it was given."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/bootstrap", tmp_path / ".ci")
    script = "import sys\nprint('taken', *sys.argv[1:])\n"
    (tmp_path / ".ci/install.py").write_text(script, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    for program in ("sh", "dirname"):
        found = shutil.which(program)
        assert found is not None
        (tmp_path / "bin" / program).symlink_to(found)
    return tmp_path


def place(clone: Path, name: str, script: str) -> None:
    path = clone / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def bootstrap(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone / ".ci/bootstrap", "run"],
        cwd="/",
        env={"PATH": str(clone / "bin"), **environment},
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS_MAX,
        check=False,
    )


def test_a_shim_that_does_not_start_is_passed_over(clone: Path) -> None:
    place(clone, "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    place(clone, "python3.11", f'exec {sys.executable} "$@"')

    done = bootstrap(clone)

    assert (done.returncode, done.stdout, done.stderr) == (0, "taken run\n", "")


def test_a_python_that_is_too_old_is_passed_over(clone: Path) -> None:
    place(clone, "python3", "exit 1")

    done = bootstrap(clone)

    assert done.returncode == 1
    assert done.stderr.startswith("Jobnet needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_the_python_that_the_user_names_wins(clone: Path) -> None:
    place(clone, "python3.13", "exit 1")
    place(clone, "mine", f'echo mine; exec {sys.executable} "$@"')

    done = bootstrap(clone, PYTHON=str(clone / "bin/mine"))

    assert "mine" in done.stdout
    assert "taken run" in done.stdout


def test_make_explains_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:"))
    targets = phony.removeprefix(".PHONY:").split()

    done = subprocess.run(
        ["make", "help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS_MAX,
        check=True,
    )

    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == targets


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "sim", "docs", "test-root"])
def test_the_promised_targets_exist(target: str) -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert f"\n{target}: ## " in text
