"""Fixtures: module servers that the tests of one file share."""

from collections.abc import Iterator

import pytest

from tests.execution.warm_modules.serving import Warm, serving


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """Module servers, and a folder in which modules run."""
    with serving(tmp_path_factory.mktemp("playbook")) as it:
        yield it
