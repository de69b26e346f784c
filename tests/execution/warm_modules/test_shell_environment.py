"""What is said about shells is what the shells of this machine do."""

import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.execution.warm_modules import conversation, shell_environment
from jobnet.execution.warm_modules.shell_environment import Rest, environment_behind_shell

pytestmark = pytest.mark.parts

PRINTING = "/bin/cat"
ENVIRONMENTS: list[dict[bytes, bytes]] = [
    {},
    {b"PATH": b"/bin:/usr/bin", b"SHLVL": b"4", b"_": b"/x", b"OLDPWD": b"/old", b"PS1": b"$ "},
    {b"SHLVL": b"0", b"PWD": b"/nowhere", b"TWO": b"1\n2 =", b"EMPTY": b""},
    {b"SHLVL": b"07", b"HOME": b"/", b"BYTES": b"\xff\xfc"},
    {b"SHLVL": b"99"},
]


@pytest.fixture(params=["dash", "bash"])
def shell(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A shell that is called ``sh``, in the place of this machine's."""
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"no {request.param} here")
    path = tmp_path / "sh"
    path.symlink_to(program)
    for module in (shell_environment, conversation):
        monkeypatch.setattr(module, "SHELL", str(path))
    shell_environment._known_model.cache_clear()
    yield str(path)
    shell_environment._known_model.cache_clear()


@pytest.mark.parametrize("rest", Rest)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_program_behind_two_shells_has_the_environment_that_was_said(
    shell: str, rest: Rest, environment: dict[bytes, bytes], tmp_path: Path
) -> None:
    inner = shlex.quote(f"{PRINTING} /proc/self/environ{rest}")

    done = subprocess.run(
        [shell, "-c", f"{shell} -c {inner}"],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )

    real = dict(entry.split(b"=", 1) for entry in done.stdout.split(b"\0") if entry)
    said = environment_behind_shell(
        environment, folder=bytes(tmp_path), program=PRINTING.encode(), rest=rest
    )
    assert said == real


@pytest.mark.parametrize("depth", [b"", b"-1", b"100", b"1000", b"x", b"9" * 40])
@pytest.mark.parametrize("rest", Rest)
def test_an_odd_depth_is_left_to_the_shell(shell: str, rest: Rest, depth: bytes) -> None:
    assert shell

    said = environment_behind_shell({b"SHLVL": depth}, folder=b"/", program=b"/x", rest=rest)

    assert said is None


@pytest.mark.parametrize("rest", Rest)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV])
def test_a_death_by_a_signal_is_told_as_the_shells_tell_it(
    shell: str, rest: Rest, number: signal.Signals
) -> None:
    dying = shlex.quote(f"/usr/bin/python3{rest}")
    program = (
        "import os, resource, signal\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        f"if {number:d} == signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
        f"os.kill(os.getpid(), {number:d})\n"
    )

    done = subprocess.run(
        [shell, "-c", f"{shell} -c {dying}"],
        input=program.encode(),
        capture_output=True,
        check=False,
    )

    assert conversation._after_signal(number, rest) == (done.returncode, done.stderr)
    assert done.returncode in {128 + number, -number}
