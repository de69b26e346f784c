"""Offers fakes that pass the conformance suites of the ports; only tests import them."""

from jobnet.testing.clock import VirtualClock
from jobnet.testing.desk import FakeDesk
from jobnet.testing.runner import FakeRunner, Script

__all__ = ["FakeDesk", "FakeRunner", "Script", "VirtualClock"]
