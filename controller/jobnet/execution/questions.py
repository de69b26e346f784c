"""Asks a program of Ansible a question and takes its answer, in bounded time.

The program gets a session of its own, so that whatever it started (an inventory script, ssh)
ends with it.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ANSWER_CHARS_MAX = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a program said; ``status`` None: it did not end in time, or could not be started."""

    status: int | None
    output: str = ""
    errors: str = ""


def ask(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    seconds_max: float,
    text: str = "",
) -> Answer:
    """Run a program in a folder with ``text`` as its input and return its answer."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the caller names the program
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return Answer(status=None, errors=str(error))
    with process:
        try:
            output, errors = process.communicate(text, timeout=seconds_max)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Answer(status=None, errors=f"It did not answer within {seconds_max:g} s")
    return Answer(
        status=process.returncode,
        output=output[:ANSWER_CHARS_MAX],
        errors=errors[:ANSWER_CHARS_MAX],
    )
