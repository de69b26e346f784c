"""Takes signed requests of other systems and keeps them for the triggers that wait for them.

A request is told the same refusal whatever is wrong with it. The same request again is answered
as before and brings nothing: its signature is its key. What is kept is bounded, and so is how
often requests are taken.
"""

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jobnet.errors.hooks import HookRefused, HookTooOften
from jobnet.ids import RunId
from jobnet.ports.store import Signal, SignalKind, Store, Transaction
from jobnet.ports.store.triggers import SeenRow
from jobnet.schedules import WebhookCalled
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.triggers.book import Sheet, Trigger, TriggerBook
from jobnet.services.controller.triggers.collecting import with_room
from jobnet.services.controller.triggers.seen import of_request
from jobnet.services.controller.triggers.signatures import (
    AGE_SECONDS_MAX,
    Signed,
    is_signed,
    read_header,
    signature_of,
)
from jobnet.services.controller.working import tell

BODY_BYTES_MAX: Final = 64 * 1024
HEADERS_MAX: Final = 50
HEADER_CHARS_MAX: Final = 1_000
DEPTH_MAX: Final = 30
A_MINUTE_MAX: Final = 120
"""So many good requests are taken in a minute, of each path."""
REFUSED_A_MINUTE_MAX: Final = 600
"""After so many bad requests in a minute none is looked at until the minute is over."""
_MINUTE: Final = 60
_PRIVATE: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-jobnet-signature"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRequest:
    """A request as it came; ``path`` is what stands behind ``/hooks/``."""

    path: str
    signature: str
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HookTaken:
    """What became of a good request: ``triggers`` wait for such; ``is_new``: it was not known."""

    path: str
    triggers: int
    is_new: bool


