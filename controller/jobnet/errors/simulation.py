"""Names what `jobnet simulate` refuses: options and scenario files that say nothing it can do."""

from collections.abc import Sequence
from typing import ClassVar

from jobnet.errors import ControllerError
from jobnet.errors.play import PlayUsage


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
