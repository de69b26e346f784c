"""What every test shares: a home for Ansible away from the user's own, and one total line."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

# Ansible parses paths in its home as literals of Python, and "-8if" would be warned of: what
# mkdtemp adds must go on with a name.
HOME_OF_THIS_SESSION = "jobnet_tests_"
HOW_TO_RUN = {
    "root": "make test-root",
    "long": "make test-long",
    "journey": "make test RING=journeys",
    "parts": "make test RING=parts",
    "core": "make test RING=core",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--total",
        action="store_true",
        help="end with one line: N passed, N failed, N skipped",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let nothing that a test starts write into the home of whoever runs the tests."""
    home = tempfile.mkdtemp(prefix=HOME_OF_THIS_SESSION)
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["ANSIBLE_HOME"] = f"{home}/ansible"
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = f"{home}/{name.lower()}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.getoption("--total", default=False):
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            print(total_line(reporter.stats))  # noqa: T201 - the line that make test promises


def total_line(stats: Mapping[str, Sequence[object]]) -> str:
    """Return the one line that counts everything; an error in a fixture is a failure."""
    passed, failed, errors, skipped, expected, left_out = (
        stats.get(word, ())
        for word in ("passed", "failed", "error", "skipped", "xfailed", "deselected")
    )
    line = (
        f"{len(passed)} passed, {len(failed) + len(errors)} failed,"
        f" {len(skipped) + len(expected)} skipped"
    )
    rings = Counter(ring_of(item) for item in left_out if isinstance(item, pytest.Item))
    words = [f"{rings[ring]} {ring} ({HOW_TO_RUN[ring]})" for ring in HOW_TO_RUN if rings[ring]]
    return f"{line}; not run: {', '.join(words)}" if words else line


def ring_of(item: pytest.Item) -> str:
    return next((ring for ring in HOW_TO_RUN if item.get_closest_marker(ring)), "core")
