"""What makes two jobs come from different servers."""

import os
from pathlib import Path

import pytest
from jobnet.execution.warm.fingerprint import _version_of, fingerprint

ENVIRONMENT = {"HOME": "/home/somebody", "PATH": "/bin", "TZ": "UTC"}


@pytest.mark.parametrize(
    "variable",
    [
        "ANSIBLE_FORKS",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION",
        "EDITOR",
        "HOME",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "NO_COLOR",
        "OPENSSL_CONF",
        "PYTHONPATH",
        "USER",
        "_ANSIBLE_TEMPLAR_SANDBOX_MODE",
    ],
)
def test_a_variable_that_is_taken_once_asks_for_another_server(
    variable: str, tmp_path: Path
) -> None:
    other = {**ENVIRONMENT, variable: "other"}

    assert fingerprint(other, str(tmp_path)) != fingerprint(ENVIRONMENT, str(tmp_path))


@pytest.mark.parametrize("variable", ["ANSIBLE_SSH_CONTROL_PATH_DIR", "JOBNET_JOB", "SOME", "TZ"])
def test_a_variable_of_each_job_does_not(variable: str, tmp_path: Path) -> None:
    other = {**ENVIRONMENT, variable: "other"}

    assert fingerprint(other, str(tmp_path)) == fingerprint(ENVIRONMENT, str(tmp_path))


def test_a_configuration_that_comes_or_changes_asks_for_another_server(tmp_path: Path) -> None:
    seen = [fingerprint(ENVIRONMENT, str(tmp_path))]

    for text in ("[defaults]\n", "[defaults]\nforks = 3\n"):
        (tmp_path / "ansible.cfg").write_text(text)
        seen.append(fingerprint(ENVIRONMENT, str(tmp_path)))

    assert len(set(seen)) == 3


def test_a_neighbour_that_is_installed_asks_for_another_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sample_of_fingerprint").mkdir()
    (tmp_path / "sample_of_fingerprint" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    before = _version_of("sample_of_fingerprint")

    (tmp_path / "neighbour-2.0.dist-info").mkdir()
    os.utime(tmp_path, ns=(1, 1))

    assert _version_of("sample_of_fingerprint") != before
