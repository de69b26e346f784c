"""The table of what is proved names real tests, and no row is left out."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/coverage.md"
COLUMNS = ["YAML", "engine", "CLI", "REST", "UI", "module", "simulation", "docs"]
ROWS = {
    "Parts": 18,
    "Functions": 12,
    "Rules of the engine": 15,
    "Operator orders": 19,
    "Warm starts": 12,
}
TEST_ID = re.compile(r"tests/[\w/]+\.py::\w+(\[.+\])?")
COLLECT_SECONDS_MAX = 120


def tables() -> dict[str, list[list[str]]]:
    """Return the rows below each heading, the head first and the ruler left out."""
    found: dict[str, list[list[str]]] = {}
    title = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif line.startswith("|") and not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found.setdefault(title, []).append(cells)
    return found


def named_tests() -> list[str]:
    cells = (cell for rows in tables().values() for row in rows[1:] for cell in row[1:])
    return [name.strip("`") for cell in cells for name in cell.split()]


def collected(files: set[str]) -> set[str]:
    """Ask pytest which tests the files hold; a parametrised test is there by its bare name, too."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *sorted(files)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=COLLECT_SECONDS_MAX, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ids = {line for line in done.stdout.splitlines() if "::" in line}
    return ids | {name.partition("[")[0] for name in ids}


def test_each_table_has_all_of_its_rows_and_columns() -> None:
    found = tables()

    assert {title: len(rows) - 1 for title, rows in found.items()} == ROWS
    assert all(rows[0][1:] == COLUMNS for rows in found.values())
    assert all(len(row) == len(COLUMNS) + 1 for rows in found.values() for row in rows)


def test_a_cell_is_empty_or_names_tests() -> None:
    names = named_tests()

    words = [name for name in names if not TEST_ID.fullmatch(name)]

    assert not words


def test_every_test_that_is_named_exists() -> None:
    names = set(named_tests())
    files = {name.partition("::")[0] for name in names}
    missing_files = {file for file in files if not (ROOT / file).exists()}

    known = collected(files - missing_files) if files - missing_files else set()

    assert sorted(names - known) == []
