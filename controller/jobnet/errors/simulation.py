"""Names what `jobnet simulate` refuses: options and scenario files that say nothing it can do."""

from collections.abc import Sequence
from typing import ClassVar

from jobnet.errors import ControllerError
from jobnet.errors.play import PlayUsage

_QUOTED_MAX = 80


class SimulationOptionRefused(PlayUsage):
    """An option of a simulation names no part, or gives it something that it cannot take."""

    code: ClassVar[str] = "simulation_option_refused"

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        lines = " ".join(str(problem) for problem in self.problems)
        super().__init__(f"Nothing was simulated. {lines}")


class ScenarioRefused(ControllerError):
    """A file of scenarios with problems; ``problems`` are one line each and all of them."""

    code: ClassVar[str] = "scenario_refused"

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The scenarios have {count}; nothing was simulated.\n{lines}")


class OptionTextRefused(PlayUsage):
    """An option of a simulation is not written as it has to be."""

    code: ClassVar[str] = "option_text_refused"

    def __init__(self, option: str, text: str, *, form: str) -> None:
        self.option = option
        self.text = text
        shown = text if len(text) <= _QUOTED_MAX else text[:_QUOTED_MAX] + "..."
        super().__init__(f"--{option} {shown!r} says too little; write --{option} {form}.")


class GanttNeedsFile(PlayUsage):
    """JSON and a picture were both asked for on stdout."""

    code: ClassVar[str] = "gantt_needs_file"

    def __init__(self) -> None:
        super().__init__(
            "-o json has stdout for itself; give --output-file FILE.svg for the Gantt chart."
        )
