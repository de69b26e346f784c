"""Each rule of the engine has a page, and what the pages count is what the code counts."""

import re
from pathlib import Path

import pytest
from jobnet.engine import bounds

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/explanation/rules"
INDEX = FOLDER / "index.md"
PAGES = {page.stem: page for page in sorted(FOLDER.glob("*.md")) if page != INDEX}
SECTIONS = ["Why", "A network", "What an operator sees"]
UNITS = {"KiB": 1024, "MiB": 1024 * 1024}


def bound_rows() -> dict[str, float]:
    """Return the table of bounds: by name, in bytes or pieces."""
    page = PAGES["13-bounds"].read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) ?(\w*)", page, re.MULTILINE)
    return {name: int(count.replace(",", "")) * UNITS.get(unit, 1) for name, count, unit in rows}


def test_there_are_15_pages_in_order_and_the_index_links_each() -> None:
    index = INDEX.read_text(encoding="utf-8")

    assert [name[:2] for name in PAGES] == [f"{number:02}" for number in range(1, 16)]
    assert [name for name in PAGES if f"]({name}.md)" not in index] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_its_rule_why_and_what_is_seen(name: str) -> None:
    page = PAGES[name].read_text(encoding="utf-8")

    titles = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]

    assert page.startswith(f"# Rule {int(name[:2])}: ")
    assert titles == SECTIONS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_a_network_and_what_becomes_of_it(name: str) -> None:
    page = PAGES[name].read_text(encoding="utf-8")

    assert "\nkind: network\n" in page
    assert "\n$ jobnet simulate " in page or "\n$ jobnet play " in page


def test_the_bounds_of_the_page_are_those_of_the_engine() -> None:
    known = {
        name: value
        for name, value in vars(bounds).items()
        if name.isupper() and "_MAX" in name and isinstance(value, int | float)
    }

    assert bound_rows() == known
