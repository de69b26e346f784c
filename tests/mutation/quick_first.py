"""A plugin of pytest for trials: quick tests first, and few examples for each property.

The first run of all tests writes down how long each takes; later runs read it. Hypothesis
neither shrinks nor remembers. So fewer mutants are killed than the tests would in full.
"""

import json
from pathlib import Path

import pytest
from hypothesis import Phase, settings

DURATIONS = Path("durations.json")  # in the copy of the tree, where the tests run
EXAMPLES_MAX = 25
SETTINGS = "_hypothesis_internal_use_settings"  # where Hypothesis keeps what @settings said
TOOK: dict[str, float] = {}

settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None)
settings.load_profile("mutants")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        test = getattr(item, "obj", None)
        full = getattr(test, SETTINGS, None)
        if test is not None and full is not None:
            few = settings(full, max_examples=min(EXAMPLES_MAX, full.max_examples))
            setattr(test, SETTINGS, few)
    if DURATIONS.exists():
        took = json.loads(DURATIONS.read_text(encoding="utf-8"))
        items.sort(key=lambda item: took.get(item.nodeid, 0.0))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    TOOK[report.nodeid] = TOOK.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK and not session.config.option.collectonly:
        DURATIONS.write_text(json.dumps(TOOK), encoding="utf-8")
