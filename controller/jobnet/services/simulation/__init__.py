"""Simulates runs: the engine on a virtual clock, without Ansible, a host or a file.

``simulate`` plays one night, ``failures_of`` says what of a scenario's expectations did not hold.
"""

from jobnet.services.simulation.expectations import failures_of
from jobnet.services.simulation.night import Night, Simulated, simulate

__all__ = ["Night", "Simulated", "failures_of", "simulate"]
