"""Files have names that say something, and the top of the project is what people look for."""

import subprocess
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
SAYS_NOTHING = {"utils", "util", "common", "helpers", "helper", "base", "manager", "misc"}
TOP_LEVEL = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "collection",
    "controller",
    "docs",
    "inventories",
    "playbooks",
    "pyproject.toml",
    "tests",
}
PROGRAM_SECONDS_MAX = 60


def kept_files() -> list[PurePosixPath]:
    """Return what git keeps or would keep; what it ignores is nobody's name."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PROGRAM_SECONDS_MAX, check=True
    )
    return [PurePosixPath(line) for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_no_name_is_a_drawer_for_everything() -> None:
    files = kept_files()

    drawers = [
        str(file) for file in files for part in file.parts if part.split(".")[0] in SAYS_NOTHING
    ]

    assert not drawers


def test_the_top_of_the_project_has_only_what_people_look_for() -> None:
    files = kept_files()

    top = {file.parts[0] for file in files}

    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_all_seven_folders_and_files_of_the_map_exist() -> None:
    expected = {
        "pyproject.toml",
        "collection",
        "controller",
        "playbooks",
        "inventories",
        "tests",
        "docs",
    }

    present = {path.name for path in ROOT.iterdir()}

    assert expected <= present


def test_the_licence_is_the_full_gpl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "How to Apply These Terms to Your New Programs" in text
