"""A real controller as a process of its own, which tests may kill and start again.

Every process is ended by the number that was given to it at its start; what it says is kept in a
file beside its home.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobnet.client import Client, find_controller
from jobnet.settings import Settings

START_SECONDS_MAX = 60
LOOK_SECONDS = 0.02


@dataclass
class Served:
    """One controller with its home; ``environment`` is added to that of its processes."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def said(self) -> str:
        """Everything that its processes have said."""
        path = self.home.parent / f"{self.home.name}.log"
        return path.read_text() if path.exists() else ""

    def start(self) -> None:
        """Start a process and wait until it announces its address."""
        assert self.process is None, "one at a time"
        announced = self.home / "controller" / "server.json"
        announced.unlink(missing_ok=True)
        with (self.home.parent / f"{self.home.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jobnet", "up", "--port", "0"],
                env={**os.environ, "JOBNET_HOME": str(self.home), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.starts += 1
        until = time.monotonic() + START_SECONDS_MAX
        while not announced.exists():
            assert self.process.poll() is None, f"the controller has ended:\n{self.said}"
            assert time.monotonic() < until, f"no controller was announced:\n{self.said}"
            time.sleep(LOOK_SECONDS)

    def kill(self) -> None:
        """Kill the process at once, and nobody else."""
        assert self.process is not None, "there is one"
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self) -> int:
        """Ask it to end and return its exit status."""
        assert self.process is not None, "there is one"
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=START_SECONDS_MAX)
        self.process = None
        return status

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Yield a client of the process that runs now."""
        with Client(find_controller(Settings(home=str(self.home)))) as client:
            yield client

    def command(self, *arguments: str, status: int | None = 0) -> str:
        """Run a command of the command line against it; ``status`` None: whichever."""
        done = subprocess.run(
            [sys.executable, "-m", "jobnet", *arguments],
            env={**os.environ, "JOBNET_HOME": str(self.home), **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=START_SECONDS_MAX * 2,
            check=False,
        )
        said = done.stdout + done.stderr
        assert status is None or done.returncode == status, (
            f"{done.returncode}: {said}\n{self.said}"
        )
        return done.stdout

    def document(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON, as it comes
        """Run a command and return the JSON document that it prints."""
        return json.loads(self.command(*arguments, "-o", "json"))


@contextmanager
def served(home: Path, **environment: str) -> Iterator[Served]:
    """Start a controller and end it afterwards, whatever has become of it meanwhile."""
    home.mkdir(exist_ok=True)
    serving = Served(home, environment)
    serving.start()
    try:
        yield serving
    finally:
        if serving.process is not None:
            serving.kill()
