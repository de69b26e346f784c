"""Speaks HTTP to a controller: finds it, asks it, and says what it refuses in its own words."""

from jobnet.client.address import Address, find_controller
from jobnet.client.client import Client
from jobnet.client.stream import Event

__all__ = ["Address", "Client", "Event", "find_controller"]
