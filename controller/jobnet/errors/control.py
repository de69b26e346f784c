"""Names what keeps somebody from operating a running play from a second terminal."""

from typing import ClassVar

from jobnet.errors import ControllerError
from jobnet.errors.play import PlayUsage


class PlayNotReached(ControllerError):
    """A run that nobody plays at this moment, or that belongs to another user."""

    code: ClassVar[str] = "play_not_reached"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Run {run!r} is not being played, or not by you; run it again with"
            f" jobnet play --rerun {run}."
        )


class AnswerNotUnderstood(ControllerError):
    """A running play that hung up, or said something that is no answer."""

    code: ClassVar[str] = "answer_not_understood"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Run {run!r} gave no answer; it may just have ended. Ask again with"
            f" jobnet play-control {run} status: an order with the same --key counts once."
        )


class ControlRefused(ControllerError):
    """A running play that refused what was asked of it; nothing was changed."""

    code: ClassVar[str] = "control_refused"

    def __init__(self, run: str, *, problem: str) -> None:
        self.run = run
        self.problem = problem
        super().__init__(
            f"{problem.rstrip('.')}. Nothing was changed; look at it with"
            f" jobnet play-control {run} status."
        )


class ControlUsage(PlayUsage):
    """`jobnet play-control` was typed in a way that makes no order."""

    code: ClassVar[str] = "control_usage"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"{problem}; see jobnet play-control --help.")


class OrderNotConfirmed(ControllerError):
    """An order to which nobody said yes."""

    code: ClassVar[str] = "order_not_confirmed"

    def __init__(self, order: str, *, is_asked: bool) -> None:
        self.order = order
        how = "nobody said yes" if is_asked else "there is no terminal to ask; add --yes"
        super().__init__(f"The order {order} was not given: {how}.")
