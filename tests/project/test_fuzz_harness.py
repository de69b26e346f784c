"""The atheris harness finds nothing in its minute; it runs where atheris is installed."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).parent / "fuzz_reading.py"
SECONDS = 60


@pytest.mark.long
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_the_fuzzer_finds_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, HARNESS, str(SECONDS)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS + 180,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-4_000:]
