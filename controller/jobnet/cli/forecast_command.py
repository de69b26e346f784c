"""Shows how the plan is expected to go, what decides the end of a run, and draws it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forecast_lines import Document, forecast_lines, path_lines
from jobnet.cli.forecast_picture import chart_of, html_of, svg_of, write_picture
from jobnet.cli.forecast_sources import ForecastSource, Span, forecast_source
from jobnet.cli.forecast_times import instant_typed
from jobnet.cli.forms import say
from jobnet.cli.gantt_text import gantt_lines
from jobnet.cli.typed import Form

COMMAND: Final = "jobnet forecast"
PIPE_WIDTH: Final = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastTyped:
    """What was typed after ``jobnet forecast``."""

    first: str | None = None
    last: str | None = None
    network: str = ""
    path: str | None = None
    is_slow: bool = False
    has_gantt: bool = False
    svg: Path | None = None
    html: Path | None = None
    project: str | None = None
    durations: tuple[str, ...] = ()
    is_verbose: bool = False


def show_forecast(wish: ForecastTyped, form: Form) -> int:
    """Show the forecast, or what decides the end of one run."""
    with forecast_source(wish.project, wish.durations) as source:
        span = span_typed(source, wish.first, wish.last, command=COMMAND)
        if wish.path is not None:
            path = source.path(span, wish.path, is_slow=wish.is_slow)
            say(path, form, lambda: path_lines(path))
            return ExitCode.NORMAL
        found = source.forecast(span, wish.network)
    say(found, form, lambda: _lines(found, wish))
    if wish.svg is not None:
        write_picture(wish.svg, svg_of(found))
    if wish.html is not None:
        write_picture(wish.html, html_of(found))
    return ExitCode.NORMAL


def span_typed(
    source: ForecastSource, first: str | None, last: str | None, *, command: str
) -> Span:
    """Return the span that was typed; None where nothing was."""
    if first is None and last is None:
        return None, None
    now = source.now()
    return (
        None if first is None else instant_typed(first, now, command=command),
        None if last is None else instant_typed(last, now, command=command),
    )


def _lines(found: Document, wish: ForecastTyped) -> Iterator[str]:
    yield from forecast_lines(found, is_verbose=wish.is_verbose)
    if wish.has_gantt and found["items"]:
        console = Console()
        is_unicode = console.is_terminal and (sys.stdout.encoding or "").lower().startswith("utf")
        width = console.width if console.is_terminal else PIPE_WIDTH
        for line in gantt_lines(chart_of(found), width=width, is_unicode=is_unicode):
            yield line.plain.rstrip()
