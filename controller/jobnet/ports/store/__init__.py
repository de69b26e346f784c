"""States what the services need of a database, whichever it is.

``Store`` opens transactions; the modules here say what can be read and written in one, a noun
each. Rows are frozen values; a table class never leaves ``storage``.
"""

from jobnet.ports.store.errands import (
    DialogRow,
    Errand,
    ErrandKey,
    ErrandKind,
    FileWaitRow,
    JobRow,
    MessageRow,
    SlotRow,
    SlotState,
    TimerRow,
    WaitKind,
    WaitRow,
)
from jobnet.ports.store.runs import (
    Entry,
    Lasted,
    LiveNote,
    NewInput,
    OrderOutcome,
    PartRow,
    RunChange,
    RunRow,
    RunTurn,
    Signal,
    SignalKind,
    Spread,
    StoredInput,
)
from jobnet.ports.store.store import Store, Transaction

__all__ = [
    "DialogRow",
    "Entry",
    "Errand",
    "ErrandKey",
    "ErrandKind",
    "FileWaitRow",
    "JobRow",
    "Lasted",
    "LiveNote",
    "MessageRow",
    "NewInput",
    "OrderOutcome",
    "PartRow",
    "RunChange",
    "RunRow",
    "RunTurn",
    "Signal",
    "SignalKind",
    "SlotRow",
    "SlotState",
    "Spread",
    "Store",
    "StoredInput",
    "TimerRow",
    "Transaction",
    "WaitKind",
    "WaitRow",
]
