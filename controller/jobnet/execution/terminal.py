"""Gives ansible-runner a terminal and an output filter whose memory and time are bounded.

Stock pexpect keeps all that was printed since the last match, which is for ever here, and
sleeps 100 ms when it closes; stock ansible-runner makes an event of each line. Both are
replaced inside the supervisor process, which runs one job and nothing else.
"""

import base64
import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import ansible_runner.runner
import pexpect  # type: ignore[import-untyped]
from ansible_runner.utils import OutputEventFilter

from jobnet.execution.bounds import OUTPUT_HEAD_BYTES_MAX
from jobnet.execution.events import EventFile
from jobnet.execution.output import BoundedText
from jobnet.execution.processes import die_with_parent
from jobnet.execution.prompts import LINE_LENGTH_MAX

_CHUNK: Final = 65_536
_ASKING_TO_END: Final = {signal.SIGTERM}
_COLUMNS: Final = 160
_SILENCE_SECONDS: Final = 0.2
_EVENT_MARK: Final = re.compile(r"\x1b\[K((?:[A-Za-z0-9+/=]+\x1b\[\d+D)+)\x1b\[K")
_CURSOR_MOVE: Final = re.compile(r"\x1b\[\d+D")
_OPEN_MARK: Final = re.compile(r"\x1b(?:\[K?[A-Za-z0-9+/=]*(?:\x1b\[\d*D?[A-Za-z0-9+/=]*)*)?$")


class JobTerminal(pexpect.spawn):  # type: ignore[misc]
    """A pseudo terminal that only passes on what it reads and never remembers it."""

    def __init__(
        self,
        command: str,
        args: list[str],
        *,
        in_child: Callable[[], object] | None,
        kept: tuple[int, ...] = (),
        **options: Any,  # noqa: ANN401
    ) -> None:
        self._kept = kept

        def begin() -> None:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING_TO_END)
            die_with_parent()
            if in_child is not None:
                in_child()  # never returns: this process was forked with the program in it

        # A signal that reaches the child before Python there is itself again would be forgotten.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING_TO_END)
        try:
            super().__init__(command, args, preexec_fn=begin, dimensions=(50, _COLUMNS), **options)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING_TO_END)
        self.ptyproc.delayafterclose = 0.001

    def _spawnpty(self, args: list[str], **options: Any) -> Any:  # noqa: ANN401
        return super()._spawnpty(args, pass_fds=self._kept, **options)

    def expect(
        self,
        pattern: Any,  # noqa: ANN401
        timeout: float = -1,
        searchwindowsize: int = -1,
    ) -> int:
        """Read until end of file or timeout and return which of the two patterns it was.

        A timeout is no error where only the end of file is expected: a daemon that the
        job has left may hold the terminal open, so silence is taken for the end there.
        """
        is_last = not isinstance(pattern, list)
        patterns = [pattern, pexpect.TIMEOUT] if is_last else pattern
        deadline = time.monotonic() + timeout
        while (remaining := deadline - time.monotonic()) > 0:
            try:
                self.read_nonblocking(
                    _CHUNK, min(remaining, _SILENCE_SECONDS) if is_last else remaining
                )
            except pexpect.TIMEOUT:
                break
            except pexpect.EOF:
                return patterns.index(pexpect.EOF)
        return patterns.index(pexpect.TIMEOUT)


class JobOutputFilter(OutputEventFilter):  # type: ignore[misc]
    """Parts events from text until enough of either was kept; then it only keeps text."""

    def __init__(
        self,
        event_callback: Callable[[dict[str, Any]], None],
        *,
        sink: BoundedText,
        events: EventFile,
        on_output: Callable[[str], None],
        partial_events: Path,
    ) -> None:
        super().__init__(sink, event_callback, suppress_ansible_output=True)
        self._sink = sink
        self._events = events
        self._on_output = on_output
        self._partial_events = partial_events
        self._left = OUTPUT_HEAD_BYTES_MAX
        self._pending = ""
        self._is_cheap = False

    def write(self, data: str) -> None:
        """Take what the terminal has read."""
        self._left -= len(data)
        if self._is_cheap:
            self._write_text(data)
        elif self._left <= 0 or self._events.is_full:
            self._is_cheap = True
            self._write_text(self._buffer.getvalue() + data)
        else:
            super().write(data)
        self._on_output(data[-LINE_LENGTH_MAX:])

    def close(self) -> None:
        """Finish the last event and the kept text."""
        if self._is_cheap:
            self._sink.write(self._pending)
        else:
            super().close()
        self._sink.close()

    def _write_text(self, data: str) -> None:
        text = _EVENT_MARK.sub(self._drop_event, self._pending + data)
        unfinished = _OPEN_MARK.search(text[-LINE_LENGTH_MAX:])
        self._pending = unfinished.group() if unfinished else ""
        self._sink.write(text[: len(text) - len(self._pending)])

    def _drop_event(self, mark: re.Match[str]) -> str:
        """Remove the file in which an event waits that nobody will read."""
        try:
            event = json.loads(base64.b64decode(_CURSOR_MOVE.sub("", mark.group(1))))
            uuid = str(event["uuid"])
        except (ValueError, KeyError, TypeError):
            return ""
        if uuid.replace("-", "").isalnum():
            (self._partial_events / f"{uuid}-partial.json").unlink(missing_ok=True)
        return ""


class _NoFilter:
    """What stands for the standard error of a job: on a terminal there is none."""

    def write(self, data: str) -> None:
        """Never called."""

    def close(self) -> None:
        """Do nothing."""


def install(
    *,
    sink: BoundedText,
    events: EventFile,
    on_output: Callable[[str], None],
    on_spawn: Callable[[int], None],
    partial_events: Path,
    in_child: Callable[[], object] | None = None,
    kept: tuple[int, ...] = (),
) -> None:
    """Make ansible-runner, in this process, use the classes above for its one job.

    ``in_child`` is called in the forked process instead of executing the program; ``kept`` are
    the descriptors that it finds open.
    """
    streams = iter([True, False])

    def make_filter(
        _handle: object, event_callback: Callable[[dict[str, Any]], None], *_: object, **__: object
    ) -> JobOutputFilter | _NoFilter:
        if not next(streams):
            return _NoFilter()
        return JobOutputFilter(
            event_callback,
            sink=sink,
            events=events,
            on_output=on_output,
            partial_events=partial_events,
        )

    def spawn(command: str, args: list[str], **options: Any) -> JobTerminal:  # noqa: ANN401
        terminal = JobTerminal(command, args, in_child=in_child, kept=kept, **options)
        on_spawn(terminal.pid)
        return terminal

    ansible_runner.runner.OutputEventFilter = make_filter
    ansible_runner.runner.pexpect.spawn = spawn