class _Minutes:
    """Counts things by name in each minute; safe for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[str, int] = {}

    def add(self, name: str, now: datetime) -> None:
        """Count one more."""
        with self._lock:
            self._counts[name] = self._count(name, now) + 1

    def count(self, name: str, now: datetime) -> int:
        """Return how many there were in this minute."""
        with self._lock:
            return self._count(name, now)

    def _count(self, name: str, now: datetime) -> int:
        minute = int(now.timestamp()) // _MINUTE
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        return self._counts.get(name, 0)


class Hooks:
    """Takes requests; every method may be called from any thread."""

    def __init__(self, store: Store, book: TriggerBook, bells: Bells) -> None:
        self._store, self._book, self._bells = store, book, bells
        self._good, self._bad = _Minutes(), _Minutes()

    def take(self, request: HookRequest) -> HookTaken:
        """Keep a request for the triggers that wait for it.

        Raises ``HookRefused`` for one that is not signed as it has to be, ``HookTooOften``.
        """
        now = self._store.now()
        if self._bad.count("", now) >= REFUSED_A_MINUTE_MAX:
            raise HookTooOften(seconds=_MINUTE)
        sheet = self._book.sheet()
        signed = self._checked(sheet, request, now)
        if signed is None:
            self._bad.add("", now)
            because = _objection(sheet, request, now)
            tell("hook_refused", level=logging.WARNING, path=request.path[:200], because=because)
            raise HookRefused
        if self._good.count(request.path, now) >= A_MINUTE_MAX:
            raise HookTooOften(seconds=_MINUTE)
        self._good.add(request.path, now)
        return self._keep(sheet, request, signed, now)

    def _checked(self, sheet: Sheet, request: HookRequest, now: datetime) -> "_Checked | None":
        """Return the triggers whose secret has signed a request; None where there is none."""
        signed = read_header(request.signature)
        if signed is None or len(request.body) > BODY_BYTES_MAX:
            return None
        secrets: dict[str, bytes] = {}
        for name in dict.fromkeys(name for name, _ in _waiting(sheet, request.path)):
            found = sheet.secrets.get(name)
            secret = b"" if found is None else found.read()[0]
            if secret and is_signed(signed, secret, request.body, now=now):
                secrets[name] = secret
        return _Checked(signed=signed, secrets=secrets) if secrets else None

    def _keep(
        self, sheet: Sheet, request: HookRequest, checked: "_Checked", now: datetime
    ) -> HookTaken:
        content = _content(request)
        meant = [
            trigger for name, trigger in _waiting(sheet, request.path) if name in checked.secrets
        ]
        rows = tuple(
            row
            for trigger in meant
            for row in _rows(trigger, request.path, checked, request.body, content, now)
        )

        def write(tx: Transaction) -> int:
            signal = Signal(kind=SignalKind.TRIGGER, name=f"hook:{request.path}", run=RunId(""))
            tx.signals.add([signal])
            fit = with_room(tx, rows)
            if len(fit) < len(rows):  # what is refused is sent again; what is dropped is lost
                raise HookTooOften(seconds=_MINUTE)
            return tx.triggers.add_seen(fit)

        added = self._store.write(write)
        self._bells.ring((SignalKind.TRIGGER,))
        return HookTaken(path=request.path, triggers=len(meant), is_new=added > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """A header, and the secrets by credential of which one has signed the request."""

    signed: Signed
    secrets: Mapping[str, bytes]


def _objection(sheet: Sheet, request: HookRequest, now: datetime) -> str:
    """Return what is wrong with a request, for the log: whoever sent it is not told."""
    signed, waiting = read_header(request.signature), _waiting(sheet, request.path)
    if not waiting:
        return "nothing waits for requests to this path"
    if signed is None:
        return "it has no signature, or one that is not written as it has to be"
    if abs(now.timestamp() - signed.at) > AGE_SECONDS_MAX:
        return f"it was signed more than {AGE_SECONDS_MAX} s away from now"
    problems = [sheet.secrets[name].read()[1] for name, _ in waiting]
    return next((each for each in problems if each), "its signature is another one")


def _waiting(sheet: Sheet, path: str) -> list[tuple[str, Trigger]]:
    """Return the credentials and triggers that wait for requests to a path."""
    return [
        (leaf.source.credential, trigger)
        for trigger in sheet.triggers.values()
        for leaf in trigger.leaves
        if isinstance(leaf.source, WebhookCalled) and leaf.source.path == path
    ]


def _rows(
    trigger: Trigger,
    path: str,
    checked: _Checked,
    body: bytes,
    content: Mapping[str, object],
    now: datetime,
) -> list[SeenRow]:
    """Return the request for each leaf of a trigger; its key is what only this request has."""
    found = []
    for leaf in trigger.leaves:
        source = leaf.source
        if not isinstance(source, WebhookCalled) or source.path != path:
            continue
        secret = checked.secrets.get(source.credential)
        if secret is not None:
            key = signature_of(secret, checked.signed.at, body)
            found.append(of_request(trigger, leaf, key, content, now))
    return [row for row in found if row is not None]


def _content(request: HookRequest) -> Mapping[str, object]:
    """Return what ``as`` gives to the network: the path, some headers, and the body."""
    headers = {
        name.lower()[:HEADER_CHARS_MAX]: value[:HEADER_CHARS_MAX]
        for name, value in request.headers[:HEADERS_MAX]
        if name.lower() not in _PRIVATE
    }
    return {"path": request.path, "headers": headers, "body": _read(request.body)}


def _read(body: bytes) -> object:
    """Return a body as JSON where it is some, and as text where it is not."""
    text = body.decode(errors="replace")
    try:
        found = json.loads(text, parse_constant=_refuse)
        return found if _depth(found) <= DEPTH_MAX else text
    except (ValueError, RecursionError):
        return text


def _refuse(word: str) -> object:
    msg = f"{word} is no JSON"
    raise ValueError(msg)


def _depth(value: object) -> int:
    level, depth = [value], 0
    while level and depth <= DEPTH_MAX:
        depth += 1
        maps = [one for one in level if isinstance(one, dict)]
        lists = [one for one in level if isinstance(one, list)]
        level = [each for one in maps for each in one.values()]
        level += [each for one in lists for each in one]
    return depth
