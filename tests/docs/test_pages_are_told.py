"""Pages that show commands show what those commands print."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.telling import FENCE, here, told

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDERS = ("reference/parts", "explanation/rules", "start")
GUIDES = ("guides/importing.md", "guides/schedules.md")


def shows_commands(page: Path) -> bool:
    return any(fence["kind"] == "console" for fence in FENCE.finditer(page.read_text("utf-8")))


PAGES = {
    page.relative_to(DOCS).as_posix(): page
    for page in [
        *(page for folder in FOLDERS for page in sorted((DOCS / folder).glob("*.md"))),
        *(DOCS / guide for guide in GUIDES),
    ]
    if shows_commands(page)
}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def param(name: str) -> object:
    """Return a page as a parameter; one that plays for real belongs to ring 2."""
    plays = "\n$ jobnet play " in PAGES[name].read_text("utf-8")
    return pytest.param(name, marks=[pytest.mark.parts] if plays else [], id=name)


@pytest.mark.parametrize("name", [param(name) for name in PAGES])
def test_a_page_shows_what_its_commands_print(name: str, folder: Path) -> None:
    page = PAGES[name].read_text(encoding="utf-8")

    again = told(page, here(folder))

    assert again == page
