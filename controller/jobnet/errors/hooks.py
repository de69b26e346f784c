"""Names what is refused about requests that other systems send to start something."""

from typing import ClassVar

from jobnet.errors import ControllerError


class HookRefused(ControllerError):
    """A request to a hook is not signed as it has to be.

    It says the same whatever is wrong, also where there is no such hook.
    """

    code: ClassVar[str] = "hook_refused"

    def __init__(self) -> None:
        super().__init__(
            "The request was not accepted: its path, its time or its signature does not fit."
            " `jobnet trigger list` shows what is waited for, and the log of the controller why a"
            " request was refused."
        )


class HookTooOften(ControllerError):
    """More requests came to hooks than are taken in a minute."""

    code: ClassVar[str] = "hook_too_often"

    def __init__(self, *, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Too many requests have come; send it again in {seconds} s.")
