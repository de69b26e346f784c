"""Collects the facts of one step and the commands that follow from them.

All deciding functions of the engine take a ``Turn``; none keeps anything else.
"""

from datetime import datetime

from jobnet.engine.commands import Command
from jobnet.engine.deriving import commands_of
from jobnet.engine.evolve import evolve
from jobnet.engine.facts import Fact
from jobnet.engine.tracker import Tracker


class Turn:
    """The tracker as it stands within a step, and the facts that led there."""

    __slots__ = ("commands", "facts", "now", "tracker")

    def __init__(self, tracker: Tracker, now: datetime) -> None:
        self.tracker = tracker
        self.now = now
        self.facts: list[Fact] = []
        self.commands: list[Command] = []

    def record(self, fact: Fact) -> None:
        """Journal a fact: from here on the tracker has it."""
        self.tracker = evolve(self.tracker, fact)
        self.facts.append(fact)
        self.commands.extend(commands_of(self.tracker, fact))
