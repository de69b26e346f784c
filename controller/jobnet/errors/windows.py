"""Names what is refused about maintenance windows."""

from typing import ClassVar

from jobnet.errors import ControllerError


class WindowRefused(ControllerError):
    """A window was to be opened by hand that cannot be."""

    code: ClassVar[str] = "window_refused"

    def __init__(self, window: str, because: str) -> None:
        self.window, self.because = window, because
        super().__init__(f"The window {window[:80]!r} was not opened: {because}.")


class WindowNotFound(ControllerError):
    """A window was named that no definition knows and that nobody has opened."""

    code: ClassVar[str] = "window_not_found"

    def __init__(self, window: str, near: str = "") -> None:
        self.window, self.near = window, near
        hint = f"did you mean {near!r}?" if near else "`jobnet window list` shows those there are."
        super().__init__(f"There is no window {window[:80]!r}; {hint}")


class WindowNotOpen(ControllerError):
    """A window was to be closed that is not open now."""

    code: ClassVar[str] = "window_not_open"

    def __init__(self, window: str) -> None:
        self.window = window
        super().__init__(
            f"The window {window[:80]!r} is not open now, so there is nothing to close;"
            " `jobnet window list` shows when it opens next."
        )


class WindowSpanTooLong(ControllerError):
    """Windows were asked for over a longer time than can be worked out at once."""

    code: ClassVar[str] = "window_span_too_long"

    def __init__(self, *, days_max: int) -> None:
        self.days_max = days_max
        super().__init__(
            f"Windows can be shown for {days_max} days at once, and their first day comes before"
            " their last; ask for less."
        )
