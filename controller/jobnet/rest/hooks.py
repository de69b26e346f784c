"""Routes of hooks: other systems start networks with a signed request. They know no token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, status

from jobnet.rest.asking import Services
from jobnet.services.controller.triggers.hooks import BODY_BYTES_MAX, HookRequest
from jobnet.wire.hooks import Taken

router = APIRouter(prefix="/hooks", tags=["hooks"])


async def _body(request: Request) -> bytes:
    """Return the body as it came: what is signed are its bytes."""
    return await request.body()


_BODY = {
    "requestBody": {
        "required": False,
        "description": f"Anything, up to {BODY_BYTES_MAX // 1024} KiB; JSON is read.",
        "content": {"application/json": {"schema": {}}, "text/plain": {"schema": {}}},
    }
}


@router.post("/{path:path}", status_code=status.HTTP_202_ACCEPTED, openapi_extra=_BODY)
def take_request(
    path: str,
    request: Request,
    body: Annotated[bytes, Depends(_body)],
    services: Services,
    signature: Annotated[str, Header(alias="X-Jobnet-Signature")] = "",
) -> Taken:
    """Start what waits for this request; it needs no token, but a signature.

    `X-Jobnet-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of the seconds, a dot and
    the body, with the secret of the credential. The same request again starts nothing more.
    """
    headers = tuple(request.headers.items())
    taken = services.hooks.take(
        HookRequest(path=path, signature=signature, headers=headers, body=body)
    )
    return Taken.model_validate(taken)
