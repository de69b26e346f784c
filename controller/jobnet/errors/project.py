"""Names what keeps a project's files from becoming a run.

What is wrong *inside* a file is no error of this kind: it is a list of problems. These are
raised when somebody asks for something that the files, as they were read, cannot give.
"""

from collections.abc import Sequence
from typing import ClassVar

from jobnet.errors import ControllerError


class DefinitionRefused(ControllerError):
    """Definitions with problems; ``problems`` are one line each and all of them."""

    code: ClassVar[str] = "definition_refused"

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The definition has {count}; nothing was started.\n{lines}")


class NetworkNotFound(ControllerError):
    """A file without the network that was asked for."""

    code: ClassVar[str] = "network_not_found"

    def __init__(self, name: str | None, *, file: str, known: Sequence[str], hint: str) -> None:
        self.name = name
        self.file = file
        self.known = tuple(known)
        asked = "no network" if name is None else f"no network {name!r}"
        super().__init__(f"{file} has {asked}. {hint}")


class NetworkAmbiguous(ControllerError):
    """A file with several networks, of which none is meant more than the others."""

    code: ClassVar[str] = "network_ambiguous"

    def __init__(self, *, file: str, known: Sequence[str]) -> None:
        self.file = file
        self.known = tuple(known)
        names = ", ".join(self.known)
        super().__init__(f"{file} has several networks ({names}); name one: {file}:{self.known[0]}")


class ParamsRefused(ControllerError):
    """Params that do not fit what the network declares; ``problems`` are all of them."""

    code: ClassVar[str] = "params_refused"

    def __init__(self, network: str, problems: Sequence[str]) -> None:
        self.network = network
        self.problems = tuple(problems)
        super().__init__(f"Params of {network}: {'; '.join(self.problems)}.")
