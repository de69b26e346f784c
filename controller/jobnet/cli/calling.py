"""Opens the way to the controller that a command is about, as this process was configured."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from jobnet.client import Client, find_controller
from jobnet.settings import Settings, read_settings

ZONE_LINK = Path("/etc/localtime")


def own_settings() -> Settings:
    """Return what this process was configured with."""
    return read_settings(os.environ, zone_link=ZONE_LINK)


@contextmanager
def calling() -> Iterator[Client]:
    """Yield a client of the controller; a refusal of it passes through."""
    settings = own_settings()
    address = find_controller(replace(settings, operator=_user(settings)))
    with Client(address) as client:
        yield client


def _user(settings: Settings) -> str:
    """Return as whom the operating system knows this process."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return settings.operator
