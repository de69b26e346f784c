"""Names what keeps definitions from being applied, found or exported.

What is wrong inside the texts is a list of problems; ``DefinitionsRefused`` carries all of them.
"""

from collections.abc import Sequence
from typing import ClassVar

from jobnet.errors import ControllerError

_SHOWN_MAX = 20


class DefinitionsRefused(ControllerError):
    """Definitions with errors; ``problems`` are all of them, and nothing was applied."""

    code: ClassVar[str] = "definitions_refused"

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"The definitions have {count}; nothing was applied. Mend them and apply again."
            f"\n{lines}"
        )


class NothingToApply(ControllerError):
    """A path was to be applied at which there is nothing, and never was."""

    code: ClassVar[str] = "nothing_to_apply"

    def __init__(
        self, path: str, *, problem: str = "there is no file or folder of this name"
    ) -> None:
        self.path, self.problem = path, problem
        super().__init__(
            f"{path}: {problem}; name a file with definitions, or a folder of such files, on the"
            " machine of the controller."
        )


class PathRefused(ControllerError):
    """A text was given for a path that may not be written below its folder."""

    code: ClassVar[str] = "path_refused"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(
            f"The path {path[:200]!r} {problem}; give one such as payroll/backup.yml, below the"
            " folder that is applied."
        )


class TooMuchApplied(ControllerError):
    """More files, text or documents than one controller keeps."""

    code: ClassVar[str] = "too_much_applied"

    def __init__(self, what: str, *, count: int, count_max: int) -> None:
        self.what, self.count, self.count_max = what, count, count_max
        super().__init__(
            f"That would be {count:,} {what}; one controller keeps {count_max:,}. Apply the"
            " folders that hold definitions rather than one that holds everything."
        )


class NamesWouldMove(ControllerError):
    """Another base would give documents that are applied already other names."""

    code: ClassVar[str] = "names_would_move"

    def __init__(self, base: str, moves: Sequence[tuple[str, str]]) -> None:
        self.base, self.moves = base, tuple(moves)
        shown = "; ".join(f"{before} would be {after}" for before, after in moves[:5])
        more = f"; and {len(moves) - 5} more" if len(moves) > 5 else ""  # noqa: PLR2004
        super().__init__(
            f"Names would change if they counted from {base}: {shown}{more}. Apply the path that"
            " was applied before, or say --prune to have the new names and remove the old ones."
        )


class DocumentNotFound(ControllerError):
    """A document was named that has not been applied."""

    code: ClassVar[str] = "document_not_found"

    def __init__(self, kind: str, name: str, *, near: str = "") -> None:
        self.kind, self.name, self.near = kind, name, near
        hint = f"did you mean {near!r}?" if near else "`jobnet export` shows all that are."
        super().__init__(f"No {kind[:40]} {name[:80]!r} has been applied; {hint}")


class DocumentNotInFiles(ControllerError):
    """A document was named that no file holds of those that were read."""

    code: ClassVar[str] = "document_not_in_files"

    def __init__(self, kind: str, name: str, *, path: str, near: str = "") -> None:
        self.kind, self.name, self.path, self.near = kind, name, path, near
        hint = f"did you mean {near!r}?" if near else "write it with its folder, as in a/b/NAME."
        super().__init__(f"No file of {path} has a {kind[:40]} {name[:80]!r}; {hint}")


class VersionNotFound(ControllerError):
    """A version was named that a document never had."""

    code: ClassVar[str] = "version_not_found"

    def __init__(self, kind: str, name: str, version: int, *, latest: int) -> None:
        self.kind, self.name, self.version, self.latest = kind, name, version, latest
        super().__init__(
            f"{kind} {name!r} has no version {version}; its versions are 1 to {latest}."
        )


class VersionOvertaken(ControllerError):
    """Somebody else has changed a document since it was read."""

    code: ClassVar[str] = "version_overtaken"

    def __init__(self, kind: str, name: str, *, expected: int, found: int) -> None:
        self.kind, self.name, self.expected, self.found = kind, name, expected, found
        super().__init__(
            f"{kind} {name!r} is at version {found} by now, and you changed version {expected};"
            f" look at `jobnet diff {name}` and change the present text."
        )


class DocumentMisplaced(ControllerError):
    """A text was given for a document, and it is not one document of that kind and name."""

    code: ClassVar[str] = "document_misplaced"

    def __init__(self, kind: str, name: str, *, problem: str) -> None:
        self.kind, self.name, self.problem = kind, name, problem
        super().__init__(
            f"The text given for {kind} {name!r} {problem}; give the one document of this kind"
            " and name, or apply a whole file."
        )
