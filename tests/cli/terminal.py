"""A real terminal: the command runs on a pseudo terminal of its own, keys and signals included."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cli.conftest import Place

SECONDS_MAX = 60
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[@-_])")


class Terminal:
    """One command at work; ``screen`` is everything that it has written, without escapes."""

    def __init__(self, place: Place, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.before = termios.tcgetattr(slave)
        self._slave = slave
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jobnet", *arguments],
            cwd=place.project,
            env=place.environment(),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )
        self._raw = ""
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(SECONDS_MAX)
        if self._master >= 0:
            os.close(self._slave)
            os.close(self._master)

    @property
    def screen(self) -> str:
        return _ESCAPES.sub("", self._raw)

    @property
    def mode(self) -> list[object]:
        """The terminal's own settings now."""
        return list(termios.tcgetattr(self._slave))

    def wait_for(self, text: str) -> None:
        """Read on until the text has come, after what was waited for before."""
        until = time.monotonic() + SECONDS_MAX
        while text not in self.screen[self._seen :]:
            assert time.monotonic() < until, f"{text!r} did not come:\n{self.screen[-3000:]}"
            self._read()
        self._seen = self.screen.index(text, self._seen) + len(text)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def hang_up(self) -> None:
        """Let the terminal go away, as a closed window or a lost connection does."""
        os.close(self._slave)
        os.close(self._master)
        self._slave = self._master = -1

    def wait(self) -> int:
        """Wait for the end without reading."""
        return self._process.wait(SECONDS_MAX)

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def end(self) -> int:
        """Read to the end and return the exit status."""
        until = time.monotonic() + SECONDS_MAX
        while self._process.poll() is None:
            assert time.monotonic() < until, f"it does not end:\n{self.screen[-3000:]}"
            self._read()
        self._read()
        return self._process.returncode

    def _read(self) -> None:
        if select.select([self._master], [], [], 0.1)[0]:
            try:
                self._raw += os.read(self._master, 65536).decode("utf-8", "replace")
            except OSError:
                return


def processes_with(mark: str) -> list[str]:
    """Return the command lines of all processes that have the mark in theirs or its environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            environment = (folder / "environ").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if folder.name != str(os.getpid()) and (mark in line or mark in environment):
            found.append(line)
    return found
