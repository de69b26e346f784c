"""A year in the life of schedules: each start begins its run once or is missed for a reason."""

import os
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from jobnet.ports.store.plan import PlanState
from jobnet.services.controller.plan import keeper
from jobnet.storage import SqlitePlace, open_store

from tests.services.controller.plan.year import Year
from tests.storage.memory import memory_folder

pytestmark = pytest.mark.parts
OVER = (PlanState.STARTED, PlanState.MISSED)


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the near plan worked out twice a day: a year has 52,560 times ten minutes."""
    monkeypatch.setattr(keeper, "WORK_OUT_AGAIN", timedelta(hours=12))


def check(seed: int, tmp_path: Path, *, schedules: int, days: int) -> None:
    """Play a year and compare it with the rules; a failure prints the seed."""
    with TemporaryDirectory(prefix="jobnet-year-", dir=memory_folder()) as folder:
        _check(seed, Path(folder), tmp_path, schedules=schedules, days=days)


def _check(seed: int, home: Path, tmp_path: Path, *, schedules: int, days: int) -> None:
    store = open_store(SqlitePlace(path=home / "jobnet.sqlite3"))
    try:
        year = Year(seed=seed, schedules=schedules, days=days, folder=tmp_path, store=store)
        year.play()

        expected, rows = year.expected(), year.rows()
        became = {key: row.state for key, row in rows.items() if row.state in OVER}
        assert became == dict(expected), f"seed {seed}"
        runs = [row.run for row in rows.values() if row.state is PlanState.STARTED]
        known = store.read(lambda tx: {row.run: row for row in tx.runs.unended()})
        assert sorted(map(str, runs)) == sorted(map(str, known)), f"seed {seed}"
        for row in rows.values():
            if row.run is not None:
                run = known[row.run]
                assert (run.planned_start, run.operating_day, run.network) == (
                    row.start,
                    row.key.operating_day,
                    row.key.network,
                ), f"seed {seed}"
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(6))
def test_six_weeks_of_a_dozen_schedules(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path, schedules=12, days=42)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_year_of_300_schedules(tmp_path: Path) -> None:
    seed = int(os.environ.get("JOBNET_TEST_SEED", "2026"))
    check(seed, tmp_path, schedules=300, days=365)
