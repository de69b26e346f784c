"""Opens a plan for each test of this folder, from a database that was made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from jobnet.storage import SqlitePlace, open_store

from tests.services.controller.plan.desk import FILE, Desk, desk
from tests.storage.memory import memory_folder


@pytest.fixture(scope="session")
def empty_plan() -> Iterator[Path]:
    """Make the tables once."""
    with TemporaryDirectory(prefix="jobnet-plan-", dir=memory_folder()) as folder:
        open_store(SqlitePlace(path=Path(folder) / FILE)).close()
        yield Path(folder)


@pytest.fixture
def here(empty_plan: Path) -> Iterator[Desk]:
    with TemporaryDirectory(prefix="jobnet-plan-", dir=memory_folder()) as folder:
        own = Path(folder) / "home"
        shutil.copytree(empty_plan, own)
        with desk(own) as made:
            yield made
