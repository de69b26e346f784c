"""Names what forecasts and what-ifs refuse: changes that mean nothing, and plans too large."""

from typing import ClassVar

from jobnet.errors import ControllerError

_QUOTED_MAX = 100


class WhatIfRefused(ControllerError):
    """A change of a what-if names nothing that the forecast has, or cannot be made."""

    code: ClassVar[str] = "whatif_refused"

    def __init__(self, change: str, *, problem: str) -> None:
        self.change, self.problem = change, problem
        super().__init__(f"Nothing was compared: {change[:_QUOTED_MAX]!r} {problem}.")


class ForecastSpanRefused(ControllerError):
    """A forecast was asked for of a span that ends before it begins, or is too long."""

    code: ClassVar[str] = "forecast_span_refused"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"Nothing was forecast: {problem}.")


class NotForecast(ControllerError):
    """A run or a start was named that is not in the forecast."""

    code: ClassVar[str] = "not_forecast"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"The forecast has no run {name[:_QUOTED_MAX]!r}; `jobnet forecast` lists those it has."
        )
