"""Finds the controller that is meant: the one that was named, else the one of this machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from jobnet.errors.client import NoControllerFound, TokenNotFound
from jobnet.ports.server_place import ServerPlace, place_in
from jobnet.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a controller is, what it lets in, and whether it sees the files of this machine."""

    url: str
    token: str = field(repr=False)
    user: str
    is_local: bool = False


def find_controller(settings: Settings) -> Address:
    """Return the address; nothing is asked yet, so it may be out of date.

    The token of this machine is given to its own controller only.
    """
    place = place_of(settings)
    if settings.url:
        is_local = _announced(place).get("url") == settings.url
        token = settings.token or (_token(place) if is_local else "")
        if not token:
            raise TokenNotFound(settings.url, file="")
        user = settings.operator
        return Address(url=settings.url, token=token, user=user, is_local=is_local)
    url = str(_announced(place).get("url", ""))
    if not url:
        raise NoControllerFound(str(place.folder))
    token = settings.token or _token(place)
    if not token:
        raise TokenNotFound(url, file=str(place.token))
    return Address(url=url, token=token, user=settings.operator, is_local=True)


def place_of(settings: Settings) -> ServerPlace:
    """Return where a controller of this user keeps its files; nothing is made."""
    home = settings.home or platformdirs.user_state_dir("jobnet", appauthor=False)
    return place_in(Path(home).expanduser().absolute())


def _announced(place: ServerPlace) -> Mapping[str, object]:
    try:
        found = json.loads(place.server.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _token(place: ServerPlace) -> str:
    try:
        return place.token.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
