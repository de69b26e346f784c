"""Gives operators' orders to a controller: says first what they will do, then asks, then acts."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import typer

from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.meant import Meant, find
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown
from jobnet.client import Client
from jobnet.errors.control import OrderNotConfirmed

NEED_YES = frozenset({"kill", "force-end", "change-result"})
ASKING_MAX = 10
SENTENCE_MAX = 500
MAPPING_MAX = 1000
DIFF_LINES_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One order as it was typed; ``fields`` is what it needs beside its reason."""

    order: str
    targets: Sequence[str]
    fields: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    key: str = ""
    yes: bool = False
    form: Form = Form.HUMAN


def give(wish: Wish) -> int:
    """Give an order to one target, or to several at once; return the exit status."""
    with calling() as client:
        meant = [find(client, target) for target in wish.targets]
        if len(meant) == 1:
            return _give_one(client, wish, meant[0])
        return _give_many(client, wish, meant)


def confirm(order: str, *, needs_yes: bool, is_agreed: bool) -> None:
    """Get a yes where somebody sits; elsewhere only what destroys something needs it typed."""
    if is_agreed:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if needs_yes:
            raise OrderNotConfirmed(order, is_asked=False)
        return
    if not typer.confirm("Give this order?", err=True):
        raise OrderNotConfirmed(order, is_asked=True)


def _give_one(client: Client, wish: Wish, meant: Meant) -> int:
    path = f"{meant.path}/{wish.order}"
    body = {"reason": wish.reason, **wish.fields}
    seen = client.act("POST", path, body, query={"preview": True})
    asking = seen["asking"]
    for line in (*_preview_lines(seen["sentence"], asking), *_definition_lines(seen)):
        typer.echo(line, err=True)
    needs_yes = wish.order in NEED_YES or bool(asking)
    confirm(wish.order, needs_yes=needs_yes, is_agreed=wish.yes)
    done = client.act("POST", path, body, key=wish.key)
    say(done, wish.form, lambda: [f"Done: {meant.words}"])
    return ExitCode.NORMAL


def _preview_lines(sentence: str, asking: Sequence[Sequence[str]]) -> Iterator[str]:
    yield shown(sentence, length_max=SENTENCE_MAX)
    for part, note in asking[:ASKING_MAX]:
        told = f": {shown(note)}" if note else ""
        yield f"  {shown(part)} asks before it runs again{told}"


def _definition_lines(seen: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a rerun with the current definitions would go by."""
    if seen["mapping"]:
        yield f"  {shown(seen['mapping'], length_max=MAPPING_MAX)}"
    for each in seen["projects"]:
        root, before, after = (shown(each[name]) for name in ("root", "before", "after"))
        yield f"  project {root}: {before}, now {after}"
    lines = seen["changes"].splitlines()
    yield from (f"  {shown(line)}" for line in lines[:DIFF_LINES_MAX])
    if len(lines) > DIFF_LINES_MAX:
        yield f"  ... and {len(lines) - DIFF_LINES_MAX} more lines"


def _give_many(client: Client, wish: Wish, meant: Sequence[Meant]) -> int:
    targets = [{"run": each.run, "part": each.part} for each in meant]
    body = {
        "order": wish.order, "targets": targets, "fields": wish.fields, "reason": wish.reason
    }  # fmt: skip
    seen = client.act("POST", "/orders", body, query={"preview": True})
    for item in seen["items"]:
        typer.echo(_item_line(item), err=True)
    confirm(wish.order, needs_yes=wish.order in NEED_YES, is_agreed=wish.yes)
    done = client.act("POST", "/orders", body, key=wish.key)
    say(done, wish.form, lambda: _outcome_lines(done))
    return ExitCode.REFUSED if done["refused"] else ExitCode.NORMAL


def _item_line(item: Mapping[str, Any]) -> str:
    name = shown(item["run"] if item["part"] is None else f"{item['run']}/{item['part']}")
    refused = f"refused: {item['refusal']}" if item["refusal"] else item["sentence"]
    return f"{name}: {shown(refused, length_max=SENTENCE_MAX)}"


def _outcome_lines(done: Mapping[str, Any]) -> Iterator[str]:
    yield from (_item_line(item) for item in done["items"] if item["refusal"])
    yield f"Done: {done['done']}, refused: {done['refused']}"
