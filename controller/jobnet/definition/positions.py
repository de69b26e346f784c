"""Says where in a file something was written, so that every message can point there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text file; line and column count from 1, 0 means unknown."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return ``file:line:column``, as editors and compilers write it."""
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Position()
