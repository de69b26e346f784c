"""Decides what a run does next: pure, deterministic, without clock, I/O or chance.

``begin`` makes an empty tracker, ``step`` takes an input and gives facts and commands, ``evolve``
applies a fact. ``match`` and ``admit`` decide between runs. ``track`` shows a run.
"""

from jobnet.engine.admission import (
    Candidate,
    Limits,
    NetworkRule,
    Verdict,
    admit,
    place_in_line,
)
from jobnet.engine.deriving import open_commands
from jobnet.engine.evolve import evolve
from jobnet.engine.matching import match
from jobnet.engine.published import ends_of
from jobnet.engine.standstills import deadlocks_in, open_executions
from jobnet.engine.step import Decision, begin, step
from jobnet.engine.track import TrackLine, track
from jobnet.engine.tracker import Tracker

__all__ = [
    "Candidate",
    "Decision",
    "Limits",
    "NetworkRule",
    "TrackLine",
    "Tracker",
    "Verdict",
    "admit",
    "begin",
    "deadlocks_in",
    "ends_of",
    "evolve",
    "match",
    "open_commands",
    "open_executions",
    "place_in_line",
    "step",
    "track",
]
