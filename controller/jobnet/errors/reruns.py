"""Names what keeps a run of the local history from being run again."""

from collections.abc import Sequence
from typing import ClassVar

from jobnet.errors import ControllerError
from jobnet.errors.play import PlayUsage

_NAMED_MAX = 5


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_MAX
    return ", ".join(names[:_NAMED_MAX]) + (f" and {more} more" if more > 0 else "")


class RerunOptionsRefused(PlayUsage):
    """Options of a rerun that do not go together, or without a run that they could mean."""

    code: ClassVar[str] = "rerun_options_refused"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"{problem}; see jobnet play --help.")


class NoRunYet(ControllerError):
    """A network that has no run in the local history."""

    code: ClassVar[str] = "no_run_yet"

    def __init__(self, network: str, *, home: str) -> None:
        self.network = network
        self.home = home
        of = f" of {network!r}" if network else ""
        super().__init__(f"There is no run{of} in {home}; start one with jobnet play FILE.")


class RunIsOfAnotherNetwork(ControllerError):
    """The file that was named does not hold the network of the run."""

    code: ClassVar[str] = "run_is_of_another_network"

    def __init__(self, run: str, *, network: str, named: str) -> None:
        self.run = run
        self.network = network
        self.named = named
        super().__init__(
            f"Run {run!r} is one of network {network!r}, not of {named!r}; name its file as"
            f" FILE:{network}, or another run."
        )


class RunStillPlays(ControllerError):
    """A run that another process is playing at this moment."""

    code: ClassVar[str] = "run_still_plays"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Run {run!r} is being played by another process; look at it with"
            f" jobnet play-control {run} status, or wait for its end."
        )


class RunNotEnded(ControllerError):
    """A run whose process went away before its end; it goes on before it can run again."""

    code: ClassVar[str] = "run_not_ended"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Run {run!r} was cut off before its end; go on with it first:"
            f" jobnet play --continue {run}"
        )


class RunHasEnded(ControllerError):
    """A run that was to go on where it was cut off, and has come to its end."""

    code: ClassVar[str] = "run_has_ended"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Run {run!r} was not cut off: it has ended; run it again with"
            f" jobnet play --rerun {run} --failed"
        )


class DefinitionChanged(ControllerError):
    """The definition is not the one that a run began with."""

    code: ClassVar[str] = "definition_changed"

    def __init__(self, run: str, *, files: Sequence[str]) -> None:
        self.run = run
        self.files = tuple(files)
        where = f" ({_some(files)})" if files else ""
        super().__init__(
            f"The definition has changed since run {run!r} began{where}; get that text back, or add"
            " --current to go on with the definition as it is now."
        )


class DefinitionDoesNotFit(ControllerError):
    """A run cannot go on with the current definition, since parts that have run are not in it."""

    code: ClassVar[str] = "definition_does_not_fit"

    def __init__(self, run: str, *, because: Sequence[str]) -> None:
        self.run = run
        self.because = tuple(because)
        super().__init__(
            f"Run {run!r} cannot go on with the current definition: {_some(because)}; give such a"
            " part its old id, kind and place, or play the network anew."
        )


class RunNotOver(ControllerError):
    """Other definitions were wanted for a run that is still under way."""

    code: ClassVar[str] = "run_not_over"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Run {run!r} is not over, so it keeps its definitions; wait for its end or cancel it,"
            " or order the rerun without the current definitions."
        )


class RerunNotConfirmed(ControllerError):
    """A rerun of parts that ask first, where nobody said yes."""

    code: ClassVar[str] = "rerun_not_confirmed"

    def __init__(self, parts: Sequence[str], *, is_asked: bool) -> None:
        self.parts = tuple(parts)
        how = "nobody said yes" if is_asked else "there is no terminal; add --yes to say yes"
        super().__init__(f"These parts ask before they run again: {_some(parts)}; {how}.")
