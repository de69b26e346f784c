"""What the engine refuses: orders that do not fit, and answers that do not fit a dialog."""

from typing import ClassVar

from jobnet.errors import ControllerError


class OrderRefused(ControllerError):
    """An order that is not allowed as things stand; nothing was changed."""

    code: ClassVar[str] = "order_refused"

    def __init__(self, order: str, target: str, because: str) -> None:
        super().__init__(order, target, because)
        self.order = order
        self.target = target
        self.because = because

    def __str__(self) -> str:
        return f"{self.order} of {self.target} was refused: {self.because}."


class AnswerRefused(ControllerError):
    """An answer that a dialog cannot take; the dialog stays open."""

    code: ClassVar[str] = "answer_refused"

    def __init__(self, part: str, because: str) -> None:
        super().__init__(part, because)
        self.part = part
        self.because = because

    def __str__(self) -> str:
        return f"The dialog {self.part!r} stays open: {self.because}."
