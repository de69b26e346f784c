"""Lets no test of warm jobs depend on how long the canary takes on a busy machine."""

import pytest
from jobnet.execution.warm.canary import Canary


@pytest.fixture(scope="module", autouse=True)
def _settled(request: pytest.FixtureRequest) -> None:
    """Know the canary's answer in this process before the first real job of a module."""
    marks = getattr(request.module, "pytestmark", [])
    if pytest.mark.parts in (marks if isinstance(marks, list) else [marks]):
        Canary().settle()
