"""A year in the life of schedules: each start begins its run once or is missed for a reason."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from jobnet.ports.store import Store
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


def check(year: Year) -> None:
    """Play a year and compare it with the rules; a failure prints the seed."""
    year.play()

    told = f"seed {year.seed}"
    expected, rows = year.expected(), year.rows()
    assert PlanState.MISSED in expected.values(), f"{told} has no outage that matters"
    became = {key: row.state for key, row in rows.items() if row.state in OVER}
    assert became == dict(expected), told
    runs = [row.run for row in rows.values() if row.state is PlanState.STARTED]
    known = year.store.read(lambda tx: {row.run: row for row in tx.runs.unended()})
    assert sorted(map(str, runs)) == sorted(map(str, known)), told
    for row in rows.values():
        if row.run is not None:
            run = known[row.run]
            seen = (run.planned_start, run.operating_day, run.network)
            assert seen == (row.start, row.key.operating_day, row.key.network), told


@pytest.fixture
def store() -> Iterator[Store]:
    with TemporaryDirectory(prefix="jobnet-year-", dir=memory_folder()) as folder:
        opened = open_store(SqlitePlace(path=Path(folder) / "jobnet.sqlite3"))
        yield opened
        opened.close()


@pytest.mark.parametrize("seed", range(6))
def test_six_weeks_of_a_dozen_schedules(seed: int, tmp_path: Path, store: Store) -> None:
    check(Year(seed=seed, schedules=12, days=42, folder=tmp_path, store=store))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_year_of_300_schedules(tmp_path: Path, store: Store) -> None:
    seed = int(os.environ.get("JOBNET_TEST_SEED", "2026"))
    check(Year(seed=seed, schedules=300, days=365, folder=tmp_path, store=store, deaths=0.003))
