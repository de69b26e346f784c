"""Names what the controller refuses: runs, networks and orders that cannot be had."""

from typing import ClassVar

from jobnet.errors import ControllerError


class RunNotFound(ControllerError):
    """A run was named that does not exist."""

    code: ClassVar[str] = "run_not_found"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(f"There is no run {run[:80]!r}; `jobnet run list` shows those there are.")


class RunNameAmbiguous(ControllerError):
    """The beginning of a run's id means several."""

    code: ClassVar[str] = "run_name_ambiguous"

    def __init__(self, prefix: str, runs: tuple[str, ...]) -> None:
        self.prefix, self.runs = prefix, runs
        named = ", ".join(runs[:5])
        super().__init__(f"{prefix[:80]!r} could be {named}; write more of it.")


class NetworkNotApplied(ControllerError):
    """A network was named that nobody has applied."""

    code: ClassVar[str] = "network_not_applied"

    def __init__(self, network: str, near: str = "") -> None:
        self.network, self.near = network, near
        hint = f"did you mean {near!r}?" if near else "`jobnet network list` shows those there are."
        super().__init__(f"No network {network[:80]!r} has been applied; {hint}")


class RunNotBegunYet(ControllerError):
    """An order was given to a run that waits for its first part to be allowed."""

    code: ClassVar[str] = "run_not_begun_yet"

    def __init__(self, run: str, order: str) -> None:
        self.run, self.order = run, order
        super().__init__(
            f"Run {run!r} has not begun: it waits until its network may execute once more."
            f" {order!r} needs a run that has begun; `jobnet cancel {run}` takes it away."
        )


class OrderNotAnswered(ControllerError):
    """An order was taken and nobody has carried it out in time."""

    code: ClassVar[str] = "order_not_answered"

    def __init__(self, run: str, *, seconds: float) -> None:
        self.run, self.seconds = run, seconds
        super().__init__(
            f"The order for {run!r} was taken, and not carried out within {seconds:g} s; it will"
            " be. `jobnet run show` tells what became of it; giving it again is harmless."
        )


class RunStuck(ControllerError):
    """Something that reached a run is more than Jobnet can take: a fault of Jobnet."""

    code: ClassVar[str] = "run_stuck"

    def __init__(self, run: str, *, what: str, problem: str) -> None:
        self.run, self.what, self.problem = run, what, problem
        super().__init__(
            f"Run {run!r} does not go on: {what} brought about a fault in Jobnet ({problem})."
            " Nothing of it is lost; please report it with the journal of the run."
        )


class OrderNotUnderstood(ControllerError):
    """An order whose words or fields do not fit."""

    code: ClassVar[str] = "order_not_understood"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"The order cannot be taken: {problem.rstrip('.')}.")


class OrderNotDone(ControllerError):
    """An order that the run refused as things stand; nothing was changed."""

    code: ClassVar[str] = "order_not_done"

    def __init__(self, run: str, problem: str) -> None:
        self.run, self.problem = run, problem
        super().__init__(f"{problem.rstrip('.')}. `jobnet why {run}` tells how it stands.")


class QueueNotFound(ControllerError):
    """A queue was named that no definition knows and that nobody asks for."""

    code: ClassVar[str] = "queue_not_found"

    def __init__(self, queue: str, near: str = "") -> None:
        self.queue, self.near = queue, near
        hint = f"did you mean {near!r}?" if near else "`jobnet queue list` shows those there are."
        super().__init__(f"There is no queue {queue[:80]!r}; {hint}")


class SettingRefused(ControllerError):
    """A value was given that a queue, network or resource cannot have."""

    code: ClassVar[str] = "change_refused"

    def __init__(self, subject: str, because: str) -> None:
        self.subject, self.because = subject, because
        super().__init__(f"{subject[:120]} was left as it is: {because}.")


class EventRefused(ControllerError):
    """An event was sent that cannot be kept or received."""

    code: ClassVar[str] = "event_refused"

    def __init__(self, event: str, because: str) -> None:
        self.event, self.because = event, because
        super().__init__(f"The event {event[:80]!r} was not sent: {because}.")


class ControllerElsewhere(ControllerError):
    """Another controller works for the database."""

    code: ClassVar[str] = "controller_elsewhere"

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            "Another controller works for this database; stop it with `jobnet down` where it runs."
            f" One that was killed lets go of it after {seconds:g} s."
        )
