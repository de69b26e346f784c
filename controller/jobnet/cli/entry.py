"""Runs one command and turns whatever happens into an exit status and at most one line.

A refusal says what to do next; nobody ever sees a traceback, unless they ask for it with
``JOBNET_TRACEBACK=1`` to report a bug.
"""

import json
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TextIO

import typer

from jobnet.cli.app import app
from jobnet.errors import ControllerError

REFUSED, USAGE, BUG = 1, 2, 70
INTERRUPTED = 130
_FORMS = frozenset({"json", "yaml"})  # a document of JSON is one of YAML too


def main() -> None:
    """Run the command that was typed, and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what an old terminal cannot show becomes "?"
            stream.reconfigure(errors="replace")
    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)
    sys.exit(status)


def _flush(stream: TextIO) -> None:
    """Write what is left; a reader or terminal that has gone must not change the exit status."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    command = typer.main.get_command(app)
    try:
        status = command.main(list(arguments), prog_name="jobnet", standalone_mode=False)
    except ControllerError as error:
        return _refused(error, wants_json=_wants_json(arguments))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - the last one who could say it in one line
        return _other(error)
    return int(status or 0)


def _refused(error: ControllerError, *, wants_json: bool) -> int:
    _say(str(error))
    if wants_json:
        document = {"error": {"code": code_of(error), "message": str(error)}}
        sys.stdout.write(json.dumps(document) + "\n")
    return status_of(error)


def status_of(error: ControllerError) -> int:
    """Return the exit status of a refusal; a lost journal leaves a run that nobody can judge."""
    from jobnet.errors.client import CommandUsage  # noqa: PLC0415 - start-up time
    from jobnet.errors.play import JournalNotWritten, PlayUsage  # noqa: PLC0415 - start-up time

    if isinstance(error, PlayUsage | CommandUsage):
        return USAGE
    return 5 if isinstance(error, JournalNotWritten) else REFUSED


def code_of(error: ControllerError) -> str:
    """Return the code of a refusal; of one that a controller has told, its own."""
    from jobnet.errors.client import ControllerRefused  # noqa: PLC0415 - start-up time

    return error.told if isinstance(error, ControllerRefused) else error.code


def _other(error: Exception) -> int:
    """Tell a mistake in the command line from a bug; both are one line."""
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    explain = getattr(error, "format_message", None)
    if callable(explain):
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "jobnet"
        _say(f"{str(explain()).rstrip('.')}; see {path} --help.")
        return USAGE
    if os.environ.get("JOBNET_TRACEBACK"):
        raise error
    _say(
        f"this is a bug in Jobnet: {type(error).__name__}: {error}. Please report it with the"
        " output of the same command under JOBNET_TRACEBACK=1."
    )
    return BUG


def _wants_json(arguments: Sequence[str]) -> bool:
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(
        (name in {"-o", "--output"} and value in _FORMS)
        or name in {f"{option}{form}" for option in ("-o", "--output=") for form in _FORMS}
        for name, value in pairs
    )


def _say(message: str) -> None:
    sys.stderr.write(f"jobnet: {message}\n")
