"""Offers what one machine has: its clock, its files, a folder for the pieces of a run."""

from jobnet.machine.clock import MachineClock
from jobnet.machine.files import MachineFiles, MachineFolders
from jobnet.machine.history import HistoryFile
from jobnet.machine.journal_file import JournalFile
from jobnet.machine.pieces import Pieces
from jobnet.machine.run_folder import RunFolder, make_run_folder, state_home
from jobnet.machine.threads import Threads

__all__ = [
    "HistoryFile",
    "JournalFile",
    "MachineClock",
    "MachineFiles",
    "MachineFolders",
    "Pieces",
    "RunFolder",
    "Threads",
    "make_run_folder",
    "state_home",
]
