"""Lets in who may come in, before any route is asked: host names, tokens, sizes.

A page of another site may ask this machine under a name of its own (DNS rebinding), so only
names of this machine are answered to. There is no CORS: scripts of other origins get nothing.
"""

import re
from collections.abc import Callable, Collection

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobnet.errors import ControllerError
from jobnet.errors.rest import BodyTooLarge, HostRefused, TokenRefused
from jobnet.ids import OperatorName
from jobnet.rest.problems import problem_of
from jobnet.services.controller.triggers.hooks import BODY_BYTES_MAX as HOOK_BODY_BYTES_MAX

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
OPEN = frozenset({"/healthz", "/readyz"})
BODY_BYTES_MAX = 1024 * 1024
LARGE_BODY_BYTES_MAX = 32 * 1024 * 1024
LARGE = "/api/v1/definitions"
HOOKS = "/api/v1/hooks/"
"""Requests below it are signed and need no token: other systems send them."""
USER_HEADER = "Jobnet-User"

_USER = re.compile(r"[\w.@\\-][\w.@\\ -]{0,63}")
_SCHEME = "bearer "

TokenCheck = Callable[[str], OperatorName | None]
"""Returns whose token a text is, None for nobody's; takes as long for any wrong one."""


class Gate:
    """Stands before the application; who passes has ``by`` in the state of the request."""

    def __init__(self, app: ASGIApp, *, token_check: TokenCheck, hosts: Collection[str]) -> None:
        self._app, self._token_check, self._hosts = app, token_check, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        bound = size_max(request.url.path)
        try:
            self._check(request, bound)
        except ControllerError as refused:
            await problem_of(refused, path=request.url.path)(scope, receive, send)
            return
        await self._app(scope, bounded(receive, bound), send)

    def _check(self, request: Request, bound: int) -> None:
        host = request.headers.get("host", "")
        if _without_port(host) not in self._hosts:
            raise HostRefused(host)
        path = request.url.path
        if path not in OPEN and not path.startswith(HOOKS):
            request.state.by = self._operator(request)
        said = request.headers.get("content-length", "0")
        if said.isdecimal() and (len(said) > len(str(bound)) or int(said) > bound):
            raise BodyTooLarge(size_max=bound)

    def _operator(self, request: Request) -> OperatorName:
        said = request.headers.get("authorization", "")
        is_bearer = said[: len(_SCHEME)].lower() == _SCHEME
        owner = self._token_check(said[len(_SCHEME) :].strip()) if is_bearer else None
        if owner is None:
            raise TokenRefused
        return named(owner, request.headers.get(USER_HEADER, ""))


def named(owner: OperatorName, claimed: str) -> OperatorName:
    r"""Return who acts: the user that the caller says to be, else the owner of the token.

    That is a claim, as long as there is one token: whoever has it can say any name.

    >>> named(OperatorName("admin"), "ann"), named(OperatorName("admin"), "a\n")
    ('ann', 'admin')
    """
    return OperatorName(claimed) if _USER.fullmatch(claimed) else owner


def size_max(path: str) -> int:
    """Return how many bytes a request to a path may hold."""
    if path.startswith(HOOKS):
        return HOOK_BODY_BYTES_MAX
    return LARGE_BODY_BYTES_MAX if path.startswith(LARGE) else BODY_BYTES_MAX


def bounded(receive: Receive, bound: int) -> Receive:
    """Return a way to receive a body that raises ``BodyTooLarge`` beyond a bound."""
    seen = 0

    async def receive_some() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > bound:
            raise BodyTooLarge(size_max=bound)
        return message

    return receive_some


def _without_port(host: str) -> str:
    """Return the name in a Host header in lower case.

    >>> _without_port("LocalHost:8080"), _without_port("[::1]:80"), _without_port("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()
