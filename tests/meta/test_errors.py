"""Every refusal can be looked up: a code of its own, an explanation, a heading in the docs."""

import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))

from errors_page import PAGE, error_classes, is_raised, page  # noqa: E402 - lies beside the tools
from jobnet.errors import ControllerError  # noqa: E402

ERRORS = error_classes()


def test_every_code_belongs_to_one_error() -> None:
    codes = Counter(error.code for error in ERRORS if is_raised(error))

    doubled = [code for code, count in codes.items() if count > 1]

    assert not doubled


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_has_a_code_of_its_own_or_errors_below_it(error: type[ControllerError]) -> None:
    below = error.__subclasses__()

    assert is_raised(error) or below, f"{error.__name__} has no code"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_a_code_is_lower_case_with_underscores(error: type[ControllerError]) -> None:
    code = error.code

    assert code.isidentifier()
    assert code == code.lower()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_is_explained(error: type[ControllerError]) -> None:
    words = error.__doc__ or ""

    assert len(words.split()) >= 4


def test_the_page_of_errors_is_as_new_as_the_code() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""

    assert written == page(), "docs/reference/errors.md is older than the code: make docs writes it"
