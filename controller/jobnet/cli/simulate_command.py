"""Simulates a network: as it is typed, or every scenario of a file, and says what did not hold."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from jobnet.cli.exit_codes import ExitCode, exit_code_of
from jobnet.cli.play_command import ZONE_LINK, split_target
from jobnet.cli.simulate_options import Gantt
from jobnet.cli.simulating import SimulateOptions, prepare
from jobnet.cli.simulation_words import chart_of, document_of, picture_lines, track_lines
from jobnet.cli.wording import shown
from jobnet.definition import Bundle
from jobnet.errors.pictures import PictureNotWritten
from jobnet.errors.simulation import GanttNeedsFile
from jobnet.pictures.gantt import Chart, gantt_svg
from jobnet.project import bundle, read_file, select_network
from jobnet.project.scenarios import Scenario
from jobnet.services.simulation import Simulated, failures_of, simulate
from jobnet.services.summary import has_lost_part
from jobnet.settings import read_settings

PIPE_WIDTH = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """One scenario, what became of it, and what of its expectations did not hold."""

    scenario: Scenario
    simulated: Simulated
    failures: tuple[str, ...]


def simulate_network(options: SimulateOptions) -> int:
    """Simulate, print and return the exit status."""
    if options.is_json and options.gantt is Gantt.SVG and options.file is None:
        raise GanttNeedsFile
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    path, name = split_target(options.target)
    reading = read_file(path, hosts=options.hosts)
    pinned = bundle(reading, select_network(reading, name))
    results = [
        _judged(scenario, simulate(night)) for scenario, night in prepare(pinned, options, settings)
    ]
    if options.is_json:
        typer.echo(json.dumps(_document(pinned, options, results), indent=2))
    elif options.gantt is Gantt.SVG and options.file is None:
        typer.echo(gantt_svg(_charts(results)), nl=False)
    else:
        _print(results, options)
    if options.file is not None:
        _write(results, options.gantt, options.file)
    return _status(results, options)


def _judged(scenario: Scenario, simulated: Simulated) -> _Result:
    return _Result(
        scenario=scenario,
        simulated=simulated,
        failures=failures_of(simulated, scenario.expect),
    )


def _status(results: Sequence[_Result], options: SimulateOptions) -> int:
    if options.expect is not None:
        has_failed = any(result.failures for result in results)
        return ExitCode.ABNORMAL if has_failed else ExitCode.NORMAL
    tracker = results[0].simulated.tracker
    assert tracker.run is not None, "a run that was simulated has started"
    return exit_code_of(tracker.run.state, has_lost_part=has_lost_part(tracker))


def _print(results: Sequence[_Result], options: SimulateOptions) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for result in results:
        for warning in result.simulated.warnings:
            typer.echo(f"warning: {_titled(result)}{shown(warning, length_max=500)}", err=True)
        for line in _lines(result, options, console):
            if console.is_terminal:
                console.print(line)
            else:
                typer.echo(line.plain.rstrip())
    if options.expect is not None:
        failed = sum(bool(result.failures) for result in results)
        typer.echo(f"{len(results)} scenarios, {failed} did not hold.")


def _titled(result: _Result) -> str:
    return f"{shown(result.scenario.name)}: " if result.scenario.name else ""


def _lines(result: _Result, options: SimulateOptions, console: Console) -> Iterator[Text]:
    is_unicode = console.is_terminal and (sys.stdout.encoding or "").lower().startswith("utf")
    is_asked = options.expect is not None
    if is_asked:
        word, style = ("did not hold", "bold red") if result.failures else ("held", "green")
        yield Text(f"{shown(result.scenario.name)}: {word}", style=style)
        yield from (
            Text(f"  {shown(failure, length_max=500)}", style="red") for failure in result.failures
        )
    if not is_asked or result.failures or options.is_verbose:
        yield from track_lines(result.simulated, is_unicode=is_unicode)
        width = console.width if console.is_terminal else PIPE_WIDTH
        yield from picture_lines(_chart(result), width=width, is_unicode=is_unicode)
        if is_asked:
            yield Text("")


def _chart(result: _Result) -> Chart:
    run = result.simulated.tracker.run
    assert run is not None, "a run that was simulated has started"
    named = f": {result.scenario.name}" if result.scenario.name else ""
    return chart_of(result.simulated, title=f"{run.network} of {run.operating_day}{named}")


def _charts(results: Sequence[_Result]) -> list[Chart]:
    return [_chart(result) for result in results]


def _document(
    pinned: Bundle, options: SimulateOptions, results: Sequence[_Result]
) -> dict[str, object]:
    has_failed = any(result.failures for result in results)
    return {
        "version": 1,
        "network": pinned.main,
        "held": None if options.expect is None else not has_failed,
        "scenarios": [
            {
                "name": result.scenario.name,
                "held": None if options.expect is None else not result.failures,
                "failures": list(result.failures),
                "run": document_of(result.simulated),
            }
            for result in results
        ],
    }


def _write(results: Sequence[_Result], gantt: Gantt | None, file: Path) -> None:
    is_svg = gantt is Gantt.SVG or (gantt is None and file.suffix == ".svg")
    charts = _charts(results)
    if is_svg:
        text = gantt_svg(charts)
    else:
        lines = (
            line.plain.rstrip()
            for chart in charts
            for line in (
                Text(shown(chart.title)),
                *picture_lines(chart, width=PIPE_WIDTH, is_unicode=False),
                Text(""),
            )
        )
        text = "\n".join(lines) + "\n"
    try:
        file.write_bytes(text.encode())
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise PictureNotWritten(str(file), problem=str(problem)) from error
