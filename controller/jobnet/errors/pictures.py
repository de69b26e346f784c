"""Names what keeps a network or a run from being drawn."""

from typing import ClassVar

from jobnet.errors import ControllerError
from jobnet.errors.play import PlayUsage


class NothingToDraw(PlayUsage):
    """`jobnet graph` was given neither a file nor a run."""

    code: ClassVar[str] = "nothing_to_draw"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to draw; name a network as FILE or FILE:NAME, or a run as --run RUN."
        )


class RunNotFound(ControllerError):
    """No run of the local history has this name, and no folder of a run lies there."""

    code: ClassVar[str] = "played_run_not_found"

    def __init__(self, run: str, *, home: str, near: str) -> None:
        self.run = run
        self.home = home
        self.near = near
        hint = f"did you mean {near!r}?" if near else "give its name, or the folder of its pieces."
        super().__init__(f"There is no run {run[:120]!r} in {home}; {hint}")


class DefinitionNotKept(ControllerError):
    """A run does not say which file its network was read from."""

    code: ClassVar[str] = "definition_not_kept"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Run {run!r} does not say which file its network came from; name the file as well:"
            f" jobnet graph --run {run} FILE."
        )


class JournalNotReplayed(ControllerError):
    """The facts of a run do not fit to the definition that it is to be drawn with."""

    code: ClassVar[str] = "journal_not_replayed"

    def __init__(self, run: str, *, network: str, entry: int, problem: str) -> None:
        self.run = run
        self.network = network
        self.entry = entry
        self.problem = problem
        super().__init__(
            f"Entry {entry} of the journal of run {run!r} does not fit to network {network!r} as it"
            f" is now ({problem[:200]}); get back the definition of that day and try again."
        )


class RunNotBegun(ControllerError):
    """A journal that holds no start of a run."""

    code: ClassVar[str] = "run_not_begun"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"The journal of run {run!r} holds nothing; the run was stopped before it began. Play"
            " its network anew."
        )


class PictureNotWritten(ControllerError):
    """The file of a picture could not be written."""

    code: ClassVar[str] = "picture_not_written"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(
            f"The picture {path} could not be written ({problem}); choose another file."
        )
