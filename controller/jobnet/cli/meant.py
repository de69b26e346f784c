"""Finds the run, and the part of it, that was typed: whole ids, beginnings of ids, `@last`.

A part is written ``RUN/part``; ids of runs hold no slash.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from jobnet.client import Client
from jobnet.errors.client import NothingMeant

LAST: Final = "@last"
FAILED: Final = "@failed"
IDS_MAX: Final = 500
NAMED_MAX: Final = 5
BAD: Final = ("abnormal", "killed", "failed_to_start", "lost", "missed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A run, or a part of it."""

    run: str
    part: str | None = None

    @property
    def path(self) -> str:
        """Return where it lies below the API."""
        run = f"/runs/{quote(self.run, safe='')}"
        return run if self.part is None else f"{run}/parts/{quote(self.part, safe='')}"

    @property
    def words(self) -> str:
        """Return it as it is typed."""
        return self.run if self.part is None else f"{self.run}/{self.part}"


def find(client: Client, text: str) -> Meant:
    """Return what was meant; ``NothingMeant`` for nothing, or more than one run."""
    typed, slash, part = text.partition("/")
    run = _run(client, typed)
    return Meant(run=run, part=part if slash and part else None)


def _run(client: Client, typed: str) -> str:
    if typed == LAST:
        return _first(client, typed)
    if typed == FAILED:
        return _first(client, typed, state=list(BAD))
    if not typed or typed.startswith("@"):
        raise NothingMeant(typed)
    found = client.get("/run-ids", prefix=typed, limit=IDS_MAX)["items"]
    if typed in found or len(found) == 1:
        return typed if typed in found else str(found[0])
    if len(found) >= IDS_MAX or not found:
        client.get(Meant(run=typed).path)  # it refuses what there is not
        return typed
    raise NothingMeant(typed, found=tuple(found[:NAMED_MAX]))


def _first(client: Client, typed: str, **query: object) -> str:
    for run in client.pages("/runs", rows_max=1, **query):
        return str(run["run"])
    raise NothingMeant(typed)
