"""Makes asking twice harmless: the same key again gets the same answer and does nothing.

Every POST that acts may carry an ``Idempotency-Key``. What was asked is kept before it is done, the
answer afterwards. Between the two a crash may come: then it is done again, and the services know
the key. Only what was done is kept: a refusal changed nothing, so it is asked anew. A preview
does nothing and knows no keys.
"""

import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobnet.errors import ControllerError
from jobnet.errors.rest import KeyRefused, KeyUsedOtherwise
from jobnet.ports.store import Store
from jobnet.ports.store.answers import AnswerRow
from jobnet.rest.gate import HOOKS
from jobnet.rest.problems import problem_of
from jobnet.wire.shapes import KEY_MAX

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(days=2)
ANSWER_BYTES_MAX = 256 * 1024
_FORGET_SECONDS = 3600.0
_KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_MAX}}}")
_KEPT_HEADERS = ("content-type", "location", "etag")


@dataclass(slots=True)
class _Heard:
    """An answer that is held back until it is kept."""

    messages: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The status of the answer."""
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are kept with it."""
        pairs = {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}
        return {name: pairs[name] for name in _KEPT_HEADERS if name in pairs}

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def is_kept(self) -> bool:
        """Whether something was done, and the answer is not too large to be kept."""
        is_done = bool(self.messages) and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's
        return is_done and len(self.body) <= ANSWER_BYTES_MAX


class Keys:
    """Stands before the routes and knows what was answered before."""

    def __init__(self, app: ASGIApp, *, store: Store) -> None:
        self._app, self._store = app, store
        self._forgotten_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; one with a key at most once."""
        request = Request(scope, receive)
        if not _has_key(request):
            await self._app(scope, receive, send)
            return
        try:
            await self._once(request, send)
        except ControllerError as refused:
            await problem_of(refused, path=request.url.path)(scope, receive, send)

    async def _once(self, request: Request, send: Send) -> None:
        body = await request.body()
        key, digest = _key_of(request), _digest_of(request, body)
        known = await run_in_threadpool(self._claim, key, digest)
        if known.digest != digest:
            raise KeyUsedOtherwise(request.headers[HEADER])
        if known.status:
            await _replay(known)(request.scope, request.receive, send)
            return
        heard = _Heard()
        await self._app(request.scope, _again(body, request), heard.send)
        if heard.is_kept:
            await run_in_threadpool(self._give, key, heard)
        for message in heard.messages:
            await send(message)

    def _claim(self, key: str, digest: str) -> AnswerRow:
        now = self._store.now()
        if time.monotonic() - self._forgotten_at > _FORGET_SECONDS:
            self._forgotten_at = time.monotonic()
            self._store.write(lambda tx: tx.answers.forget(older_than=now - KEPT))
        row = AnswerRow(key=key, digest=digest, at=now)
        return self._store.write(lambda tx: tx.answers.claim(row))

    def _give(self, key: str, heard: _Heard) -> None:
        answer = json.dumps({"headers": heard.headers, "body": heard.body.decode()})
        self._store.write(lambda tx: tx.answers.give(key, status=heard.status, answer=answer))


def _has_key(request: Request) -> bool:
    if request.scope["type"] != "http" or request.method != "POST":
        return False
    if request.url.path.startswith(HOOKS):
        return False  # its signature is its key, and nobody is known to ask
    is_preview = request.query_params.get("preview", "").lower() in {"true", "1", "on", "yes"}
    return HEADER in request.headers and not is_preview


def _key_of(request: Request) -> str:
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise KeyRefused(length_max=KEY_MAX)
    return key


def _digest_of(request: Request, body: bytes) -> str:
    """Return what tells one request from another: who asks what of whom."""
    about = [str(request.state.by), request.url.path, request.url.query]
    return hashlib.sha256(json.dumps(about).encode() + body).hexdigest()


def _replay(known: AnswerRow) -> Response:
    kept = json.loads(known.answer)
    headers = {**kept["headers"], REPLAYED: "true"}
    return Response(kept["body"], status_code=known.status, headers=headers)


def _again(body: bytes, request: Request) -> Receive:
    """Return a way to receive a body that was read already, and then what comes after it."""
    is_given = False

    async def receive() -> Message:
        nonlocal is_given
        if is_given:
            return await request.receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
