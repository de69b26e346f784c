"""The page on the language shows only what the reader accepts."""

import re
from pathlib import Path

import pytest
from jobnet.project import lint
from jobnet.project.keywords import OTHER_KINDS, PART_ATTRIBUTES
from jobnet.project.schema.documents import SHAPES

from tests.project.written import read

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "network-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = [one for one in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) if "kind:" in one]


@pytest.mark.parametrize("index", range(len(BLOCKS)))
def test_every_document_of_the_page_is_read_without_a_word(tmp_path: Path, index: int) -> None:
    assert [str(one) for one in lint(read(tmp_path, BLOCKS[index]))] == []


@pytest.mark.parametrize("word", sorted({*OTHER_KINDS, *PART_ATTRIBUTES, *SHAPES}))
def test_every_word_of_the_language_is_on_the_page(word: str) -> None:
    assert re.search(rf"\b{word}\b", TEXT), f"{PAGE.name} does not mention {word}"
