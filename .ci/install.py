"""Prepares ``.venv`` for one purpose: ``run``, ``test``, ``check`` or ``mutants``.

Standard library only: this runs before anything is installed. Asking again costs a few
milliseconds, because a stamp tells what is installed. A cut-off install leaves its mark
``.installing`` behind, and the next one starts ``.venv`` anew; downloads are kept in
``.make/pip``, so that is quick. Nothing is written outside this folder and the temporary one.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pip_wheel import NoWheel, fetch_wheel, index_urls, pip_settings

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".jobnet-installed"
UNFINISHED = VENV / ".installing"
LOG = ROOT / ".make" / "install.log"
EXTRAS = {
    "run": ("demo",),
    "test": ("demo", "test"),
    "check": ("check", "demo", "docs", "test"),
    "mutants": ("demo", "mutation", "test"),
}
STEP_SECONDS_MAX = 1800
PROGRESS = re.compile(r"^(Collecting|Downloading|Installing collected packages)\b:? *(\S*)")
NETWORK_IS_AWAY = re.compile(
    r"connection broken|NewConnectionError|Max retries|Name or service not known|"
    r"Temporary failure in name resolution|Network is unreachable|ProxyError|timed out"
)


class Stopped(Exception):
    """The installation cannot go on; the text is one or two sentences for the reader."""


def main(arguments: list[str]) -> int:
    """Install what the purpose needs and return the exit status."""
    if len(arguments) != 1 or arguments[0] not in EXTRAS:
        print(f"Usage: .ci/bootstrap {'|'.join(EXTRAS)}", file=sys.stderr)
        return 2
    extras = EXTRAS[arguments[0]]
    try:
        if not _is_installed(extras):
            _prepare(extras)
        _need_ssh()
    except Stopped as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nCut off; the same command starts again from here.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"\nThe installation in {VENV} stopped: {error}.", file=sys.stderr)
        return 1
    return 0


def _prepare(extras: tuple[str, ...]) -> None:
    with _alone() as lock:
        if _is_installed(extras):
            return  # another run did it while this one waited
        if not _is_sound():
            _create(lock)
        _install(extras, lock)


@contextmanager
def _alone() -> Iterator[int]:
    """Let one installation at a time work on ``.venv``; the kernel frees the lock of a dead one.

    pip gets the lock's descriptor, too: when only this process is killed, the pip that still
    works keeps others out.
    """
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make installs here; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _wanted() -> str:
    """Return the digest of everything that decides what an installation holds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [project[name] for name in ("build-system", "project")] + [project["tool"]["hatch"]]
    return hashlib.sha256(json.dumps([*parts, str(ROOT)]).encode()).hexdigest()


def _is_installed(extras: tuple[str, ...]) -> bool:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        stamp.get("digest") == _wanted()
        and set(extras) <= set(stamp.get("extras", ()))
        and not UNFINISHED.exists()
        and _starts()
    )


