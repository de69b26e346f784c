"""States how a message leaves: one letter to one address, by mail or to a web address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jobnet.definition import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter; ``path`` is absolute and has been checked."""

    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one address; ``details`` are plain data about the run, for programs."""

    to: Address
    subject: str
    text: str
    details: Mapping[str, object] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


class Messenger(Protocol):
    """Hands letters over; may be called from any thread."""

    def send(self, letter: Letter) -> None:
        """Return when the letter was taken over; raise ``MessageNotSent`` with the reason.

        Takes a named time at most. A letter is handed over once; nothing is tried again.
        """
