"""Names what keeps the definitions of another scheduler from being imported at all.

What cannot be carried *inside* a file that was read is no error: the report says it.
"""

from collections.abc import Sequence
from typing import ClassVar

from jobnet.errors import ControllerError

NAMES_SHOWN_MAX = 5


class ImportFileUnread(ControllerError):
    """A file that was to be imported and is not there, too large or no text."""

    code: ClassVar[str] = "import_file_unread"

    def __init__(self, file: str, *, problem: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(f"{file} was not imported ({problem.rstrip('.')}); nothing was written.")


class NotAnExport(ControllerError):
    """A file that another program should have written, and that has another shape."""

    code: ClassVar[str] = "not_an_export"

    def __init__(self, file: str, *, problem: str, wanted: str) -> None:
        self.file = file
        self.problem = problem
        self.wanted = wanted
        super().__init__(
            f"{file} is not what {wanted} writes ({problem.rstrip('.')}); write it anew and"
            " import that. Nothing was written."
        )


class ImportWouldOverwrite(ControllerError):
    """Files that an import would replace, although nobody asked for that."""

    code: ClassVar[str] = "import_would_overwrite"

    def __init__(self, files: Sequence[str]) -> None:
        self.files = tuple(files)
        more = len(self.files) - NAMES_SHOWN_MAX
        names = ", ".join(self.files[:NAMES_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")
        super().__init__(
            f"These files are there already: {names}; nothing was written. Name an empty folder"
            " with --to, or replace them with --force."
        )
