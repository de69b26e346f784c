"""What a module server cannot do exactly as stock Ansible does is left to it."""

from pathlib import Path

import pytest
from jobnet.execution.environment import MARK_VARIABLE
from jobnet.execution.warm_modules.shell_environment import Rest

from tests.execution.warm_modules.serving import PYTHON, Connection, Warm, command, payload_of

pytestmark = pytest.mark.parts


@pytest.mark.parametrize("kind", ["missing", "broken", "script", "old", "not python"])
def test_an_interpreter_that_cannot_serve_takes_the_stock_path(
    warm: Warm, tmp_path: Path, kind: str
) -> None:
    python = tmp_path / "python3"
    if kind == "broken":
        python.write_bytes(b"\x7fELF" + b"\0" * 60)
    elif kind == "script":
        python.write_text(f'#!/bin/sh\nexec {PYTHON} "$@"\n')
    elif kind == "old":
        found = sorted(Path.home().glob(".pyenv/versions/3.[678].*/bin/python3"))
        if not found:
            pytest.skip("no old Python here")
        python.symlink_to(found[0])
    elif kind == "not python":
        python.symlink_to("/bin/cat")
    if kind in {"broken", "script"}:
        python.chmod(0o755)

    results = [warm.either(b"print('x')\n", python=str(python)) for _ in range(8)]

    assert all(was_stock for _, was_stock in results)
    assert {r.words for r, _ in results} == {warm.stock(b"print('x')\n", python=str(python)).words}
    assert str(python) not in warm.servers.servers()


@pytest.mark.parametrize(
    "changed",
    [
        "/bin/sh -c 'FOO=1 /usr/bin/python3 && sleep 0'",
        "/bin/sh -c '/usr/bin/python3 -I && sleep 0'",
        "/bin/sh -c '/usr/bin/python3 /tmp/x && sleep 0'",
        "/bin/sh -c '/usr/bin/perl && sleep 0'",
        "/bin/sh -c '/usr/bin/python3; sleep 0'",
        "/bin/bash -c '/usr/bin/python3 && sleep 0'",
        "/bin/sh -c 'python3 && sleep 0'",
        "/bin/sh -c '\"/usr/bin/python3\" && sleep 0'",
        "/bin/sh -c '/usr/bin/python3 && sleep 1'",
        "/bin/sh -c '/usr/bin/python3'",
        "/bin/sh -c 'FOO=1 /usr/bin/python3'",
        "/bin/sh -c '/usr/bin/python3 /tmp/x'",
        "/bin/sh -c /usr/bin/python3 x",
        "/bin/sh -c python3",
        "/bin/sh -c /usr/bin/perl",
        "/bin/bash -c /usr/bin/python3",
        "/usr/bin/python3",
        "/bin/sh -c '",
    ],
)
def test_any_other_command_takes_the_stock_path(warm: Warm, changed: str) -> None:
    warm.make_ready()
    connection = Connection(warm.folder)

    connection.exec_command(changed, in_data=b"print(1)")

    assert connection.times_stock == 1


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONPATH": "relative"},
        {"PYTHONINSPECT": ""},
        {"COVERAGE_PROCESS_START": "x"},
        {"IFS": ","},
        {"odd.name": "1"},
        {"SHLVL": "1000"},
        {"SHLVL": "-1"},
        {"PWD": "/proc/self/cwd"},
        {MARK_VARIABLE: "x" * 5000},
        {"PYTHONHOME": "x" * 20_000},
    ],
)
def test_an_environment_that_only_a_start_can_apply_takes_the_stock_path(
    warm: Warm, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm.make_ready()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    _, was_stock = warm.either(b"print(1)")

    assert was_stock


def test_another_pythonpath_gets_a_server_of_its_own(
    warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lonely.py").write_text("WHO = 'path'")
    warm.make_ready()
    with_path, without = b"import lonely; print(lonely.WHO)", b"import lonely"

    with monkeypatch.context() as path:  # whatever it was before, it is again afterwards
        path.setenv("PYTHONPATH", str(tmp_path))
        served = warm.warm(with_path)

    assert served.output == b"path\n"
    assert warm.warm(without).rc == 1
    assert len(warm.servers.servers()[PYTHON]) == 2


def test_a_datetime_beside_the_playbook_takes_the_stock_path(warm: Warm) -> None:
    warm.make_ready()
    hiding = warm.folder / "datetime.py"
    hiding.write_text("")
    try:
        _, was_stock = warm.either(b"print(1)")
    finally:
        hiding.unlink()

    assert was_stock


def test_the_command_is_the_one_that_ansible_core_builds() -> None:
    assert command(PYTHON, Rest.SLEEP) == "/bin/sh -c '/usr/bin/python3 && sleep 0'"
    assert command(PYTHON, Rest.NOTHING) == "/bin/sh -c /usr/bin/python3"
    assert payload_of("ping").startswith(b"#!/usr/bin/python3\n")
