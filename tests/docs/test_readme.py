"""What the README points at is there; the links of the pages below docs are checked by MkDocs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = sorted([ROOT / "README.md", *(ROOT / "playbooks").glob("*/README.md")])
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_readme_leads_somewhere(readme: Path) -> None:
    links = LINK.findall(readme.read_text(encoding="utf-8"))

    assert [link for link in links if not (readme.parent / link).exists()] == []


def test_the_readme_names_every_first_step() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [f"docs/start/{page.name}" for page in (ROOT / "docs/start").glob("*.md")]

    assert [page for page in sorted(pages) if page not in text] == []
