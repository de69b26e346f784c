"""The nursery tells how tests ended, and is alive after each of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM_SECONDS_MAX = 120
TESTS = {
    "good": "def test_a():\n    assert True\n",
    "bad": "def test_a():\n    assert False\n",
    "broken": "import nothing_of_that_name\n",
    "endless": "def test_a():\n    while True:\n        pass\n",
    "leaving": "import os\n\n\ndef test_a():\n    os._exit(9)\n",
}


@pytest.fixture
def answers(tmp_path: Path) -> dict[str, dict[str, str]]:
    """Ask one nursery for all of the tests, one after the other."""
    requests = []
    for name, text in TESTS.items():
        file = tmp_path / f"test_{name}.py"
        file.write_text(text, encoding="utf-8")
        seconds = 1 if name == "endless" else PROGRAM_SECONDS_MAX
        words = ["-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(tmp_path)]
        requests.append({"arguments": [*words, str(file)], "seconds": seconds})
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutation.nursery"],
        input="".join(json.dumps(request) + "\n" for request in requests),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS_MAX,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(TESTS, lines, strict=True))


def test_each_end_has_its_word(answers: dict[str, dict[str, str]]) -> None:
    statuses = {name: answer["status"] for name, answer in answers.items()}

    assert statuses == {
        "good": "survived",
        "bad": "killed",
        "broken": "killed",
        "endless": "timeout",
        "leaving": "killed",
    }


def test_the_test_that_failed_is_named(answers: dict[str, dict[str, str]]) -> None:
    assert answers["bad"]["words"].startswith("FAILED")
    assert "test_bad.py::test_a" in answers["bad"]["words"]
