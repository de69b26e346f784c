"""A network has a bound on its parts, with a name; going over it is told once, at its place."""

from pathlib import Path

import pytest
from jobnet.definition import walk
from jobnet.project.parts import PARTS_MAX

from tests.project.written import flow_of, problems

BOUND = 20
NESTED = "- parallel:\n    branches:\n      - flow:\n" + "".join(
    f"          - {{id: p{n}, wait_for: 1m}}\n" for n in range(BOUND)
)


@pytest.fixture
def low_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobnet.project.parts.PARTS_MAX", BOUND)


def parts(number: int) -> str:
    """Return so many parts in the notation."""
    return "".join(f"- {{id: p{n}, wait_for: 1m}}\n" for n in range(number))


def test_the_bound_of_the_engine_s_design_is_ten_thousand() -> None:
    assert PARTS_MAX == 10_000


@pytest.mark.usefixtures("low_bound")
def test_as_many_parts_as_allowed_are_read(tmp_path: Path) -> None:
    assert len(flow_of(tmp_path, parts(BOUND))) == BOUND


@pytest.mark.usefixtures("low_bound")
@pytest.mark.parametrize("over", [1, 50])
def test_more_parts_are_told_once_at_the_first_that_is_too_many(tmp_path: Path, over: int) -> None:
    (told,) = problems(tmp_path, parts(BOUND + over))

    assert told.startswith(f"{BOUND + 5}:")
    assert f"A network has at most {BOUND} parts" in told
    assert "Split it into called networks" in told


@pytest.mark.usefixtures("low_bound")
def test_parts_inside_parts_count_too(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, NESTED)

    assert "at most 20 parts" in told


def test_a_large_network_within_the_bound_has_all_its_parts(tmp_path: Path) -> None:
    assert len(list(walk(flow_of(tmp_path, parts(200))))) == 200