def _starts() -> bool:
    """Tell whether the environment's Python starts (its base may have been removed since)."""
    probe = [
        str(VENV / "bin/python"),
        "-I",
        "-c",
        "import sys; sys.exit(sys.prefix == sys.base_prefix)",
    ]
    try:
        return subprocess.run(probe, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _is_sound() -> bool:
    """Tell whether ``.venv`` can be added to: complete, with pip, and not moved here."""
    if UNFINISHED.exists() or not (VENV / "bin/pip").exists() or not _starts():
        return False
    first_line = (VENV / "bin/pip").read_text(encoding="utf-8").partition("\n")[0]
    return str(VENV) in first_line or "#!/bin/sh" in first_line


def _create(lock: int) -> None:
    again = " anew" if VENV.exists() else ""
    with _step(f"Making .venv{again}", f"with Python {sys.version.split()[0]}"):
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        UNFINISHED.touch()
        venv.EnvBuilder(with_pip=False, symlinks=True).create(VENV)
    with _step("Fetching pip"), tempfile.TemporaryDirectory() as folder:
        try:
            wheel = fetch_wheel(Path(folder))
        except NoWheel as error:
            _use_ensurepip(error, lock)
        else:
            install = [str(wheel / "pip"), "install", "--no-index", "--no-deps", str(wheel)]
            _pip(install, title="Fetching pip", lock=lock)


def _use_ensurepip(reason: NoWheel, lock: int) -> None:
    """Take the pip that came with Python; an index may want a login that only pip knows."""
    if importlib.util.find_spec("ensurepip") is None:
        raise Stopped(
            f"The package index gave no pip ({reason}); check the network, PIP_INDEX_URL and the"
            " proxy settings, then give the same command again."
        ) from reason
    _pip(["-m", "ensurepip", "--default-pip"], title="Fetching pip", lock=lock)


def _install(extras: tuple[str, ...], lock: int) -> None:
    title = f"Installing jobnet[{','.join(extras)}]"
    with _step(title):
        STAMP.unlink(missing_ok=True)
        UNFINISHED.touch()
        options = ["--only-binary", ":all:", "--progress-bar", "off"]
        _pip(
            ["-m", "pip", "install", *options, "-e", f"{ROOT}[{','.join(extras)}]"],
            title=title,
            lock=lock,
        )
        text = json.dumps({"digest": _wanted(), "extras": extras})
        UNFINISHED.write_text(text, encoding="utf-8")
        UNFINISHED.replace(STAMP)


def _pip(arguments: list[str], *, title: str, lock: int) -> None:
    """Run pip (its words go to the log and, on a terminal, into the step's line)."""
    environment = {
        "PIP_CACHE_DIR": str(LOG.parent / "pip"),
        "PIP_RETRIES": "2",
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_USER": "0",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    said: list[str] = []
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            [str(VENV / "bin/python"), "-I", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=ROOT,
            pass_fds=(lock,),
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        timer = threading.Timer(STEP_SECONDS_MAX, process.kill)
        timer.start()
        try:
            _listen(process.stdout, said, log=log, title=title)
        finally:
            timer.cancel()
    if process.returncode != 0:
        raise Stopped(_why(said))


def _listen(lines: IO[str] | None, said: list[str], *, log: IO[str], title: str) -> None:
    assert lines is not None
    for line in lines:
        log.write(line)
        said.append(line.rstrip())
        seen = PROGRESS.match(line.lstrip())
        if seen and sys.stdout.isatty():
            print(f"\r\033[K{title} ... {seen[1].lower()} {seen[2][:40]}", end="", flush=True)


def _why(said: list[str]) -> str:
    """Return the reason of pip's failure: one sentence for a network, else its own last words."""
    if any(NETWORK_IS_AWAY.search(line) for line in said):
        indexes = ", ".join(re.sub(r"//[^/@]*@", "//", url) for url in index_urls(pip_settings()))
        return (
            f"The package index ({indexes or 'none is allowed'}) did not answer; check the network,"
            " PIP_INDEX_URL and the proxy settings, then give the same command again."
        )
    errors = [line for line in said if line.startswith("ERROR")] or said[-15:]
    return "pip stopped:\n  " + "\n  ".join(errors) + f"\nAll it said is in {LOG}."


@contextmanager
def _step(title: str, detail: str = "") -> Iterator[None]:
    """Show one line: what is done, and when it is done how long it took."""
    began = time.monotonic()
    print(f"{title} {detail}".rstrip() + " ... ", end="", flush=True)
    yield
    start = "\r\033[K" + f"{title} {detail}".rstrip() + " ... " if sys.stdout.isatty() else ""
    print(f"{start}done, {time.monotonic() - began:.1f} s", flush=True)


def _need_ssh() -> None:
    """Make sure that an OpenSSH client is there; Ansible starts it for every host."""
    if shutil.which("ssh"):
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "openssh-client"]
    if not (Path("/etc/debian_version").exists() and shutil.which("apt-get")):
        raise Stopped(
            "Jobnet needs an OpenSSH client (the program ssh);"
            " install it with your system's packages."
        )
    if os.geteuid() != 0:
        raise Stopped(f"Jobnet needs an OpenSSH client; type: sudo {' '.join(install)}")
    with _step("Installing openssh-client with apt-get"), LOG.open("a", encoding="utf-8") as log:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], install):
            subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=600,
                check=False,
            )
        if not shutil.which("ssh"):
            raise Stopped(f"apt-get did not install openssh-client; {LOG} says why.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
