"""The page of the reference lists what the registers hold."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from jobnet.expressions import Budget
from jobnet.expressions.filters import FILTERS
from jobnet.expressions.methods import METHOD_NAMES
from jobnet.expressions.tests import TESTS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "expressions.md"


@pytest.mark.parametrize(
    ("section", "register"), [("filters", FILTERS), ("tests", TESTS), ("methods", METHOD_NAMES)]
)
def test_a_table_lists_exactly_what_exists(section: str, register: Iterable[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text.split(f"<!-- {section} -->")[1].split(f"<!-- end of {section} -->")[0]

    listed = re.findall(r"`([^`]+)`", table)

    assert sorted(set(listed)) == sorted(register)


def test_the_budget_on_the_page_is_the_default() -> None:
    text = PAGE.read_text(encoding="utf-8")

    budget = Budget()

    assert f"| `steps_max` | {budget.steps_max:,} |" in text
    assert f"| `bytes_max` | {budget.bytes_max >> 20} MiB |" in text
    assert f"| `depth_max` | {budget.depth_max} |" in text
