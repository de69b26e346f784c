"""Each import contract bites: broken in a copy of the package's shape, it objects."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
PROGRAM_SECONDS_MAX = 60

MAP = "A package imports only from lines below"
CORE = "The core does no I/O"
FAKES = "Only tests import the fakes"
ANSIBLE = "Only the execution side knows ansible-runner"
CIRCLE = "No modules import each other in a circle"


@pytest.fixture
def shape(tmp_path: Path) -> Path:
    """Make empty packages of all names in the map under the project's own contracts."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    for layer in tomllib.loads(text)["tool"]["importlinter"]["contracts"][0]["layers"]:
        for name in layer.split(" | "):
            write(tmp_path, f"jobnet/{name.strip('()')}/__init__.py", "")
    write(tmp_path, "jobnet/__init__.py", "")
    write(tmp_path, "jobnet/execution/runner.py", "import ansible_runner")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def broken_contracts(folder: Path) -> str:
    done = subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS_MAX,
        check=False,
    )
    assert "Contracts" in done.stdout, done.stdout + done.stderr
    return "\n".join(line for line in done.stdout.splitlines() if "BROKEN" in line)


def test_the_shape_itself_breaks_nothing(shape: Path) -> None:
    assert broken_contracts(shape) == ""


@pytest.mark.parametrize(
    ("module", "text", "contract"),
    [
        ("engine/x.py", "import jobnet.project", MAP),
        ("services/x.py", "import jobnet.execution", MAP),
        ("newcomer/__init__.py", "", MAP),
        ("engine/x.py", "import asyncio", CORE),
        ("definition/x.py", "from pydantic import BaseModel", CORE),
        ("calendars/x.py", "import time", CORE),
        ("expressions/x.py", "import os.path", CORE),
        ("cli/x.py", "import jobnet.testing", FAKES),
        ("services/x.py", "import ansible_runner", ANSIBLE),
        ("engine/x.py", "from jobnet.engine import x", CIRCLE),
    ],
)
def test_a_contract_objects(shape: Path, module: str, text: str, contract: str) -> None:
    write(shape, f"jobnet/{module}", text)
    if contract == CIRCLE:
        write(shape, "jobnet/engine/x.py", "from jobnet.engine import y")
        write(shape, "jobnet/engine/y.py", "from jobnet.engine import x")

    broken = broken_contracts(shape)

    assert contract in broken


def test_the_core_may_not_do_io_through_others_either(shape: Path) -> None:
    write(shape, "jobnet/errors/files.py", "import pathlib")
    write(shape, "jobnet/engine/x.py", "import jobnet.errors.files")

    broken = broken_contracts(shape)

    assert CORE in broken
