"""Decides what happens when somebody wants a run to stop, or when it cannot go on by itself.

Where somebody sits, the first Ctrl-C asks and a second one kills at once. Elsewhere the
first one kills the run (``always`` runs), the second one kills it now (nothing more runs).
"""

from collections.abc import Callable, Mapping

from jobnet.engine.orders import Cancel, Kill, Order
from jobnet.ports.desk import Desk, Note, NoteKind, Question, Reply
from jobnet.services.inbox import Urge
from jobnet.services.stalls import Stall

STOP_KEY = "stop"
STALL_KEY = "stall"

_GO_ON = "go_on"
_STOP_CHOICES: Mapping[str, str] = {
    "kill": "end what runs; parts in always still run",
    "kill_now": "end what runs and start nothing more",
    "cancel": "start nothing new, let running jobs finish",
    _GO_ON: "let the run go on",
}
_STOP_ORDERS: Mapping[str, Order] = {
    "kill": Kill(),
    "kill_now": Kill(now=True),
    "cancel": Cancel(),
}


class Stops:
    """The wishes to stop one run; ``reason`` is why it was stopped, if it was."""

    def __init__(
        self,
        *,
        desk: Desk,
        give_order: Callable[[Order, str], None],
        replied: Callable[[Reply], None],
    ) -> None:
        self._desk, self._give_order, self._replied = desk, give_order, replied
        self._kills = 0
        self._is_asking = False
        self._stall: Stall | None = None
        self._stalls = 0
        self.reason = ""
        self.is_operated = False
        """Whether somebody operates the run from a second terminal: then it may stand still."""

    def urged(self, urge: Urge) -> None:
        """Answer a Ctrl-C or a SIGTERM."""
        if urge is Urge.INTERRUPT and self._desk.is_attended and not self._kills:
            if not self._is_asking:
                self._is_asking = True
                self._ask(STOP_KEY, "Stop the run?", _STOP_CHOICES)
                return
            self._desk.withdraw(STOP_KEY)
            self._is_asking = False
            self.kill("interrupted twice", now=True)
            return
        word = "interrupted" if urge is Urge.INTERRUPT else "terminated by SIGTERM"
        self.kill(word, now=self._kills > 0)

    def kill(self, reason: str, *, now: bool = False) -> None:
        """Kill the run; asked again, what is still running is killed without ``always``."""
        self._kills += 1
        self.reason = self.reason or reason
        self._give_order(Kill(now=now), reason)

    def stalled(self, stall: Stall, *, goes_on: bool) -> None:
        """Ask what to do, or kill the run; ``goes_on``: take the first way out (check mode)."""
        if self._stall is not None:
            return
        self._stalls += 1
        choice, (_, order) = next(iter(stall.ways_out.items()))
        if self._kills:
            self.kill(stall.text, now=True)
        elif goes_on and choice != "kill":
            self._desk.note(
                Note(kind=NoteKind.WARNING, text=f"{stall.text}: {choice} (check mode)")
            )
            self._give_order(order, "check mode")
        elif self._desk.is_attended:
            self._stall = stall
            choices = {name: says for name, (says, _) in stall.ways_out.items()}
            self._ask(f"{STALL_KEY}:{self._stalls}", stall.text, choices)
        elif self.is_operated:
            self._stall = stall
            text = f"{stall.text}; an order of jobnet play-control can let it go on"
            self._desk.note(Note(kind=NoteKind.WARNING, text=text))
        else:
            self.kill(stall.text)

    @property
    def is_asking(self) -> bool:
        """Whether a question of this kind is open."""
        return self._is_asking or self._stall is not None

    def answered(self, reply: Reply) -> None:
        """Take a reply to one of these questions; any other changes nothing."""
        if reply.key == STOP_KEY and self._is_asking:
            self._is_asking = False
            self._carry_out(_STOP_ORDERS.get(reply.choice))
        elif reply.key.startswith(STALL_KEY) and self._stall is not None:
            stall, self._stall = self._stall, None
            self._carry_out(stall.ways_out[reply.choice][1])

    def moved_on(self) -> None:
        """Take back the question about a stall: something has happened after all."""
        if self._stall is not None:
            self._stall = None
            self._desk.withdraw(f"{STALL_KEY}:{self._stalls}")

    def _carry_out(self, order: Order | None) -> None:
        match order:
            case None:
                return
            case Kill(part=None, now=now):
                self.kill("stopped by the operator", now=now)
            case _:
                self._give_order(order, "at the terminal")

    def _ask(self, key: str, message: str, choices: Mapping[str, str]) -> None:
        title = "Ctrl-C" if key == STOP_KEY else "The run cannot go on by itself"
        question = Question(key=key, title=title, message=message, choices=choices)
        self._desk.ask(question, self._replied)
