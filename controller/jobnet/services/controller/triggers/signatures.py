"""Checks the signatures of requests: who knows the secret has sent exactly this, just now.

``X-Jobnet-Signature: t=SECONDS,v1=HEX`` holds the time of sending and the HMAC-SHA256 of that
time, a dot and the body. ``v1`` may stand several times, so that a secret can be changed.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

AGE_SECONDS_MAX: Final = 300
"""So far the time of sending may lie away from now, before or after."""
HEADER_MAX: Final = 1_000
SIGNATURES_MAX: Final = 5
_FIELD = re.compile(r"(t|v1)=([0-9a-f]{1,64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a header says: when it was sent (whole seconds), and signatures of 64 digits."""

    at: int
    signatures: tuple[str, ...]


def read_header(text: str) -> Signed | None:
    """Return what a header says, None for one that is not as it has to be.

    >>> read_header("t=1700000000,v1=" + "a" * 64).at
    1700000000
    """
    if len(text) > HEADER_MAX or not text.isascii():
        return None
    matches = [_FIELD.fullmatch(each.strip()) for each in text.split(",")]
    fields = [(each[1], each[2]) for each in matches if each is not None]
    times = [value for name, value in fields if name == "t"]
    signatures = tuple(value for name, value in fields if name == "v1" and len(value) == 64)  # noqa: PLR2004 - of SHA-256
    is_whole = len(fields) == len(matches) and len(times) == 1 and times[0].isdecimal()
    if not is_whole or not 1 <= len(signatures) <= SIGNATURES_MAX or len(times[0]) > 12:  # noqa: PLR2004 - seconds
        return None
    return Signed(at=int(times[0]), signatures=signatures)


def signature_of(secret: bytes, at: int, body: bytes) -> str:
    """Return the signature of a body that is sent at an instant.

    >>> signature_of(b"a secret of ours", 1700000000, b"{}")[:8]
    '1715c4e6'
    """
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def is_signed(signed: Signed, secret: bytes, body: bytes, *, now: datetime) -> bool:
    """Return whether somebody who knows the secret has sent this body within the last minutes.

    It takes as long for a wrong signature as for a right one.
    """
    is_fresh = abs(now.timestamp() - signed.at) <= AGE_SECONDS_MAX
    wanted = signature_of(secret, signed.at, body)
    matches = [hmac.compare_digest(wanted, each) for each in signed.signatures]
    return is_fresh and any(matches)


def header_of(secret: bytes, at: int, body: bytes) -> Mapping[str, str]:
    """Return the header that a sender writes."""
    return {"X-Jobnet-Signature": f"t={at},v1={signature_of(secret, at, body)}"}
