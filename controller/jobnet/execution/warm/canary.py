"""Decides whether warm starts can be trusted with these versions, by one tiny job.

The canary runs through a warm server by the same path as any job, before the first job of a
combination of versions; its exit status, events and values are compared with what they must
be. Jobs wait for it, but not for long: starting them cold beside it would take more of
everybody's time (docs/explanation/warm-ansible.md has figures). The answer is kept in a file, so
that it costs once and not with every play. It has a server of its own, in an environment of
nobody's: a project's callbacks would tell people of it, and its caches and logs would keep it.
"""

import json
import os
import select
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Protocol

from jobnet.errors import ControllerError
from jobnet.execution.prepare import PreparedJob
from jobnet.execution.supervisor_process import SupervisorProcess
from jobnet.execution.warm.canary_job import canary_job, difference, neutral_environment
from jobnet.execution.warm.fingerprint import digest_of
from jobnet.execution.warm.server_handle import ServerUnusable, WarmServer
from jobnet.ports.warmth import ColdReason

# The cores with which all tests of warm jobs and modules pass; for others the canary decides alone.
TESTED_CORES: Final = ("2.19", "2.20", "2.21")
SECONDS_MAX: Final = 60.0
WAIT_SECONDS_MAX: Final = 10.0
_ANSWER_BYTES_MAX: Final = 10_000
_CLOSE_SECONDS_MAX: Final = 15.0


class CanaryServer(Protocol):
    """A server that the canary can be sent through."""

    def supervise(
        self, prepared: PreparedJob, *, ticks: int, is_leashed: bool
    ) -> SupervisorProcess:
        """Have a supervisor forked."""


def versions() -> dict[str, str]:
    """Return what the answer depends on."""
    return {
        "ansible-core": _version_of("ansible-core"),
        "ansible-runner": _version_of("ansible-runner"),
        "jobnet": _version_of("jobnet"),
        "python": f"{sys.version} {sys.executable}",
    }


def is_tested(core: str) -> bool:
    """Tell whether the tests of Jobnet run with this version of ansible-core."""
    return ".".join(core.split(".")[:2]) in TESTED_CORES


class Canary:
    """The answer for the versions of this process; many threads may ask at once.

    ``state`` is the folder that keeps the answer, or None to ask again in each process. Nobody is
    kept waiting longer than ``wait_seconds_max`` after the canary has begun.
    """

    def __init__(
        self, *, state: Path | None = None, wait_seconds_max: float = WAIT_SECONDS_MAX
    ) -> None:
        self._versions = versions()
        name = f"warm-canary-{digest_of(self._versions)[:16]}.json"
        self._file = None if state is None else state / name
        self._wait_seconds_max = wait_seconds_max
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wait_until = 0.0
        self._is_known = threading.Event()
        self._why = ""

    def begin(self) -> None:
        """Find the answer in another thread while Ansible is loaded; twice is harmless."""
        with self._starting:
            if self._thread is None:
                self._wait_until = time.monotonic() + self._wait_seconds_max
                self._thread = threading.Thread(target=self._answer, name="canary", daemon=True)
                self._thread.start()

    def admit(self) -> None:
        """Raise ServerUnusable where jobs must not start warm, or nobody knows yet."""
        self.begin()
        if not self._is_known.wait(max(0.0, self._wait_until - time.monotonic())):
            text = f"it has not ended {self._wait_seconds_max:g} s after it was started"
            raise ServerUnusable(text, reason=ColdReason.BEING_TRIED)
        if self._why:
            raise ServerUnusable(f"the canary job {self._why}", reason=ColdReason.CANARY)

    def settle(self) -> None:
        """Wait until the answer is known, however long that takes."""
        self.begin()
        self._is_known.wait()

    def close(self) -> None:
        """Wait until nothing of a canary is left; one that hangs ends with this process."""
        with self._starting:
            thread = self._thread
        if thread is not None:
            thread.join(_CLOSE_SECONDS_MAX)

    def _answer(self) -> None:
        """Find "" if the canary lives, else what was wrong."""
        self._why = "could not be run"
        try:
            self._why = self._known_or_found()
        finally:
            self._is_known.set()

    def _known_or_found(self) -> str:
        """Return the answer; one that says nothing about the versions is not kept."""
        why = _KNOWN.get(self._key)
        if why is None:
            why = self._read()
        if why is None:
            try:
                why = _run_for_itself()
            except (OSError, ServerUnusable, ControllerError) as error:
                return f"could not be run: {error}"
            self._keep(why)
        _KNOWN[self._key] = why
        return why

    @property
    def _key(self) -> str:
        return f"{self._file or ''} {digest_of(self._versions)}"

    def _read(self) -> str | None:
        """Return the kept answer; None if there is none that can be trusted."""
        if self._file is None:
            return None
        try:
            with self._file.open("rb") as stream:
                status = os.fstat(stream.fileno())
                if status.st_uid != os.geteuid() or status.st_mode & 0o022:
                    return None
                answer = json.loads(stream.read(_ANSWER_BYTES_MAX))
        except (OSError, ValueError):
            return None
        if not isinstance(answer, dict) or answer.get("versions") != self._versions:
            return None
        why = answer.get("why")
        return why if isinstance(why, str) else None

    def _keep(self, why: str) -> None:
        """Write the answer whole; two at once write the same, and without a disk nobody does."""
        if self._file is None:
            return
        text = json.dumps({"versions": self._versions, "why": why}, indent=1)
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(dir=self._file.parent, prefix=".canary-")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    stream.write(text)
                Path(name).replace(self._file)
            except OSError:
                Path(name).unlink(missing_ok=True)


_KNOWN: Final[dict[str, str]] = {}


def run_canary(server: CanaryServer, environment: Mapping[str, str], project_root: str) -> str:
    """Send one canary through the server; return what was not as it must be, or "".

    OSError, a TimeoutError among them, where that cannot be said.
    """
    with tempfile.TemporaryDirectory(prefix="jobnet-canary-") as folder:
        job = canary_job(Path(folder), environment, project_root)
        ticks, ticks_end = os.pipe2(os.O_CLOEXEC)
        try:
            try:
                supervisor = server.supervise(job, ticks=ticks_end, is_leashed=True)
            finally:
                os.close(ticks_end)
            if not _has_ended(ticks):
                supervisor.kill()
                raise TimeoutError(f"it had not ended after {SECONDS_MAX:g} s")
            supervisor.wait()
        finally:
            os.close(ticks)
        return difference(job.spool)


def _run_for_itself() -> str:
    """Run the canary where no project and no variable of anybody can disturb it."""
    with tempfile.TemporaryDirectory(prefix="jobnet-canary-") as folder:
        root = Path(folder)
        environment = neutral_environment(os.environ, root)
        log = root / "warm-server.log"
        server = WarmServer(environment, project_root=str(root), log=log)
        try:
            server.await_ready()
            return run_canary(server, environment, str(root))
        finally:
            server.close()


def _has_ended(ticks: int) -> bool:
    """Wait for the end of the supervisor, which is the end of its pipe."""
    deadline = time.monotonic() + SECONDS_MAX
    while (left := deadline - time.monotonic()) > 0:
        readable, _, _ = select.select([ticks], [], [], left)
        if readable and not os.read(ticks, 65_536):
            return True
    return False


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
