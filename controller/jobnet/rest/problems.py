"""Turns a refusal into a problem document; here alone is said which status a code has."""

import logging
import secrets
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobnet.errors import ControllerError
from jobnet.errors.rest import FaultMet, NoSuchAddress, RequestNotUnderstood
from jobnet.services.requests import RequestUnfit
from jobnet.wire.problems import Problem

MEDIA_TYPE = "application/problem+json"
OTHERWISE = 422

STATUS: Mapping[str, int] = {
    "token_refused": 401,
    "host_refused": 421,
    "body_too_large": 413,
    "fault_met": 500,
    "hook_refused": 403,
    "hook_too_often": 429,
    "run_not_found": 404,
    "part_not_found": 404,
    "artifact_not_found": 404,
    "network_not_applied": 404,
    "order_refused": 409,
    "order_not_done": 409,
    "answer_refused": 409,
    "run_name_ambiguous": 409,
    "run_not_begun_yet": 409,
    "document_not_found": 404,
    "queue_not_found": 404,
    "start_not_planned": 404,
    "not_forecast": 404,
    "plan_change_not_found": 404,
    "start_settled": 409,
    "start_unchanged": 409,
    "plan_full": 409,
    "window_not_found": 404,
    "window_not_open": 409,
    "version_not_found": 404,
    "version_overtaken": 412,
    "edition_overtaken": 409,
    "run_stuck": 500,
    "order_not_answered": 504,
    "names_would_move": 409,
    "database_away": 503,
    "database_closed": 503,
    "database_read_only": 503,
    "database_full": 507,
    "database_damaged": 500,
    "journal_overtaken": 503,
    "journal_incomplete": 500,
    "journal_not_replayed": 500,
}
"""The status of each code; all others mean that what was asked for does not fit."""

_OWN = frozenset({"type", "title", "status", "detail", "code", "instance"})
_PLAIN = (str, int, float, bool)
_LIST_MAX = 500
_PROBLEMS_MAX = 20

log = logging.getLogger(__name__)


def answer_problems(app: FastAPI) -> None:
    """Let the application answer every refusal with a problem document."""
    app.add_exception_handler(ControllerError, _refused)
    app.add_exception_handler(RequestUnfit, _unfit)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _not_there)
    app.add_middleware(Faults)


def problem_of(error: ControllerError, *, path: str, otherwise: int = OTHERWISE) -> Response:
    """Return the answer to a refusal; ``otherwise`` is the status of a code without one."""
    status = STATUS.get(error.code, otherwise)
    document = Problem(
        type=f"urn:jobnet:problem:{error.code}",
        title=error.code.replace("_", " ").capitalize(),
        status=status,
        detail=str(error),
        code=error.code,
        instance=path,
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004 - HTTP's
    content = {**_attributes(error), **document.model_dump()}
    return JSONResponse(content, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def _attributes(error: ControllerError) -> dict[str, object]:
    """Return the facts of a refusal as far as JSON can hold them."""
    found: dict[str, object] = {}
    for name, value in vars(error).items():
        if name in _OWN or name.startswith("_"):
            continue
        if value is None or isinstance(value, _PLAIN):
            found[name] = value
        elif isinstance(value, list | tuple):
            found[name] = [item if isinstance(item, _PLAIN) else str(item) for item in value][
                :_LIST_MAX
            ]
    return found


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ControllerError), "registered for these"
    return problem_of(error, path=request.url.path)


def _unfit(request: Request, error: Exception) -> Response:
    refused = RequestNotUnderstood((("fields", str(error)),))
    return problem_of(refused, path=request.url.path)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError), "registered for these"
    problems = tuple(
        (".".join(str(step) for step in each["loc"])[:200], str(each["msg"])[:200])
        for each in error.errors()[:_PROBLEMS_MAX]
    )
    return problem_of(RequestNotUnderstood(problems), path=request.url.path)


def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "registered for these"
    if isinstance(error.__cause__, ControllerError):
        return problem_of(error.__cause__, path=request.url.path)
    if error.status_code == 400:  # noqa: PLR2004 - HTTP's: a body that is no JSON
        problems = (("body", str(error.detail)),)
        return problem_of(RequestNotUnderstood(problems), path=request.url.path)
    refused = NoSuchAddress(request.method, request.url.path)
    answer = problem_of(refused, path=request.url.path, otherwise=error.status_code)
    answer.headers.update(error.headers or {})
    return answer


class Faults:
    """Stands before the routes and answers what nobody expected; what goes to its log stays there.

    An answer that is under way when it happens is cut off.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        has_begun = False

        async def send_some(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_some)
        except Exception as error:
            if has_begun or scope["type"] != "http":
                raise
            await _fault(scope["path"], error)(scope, receive, send)


def _fault(path: str, error: Exception) -> Response:
    mark = secrets.token_hex(6)
    log.error("request_failed mark=%s path=%s", mark, path, exc_info=error)
    return problem_of(FaultMet(mark), path=path)
