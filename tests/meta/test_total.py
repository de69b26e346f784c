"""`make test` ends with one honest line."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN_SECONDS_MAX = 60
TESTS = """
import pytest

def test_passes(): pass
def test_fails(): assert False
@pytest.fixture
def broken(): raise OSError
def test_has_no_fixture(broken): pass
@pytest.mark.skip(reason="no SSH host")
def test_is_skipped(): pass
@pytest.mark.root
def test_needs_root(): pass
@pytest.mark.long
def test_takes_long(): pass
@pytest.mark.parts
def test_needs_parts(): pass
"""


def last_lines(tmp_path: Path, *options: str) -> list[str]:
    """Run the tests above under the project's conftest and settings."""
    (tmp_path / "tests").mkdir()
    for name in ("pyproject.toml", "tests/conftest.py"):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "tests/test_these.py").write_text(TESTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "--total", *options, "tests"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
        check=False,
    )
    return done.stdout.splitlines()


def test_the_last_line_counts_an_error_as_a_failure(tmp_path: Path) -> None:
    lines = last_lines(tmp_path)

    assert lines[-1] == "4 passed, 2 failed, 1 skipped"


def test_the_last_line_tells_what_was_not_run_and_how_to_run_it(tmp_path: Path) -> None:
    lines = last_lines(tmp_path, "-m", "not root and not long")

    assert lines[-1] == (
        "2 passed, 2 failed, 1 skipped; not run: 1 root (make test-root), 1 long (make test-long)"
    )


def test_a_skip_prints_its_reason(tmp_path: Path) -> None:
    lines = last_lines(tmp_path)

    assert any("no SSH host" in line for line in lines if line.startswith("SKIPPED"))
