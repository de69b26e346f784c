"""The rings of ``make test``: one total line for those that run beside each other."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / ".ci"))


import rings  # noqa: E402 - lies beside the tools


def test_the_totals_of_two_rings_become_one() -> None:
    total = rings.sum_of(
        [
            "9 passed, 0 failed, 2 skipped; not run: 3 long (make test-long), 4 journey (x)",
            "4 passed, 1 failed, 0 skipped; not run: 3 long (make test-long), 9 core (y)",
        ]
    )

    assert total == "13 passed, 1 failed, 2 skipped; not run: 3 long (make test-long)"


def test_what_no_ring_has_run_is_counted_where_all_tests_were_collected() -> None:
    total = rings.sum_of(
        [
            "1 passed, 0 failed, 0 skipped; not run: 1 long (make test-long)",
            "1 passed, 0 failed, 0 skipped; not run: 9 root (z), 3 long (make test-long)",
        ]
    )

    assert total == "2 passed, 0 failed, 0 skipped; not run: 3 long (make test-long), 9 root (z)"


def test_every_folder_with_parts_is_in_one_of_the_three_pieces() -> None:
    commands, jobs, others = (rings.RINGS[f"parts {piece}"][0].split() for piece in (1, 2, 3))

    assert others == ["tests", *(f"--ignore={folder}" for folder in (*commands, *jobs))]
    assert all((ROOT / folder).is_dir() for folder in (*commands, *jobs))


def test_a_ring_that_broke_before_its_total_counts_nothing() -> None:
    assert rings.sum_of(["1 passed, 0 failed, 0 skipped", ""]) == "1 passed, 0 failed, 0 skipped"


def test_every_test_without_root_and_not_long_is_in_one_of_the_rings() -> None:
    assert rings.RINGS["core"][1] == f"not parts and not journey and {rings.EVERYWHERE}"
    assert rings.RINGS["parts"][1] == f"parts and not journey and {rings.EVERYWHERE}"
    assert rings.RINGS["journeys"][1] == f"journey and {rings.EVERYWHERE}"


def test_rings_beside_each_other_leave_no_process_and_fail_as_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says = {"one": "print('1 passed, 0 failed, 0 skipped')", "two": "print('no total'); exit(3)"}
    monkeypatch.setattr(rings, "RINGS", {name: (code, "") for name, code in says.items()})
    monkeypatch.setattr(rings, "command_of", lambda code, _: [sys.executable, "-c", code])

    status = rings.beside_each_other("one", "two")

    assert status == 3
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"
