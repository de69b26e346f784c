"""Opens a plan for each test of this folder."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.services.controller.plan.desk import Desk, desk
from tests.storage.memory import memory_folder


@pytest.fixture
def here() -> Iterator[Desk]:
    with (
        TemporaryDirectory(prefix="jobnet-plan-", dir=memory_folder()) as folder,
        desk(Path(folder)) as made,
    ):
        yield made
