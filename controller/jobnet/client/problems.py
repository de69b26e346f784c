"""Turns a problem document (RFC 9457) into a refusal that reads as it would read over there."""

import httpx

from jobnet.errors import ControllerError
from jobnet.errors.client import AnswerIsNoController, ControllerRefused

_OWN = frozenset({"type", "title", "status", "detail", "code", "instance"})


def refusal_of(answer: httpx.Response, url: str) -> ControllerError:
    """Return the refusal that an answer holds; one that holds none is no controller's."""
    try:
        document = answer.json()
        sentence = str(document.get("detail") or document["title"])
        told = str(document["code"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return AnswerIsNoController(url, status=answer.status_code)
    facts = {str(name): value for name, value in document.items() if name not in _OWN}
    return ControllerRefused(sentence, told=told, status=answer.status_code, facts=facts)
