"""What every test shares: a home for Ansible away from the user's own, and one total line."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import settings

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
RING_2 = (
    "tests/client/",
    "tests/mutation/",
    "tests/rest/",
    "tests/storage/",
    "tests/cli/test_artifacts.py",
    "tests/cli/test_care.py",
    "tests/cli/test_continue.py",
    "tests/cli/test_definitions.py",
    "tests/cli/test_deps.py",
    "tests/cli/test_every_order.py",
    "tests/cli/test_graph.py",
    "tests/cli/test_orders.py",
    "tests/cli/test_play_control.py",
    "tests/cli/test_projects.py",
    "tests/cli/test_queues.py",
    "tests/cli/test_real_parts.py",
    "tests/cli/test_rerun_asking.py",
    "tests/cli/test_runs.py",
    "tests/cli/test_shift.py",
    "tests/cli/test_terminal.py",
    "tests/cli/test_up.py",
    "tests/cli/test_watching.py",
)
"""Whatever lies here needs a database, a server or processes of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--total",
        action="store_true",
        help="end with one line: N passed, N failed, N skipped",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let nothing that a test starts write into the home of whoever runs the tests.

    Properties are tried with the same examples each time, so that what passed passes again;
    ``JOBNET_TEST_SEARCH=1`` (and ``make test-long``) looks for others.
    """
    is_chosen = settings.get_current_profile_name() not in {"default", "ci"}
    if not is_chosen and not os.environ.get("JOBNET_TEST_SEARCH"):
        settings.register_profile("repeatable", derandomize=True)
        settings.load_profile("repeatable")
    home = tempfile.mkdtemp(prefix=HOME_OF_THIS_SESSION)
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["ANSIBLE_HOME"] = f"{home}/ansible"
    # Half of Ansible looks for it below HOME, the other half where the user's entry says.
    os.environ["ANSIBLE_ASYNC_DIR"] = f"{home}/async"
    os.environ["JUNIT_OUTPUT_DIR"] = f"{home}/junit"
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Take what needs real parts by its place into ring 2."""
    for item in items:
        if item.nodeid.startswith(RING_2) and ring_of(item) == "core":
            item.add_marker(pytest.mark.parts)


def ring_of(item: pytest.Item) -> str:
    return next((ring for ring in HOW_TO_RUN if item.get_closest_marker(ring)), "core")
