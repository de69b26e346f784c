"""Offers everything that can be read and written in one transaction, a noun each."""

from functools import cached_property

from jobnet.storage.answers import Answers
from jobnet.storage.audits import Audits
from jobnet.storage.board import Board
from jobnet.storage.connections import Connection
from jobnet.storage.durations import Durations
from jobnet.storage.editions import Editions
from jobnet.storage.errand_access import Errands
from jobnet.storage.installation import Installation
from jobnet.storage.leases import Leases
from jobnet.storage.lists import Lists
from jobnet.storage.live_notes import LiveNotes
from jobnet.storage.plan import Plan
from jobnet.storage.queues import Queues
from jobnet.storage.retention import Retention
from jobnet.storage.run_access import Runs
from jobnet.storage.signals import Signals
from jobnet.storage.snapshots import Snapshots
from jobnet.storage.soundness import Soundness
from jobnet.storage.triggers import Triggers


class OpenTransaction:
    """One transaction; nouns by attribute, made when they are first used."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def runs(self) -> Runs:
        """Return runs, their inboxes and journals."""
        return Runs(self.connection)

    @cached_property
    def errands(self) -> Errands:
        """Return what runs have open outside themselves."""
        return Errands(self.connection)

    @cached_property
    def board(self) -> Board:
        """Return events and ends."""
        return Board(self.connection)

    @cached_property
    def signals(self) -> Signals:
        """Return what has to be done after a commit."""
        return Signals(self.connection)

    @cached_property
    def editions(self) -> Editions:
        """Return editions and documents."""
        return Editions(self.connection)

    @cached_property
    def queues(self) -> Queues:
        """Return what was set at run time."""
        return Queues(self.connection)

    @cached_property
    def audits(self) -> Audits:
        """Return acts."""
        return Audits(self.connection)

    @cached_property
    def answers(self) -> Answers:
        """Return what was asked under keys."""
        return Answers(self.connection)

    @cached_property
    def durations(self) -> Durations:
        """Return how long things took."""
        return Durations(self.connection)

    @cached_property
    def live(self) -> LiveNotes:
        """Return live notes."""
        return LiveNotes(self.connection)

    @cached_property
    def snapshots(self) -> Snapshots:
        """Return trackers that were kept beside their journals."""
        return Snapshots(self.connection)

    @cached_property
    def installation(self) -> Installation:
        """Return small values."""
        return Installation(self.connection)

    @cached_property
    def lists(self) -> Lists:
        """Return lists."""
        return Lists(self.connection)

    @cached_property
    def retention(self) -> Retention:
        """Return runs that are over."""
        return Retention(self.connection)

    @cached_property
    def leases(self) -> Leases:
        """Return who of several processes does something."""
        return Leases(self.connection)

    @cached_property
    def plan(self) -> Plan:
        """Return the near plan and the changes on the day."""
        return Plan(self.connection)

    @cached_property
    def soundness(self) -> Soundness:
        """Return what is wrong with what is kept."""
        return Soundness(self.connection)

    @cached_property
    def triggers(self) -> Triggers:
        """Return start conditions and what has come for them."""
        return Triggers(self.connection)
