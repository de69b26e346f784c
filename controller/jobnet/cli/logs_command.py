"""Prints what jobs have printed, and goes on with it until they have ended."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import typer

from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import written
from jobnet.cli.meant import Meant, find
from jobnet.cli.track_lines import ENDED
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown, shown_lines
from jobnet.client import Client

JOB: Final = "job"
PIECE_CHARACTERS: Final = 256 * 1024
PIECE_ITEMS: Final = 500
LOOK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LogsTyped:
    """What was typed."""

    target: str
    follows: bool
    attempt: int
    grep: str | None
    form: Form


def print_logs(wish: LogsTyped) -> int:
    """Print, and return the exit status."""
    with calling() as client:
        meant = find(client, wish.target)
        if wish.form is not Form.HUMAN:
            typer.echo(written({"items": list(_documents(client, meant, wish))}, wish.form))
        elif wish.grep is not None:
            _print_found(client, meant, wish)
        elif wish.follows:
            follow(client, meant, wish.attempt, typer.echo)
        else:
            _print_all(client, meant, wish)
    return ExitCode.NORMAL


def _parts(client: Client, meant: Meant) -> list[Meant]:
    """Return the part that is meant, or all jobs of the run that have begun."""
    if meant.part is not None:
        return [meant]
    track = client.get(f"{meant.path}/parts")
    begun = (each for each in track["items"] if each["kind"] == JOB and each["attempt"])
    return [Meant(run=meant.run, part=each["key"]) for each in begun]


def _documents(client: Client, meant: Meant, wish: LogsTyped) -> Iterator[dict[str, Any]]:
    for part in _parts(client, meant):
        if wish.grep is not None:
            yield _hits(client, part, wish)
            continue
        pieces = list(_pieces(client, part, wish.attempt, 0))
        yield {**pieces[-1], "offset": 0, "text": "".join(each["text"] for each in pieces)}


def _hits(client: Client, part: Meant, wish: LogsTyped) -> dict[str, Any]:
    path = f"{part.path}/output/search"
    found: dict[str, Any] = client.get(path, q=wish.grep, attempt=wish.attempt, limit=PIECE_ITEMS)
    return found


def _print_found(client: Client, meant: Meant, wish: LogsTyped) -> None:
    for part in _parts(client, meant):
        hits = _hits(client, part, wish)["items"]
        for hit in hits:
            typer.echo(f"{shown(str(part.part))}:{hit['line']}: {shown(hit['text'])}")
        if len(hits) >= PIECE_ITEMS:
            typer.echo(f"{shown(str(part.part))}: there may be more; only {PIECE_ITEMS} are told")


def _print_all(client: Client, meant: Meant, wish: LogsTyped) -> None:
    parts = _parts(client, meant)
    for part in parts:
        if meant.part is None:
            typer.echo(f"== {shown(str(part.part))}")
        piece: dict[str, Any] = {}
        for piece in _pieces(client, part, wish.attempt, 0):
            for line in shown_lines(piece["text"]):
                typer.echo(line)
        if piece.get("is_cut"):
            typer.echo("-- more was printed than is kept")
    if not parts:
        typer.echo(f"No job of {meant.run} has begun.", err=True)


def _pieces(client: Client, part: Meant, attempt: int, offset: int) -> Iterator[dict[str, Any]]:
    """Yield what there is by now, in pieces that end with a line where they can."""
    while True:
        piece: dict[str, Any] = client.get(
            f"{part.path}/output", attempt=attempt, offset=offset, limit=PIECE_CHARACTERS
        )
        text = piece["text"]
        is_last = piece["offset"] + len(text) >= piece["total"]
        if not is_last and "\n" in text:
            text = text[: text.rindex("\n") + 1]
        yield {**piece, "text": text}
        if is_last:
            return
        offset = piece["offset"] + len(text)


def follow(
    client: Client,
    meant: Meant,
    attempt: int,
    echo: Callable[[str], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Print what comes, line by line, until the part or run has ended.

    Lines of several jobs are told apart by their part. A new attempt begins anew.
    """
    seen: dict[tuple[str, int], int] = {}
    while True:
        is_over = _has_ended(client, meant)
        for part in _parts(client, meant):
            label = "" if meant.part is not None else f"{shown(str(part.part))} | "
            for line in _news(client, part, attempt, seen, is_over=is_over):
                echo(label + line)
        if is_over:
            return
        pause(LOOK_SECONDS)


def _has_ended(client: Client, meant: Meant) -> bool:
    """Return whether nothing more will come; asked before the output is read."""
    return client.get(meant.path)["state"] in ENDED


def _news(
    client: Client, part: Meant, attempt: int, seen: dict[tuple[str, int], int], *, is_over: bool
) -> Iterator[str]:
    """Yield the whole lines that are new; at the end the rest of a line too."""
    number = attempt or client.get(part.path)["attempt"]
    place = (str(part.part), number)
    for piece in _pieces(client, part, number, seen.get(place, 0)):
        text = piece["text"]
        if not (is_over or piece["is_complete"]):
            text = text[: text.rfind("\n") + 1]
        seen[place] = piece["offset"] + len(text)
        yield from shown_lines(text)
