"""What a user can notice is written down before it is released."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def sections() -> list[str]:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"^## (.+)$", text, flags=re.MULTILINE)


def test_the_newest_changes_are_called_unreleased() -> None:
    titles = sections()

    assert titles[0] == "Unreleased"


def test_a_released_version_has_its_section() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]

    titles = sections()

    assert ".dev" in version or any(title.startswith(version) for title in titles)
