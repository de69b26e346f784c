"""Reads single keys of a terminal without echo, and always gives the terminal back as it was."""

import codecs
import os
import select
import termios
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

_ECHO_AND_LINES = termios.ECHO | termios.ICANON


class Keyboard:
    """The keys of one terminal; Ctrl-C stays a signal."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._before: Any = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._descriptor)
        mode = termios.tcgetattr(self._descriptor)
        mode[3] &= ~_ECHO_AND_LINES
        termios.tcsetattr(self._descriptor, termios.TCSANOW, mode)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            with suppress(termios.error):  # it may have gone
                # What was typed ahead belongs to nobody: the shell must not run it.
                termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)

    def read(self, seconds: float) -> str:
        """Return what was typed within this time, escape sequences of keys left out.

        ``EOFError`` when the terminal has gone.
        """
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return ""
        data = os.read(self._descriptor, 4096)
        if not data:
            raise EOFError
        text = self._decoder.decode(data)
        return "" if text.startswith("\x1b") else text
