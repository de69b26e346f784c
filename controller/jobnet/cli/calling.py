"""Opens the way to the controller that a command is about, as this process was configured."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    with Client(find_controller(own_settings())) as client:
        yield client
