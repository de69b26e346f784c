"""What every test shares: a home for Ansible away from the user's own, and one total line."""

import os
import shutil
import tempfile

import pytest

HOME_OF_THIS_SESSION = "jobnet-tests-"


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


def total_line(stats: dict[str, list[object]]) -> str:
    """Return the one line that counts everything; an error in a fixture is a failure."""
    failed = len(stats.get("failed", [])) + len(stats.get("error", []))
    skipped = len(stats.get("skipped", [])) + len(stats.get("xfailed", []))
    line = f"{len(stats.get('passed', []))} passed, {failed} failed, {skipped} skipped"
    left_out = len(stats.get("deselected", []))
    if left_out:
        line += f" ({left_out} of other rings not run: see make help)"
    return line
