"""Reads what routes have in common from a request: who asks, of which controller, with what key."""

import secrets
from typing import Annotated, cast

from fastapi import Depends, Header, Path, Query, Request

from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.rest.keys import HEADER
from jobnet.rest.services import Controller
from jobnet.wire.shapes import KEY_MAX, NAME_MAX

ROOT = "/api/v1"
PAGE_MAX = 500
PAGE = 50
_NAME = r"^[^\x00]+$"


def _controller(request: Request) -> Controller:
    return cast("Controller", request.app.state.controller)


def _operator(request: Request) -> OperatorName:
    return cast("OperatorName", request.state.by)


def _key(
    key: Annotated[
        str | None,
        Header(
            alias=HEADER,
            max_length=KEY_MAX,
            description="The same key again gets the same answer, and nothing is done twice.",
        ),
    ] = None,
) -> str:
    return key or secrets.token_hex(16)


Services = Annotated[Controller, Depends(_controller)]
"""The controller that this application serves."""

Operator = Annotated[OperatorName, Depends(_operator)]
"""Who asks, as the gate has found."""

Key = Annotated[str, Depends(_key)]
"""The key of what is asked for; one of its own where the caller gave none."""

InRun = Annotated[RunId, Path(alias="run", max_length=NAME_MAX, pattern=_NAME)]
"""The id of a run."""

InPart = Annotated[PartKey, Path(alias="part", max_length=NAME_MAX, pattern=_NAME)]
"""The key of a part; it may hold slashes."""

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="So many at most.")]
"""How long a page may be."""

Preview = Annotated[bool, Query(description="Only say what it would do.")]
"""Whether nothing is to be done."""
