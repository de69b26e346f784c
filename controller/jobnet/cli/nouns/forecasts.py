"""Declares the commands that look ahead: the forecast, and what would be otherwise."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from pathlib import Path
from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

_From = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="today, a date, 2h; else now.")
]
_To = Annotated[
    str | None, typer.Option("--to", metavar="TIME", help="24 hours later, if left out.")
]
_Network = Annotated[str, typer.Option(metavar="NETWORK", help="Show this network only.")]
_Project = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Files below it, without a controller."),
]
_Duration = Annotated[
    list[str] | None,
    typer.Option(metavar="NETWORK:PART=10m", help="With --project; else a minute is assumed."),
]
_Texts = list[str] | None


def forecast(  # noqa: PLR0913, PLR0917 - one per option of the command
    first: _From = None,
    last: _To = None,
    network: _Network = "",
    path: Annotated[
        str | None, typer.Option(metavar="RUN", help="What decides when this run ends.")
    ] = None,
    slow: Annotated[bool, typer.Option("--slow", help="With --path: at P90.")] = False,
    gantt: Annotated[bool, typer.Option("--gantt", help="Also over time.")] = False,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it as SVG.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it as a page.")] = None,
    project: _Project = None,
    duration: _Duration = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="With keys.")] = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say how the plan is expected to go: ends at P50 and P90, deadlines at risk, who waits."""
    from jobnet.cli.forecast_command import ForecastTyped, show_forecast  # noqa: PLC0415

    wish = ForecastTyped(
        first=first, last=last, network=network, path=path, is_slow=slow, has_gantt=gantt,
        svg=svg, html=html, project=project, durations=tuple(duration or ()),
        is_verbose=verbose,
    )  # fmt: skip
    return show_forecast(wish, output)


def whatif(  # noqa: PLR0913, PLR0917 - one per option of the command
    first: _From = None,
    last: _To = None,
    network: _Network = "",
    delay: Annotated[
        _Texts, typer.Option(metavar="NETWORK[:PART]=20m", help="Takes or starts so much later.")
    ] = None,
    factor: Annotated[
        _Texts, typer.Option(metavar="NETWORK[:PART]=1.5", help="Takes so many times as long.")
    ] = None,
    limit: Annotated[
        _Texts, typer.Option(metavar="QUEUE=1", help="A queue runs so many jobs.")
    ] = None,
    network_limit: Annotated[
        _Texts, typer.Option(metavar="NETWORK=1", help="A network runs so often at once.")
    ] = None,
    resource: Annotated[
        _Texts, typer.Option(metavar="RESOURCE=2", help="There is so much of a resource.")
    ] = None,
    lose: Annotated[_Texts, typer.Option(metavar="NODE", help="A node is away.")] = None,
    move: Annotated[
        _Texts, typer.Option(metavar="RUN=TIME", help="A start, to 25:30, +30m or an instant.")
    ] = None,
    skip: Annotated[_Texts, typer.Option(metavar="RUN", help="Without this start.")] = None,
    add: Annotated[_Texts, typer.Option(metavar="NETWORK=TIME", help="A start more.")] = None,
    project: _Project = None,
    duration: _Duration = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Compare the forecast with what it would be; nothing is changed.

    It ends with 3 if a deadline is newly missed.
    """
    from jobnet.cli.whatif_command import WhatIfTyped, compare_forecasts  # noqa: PLC0415

    wish = WhatIfTyped(
        first=first, last=last, network=network,
        delay=tuple(delay or ()), factor=tuple(factor or ()), limit=tuple(limit or ()),
        network_limit=tuple(network_limit or ()), resource=tuple(resource or ()),
        lose=tuple(lose or ()), move=tuple(move or ()), skip=tuple(skip or ()),
        add=tuple(add or ()), project=project, durations=tuple(duration or ()),
    )  # fmt: skip
    return compare_forecasts(wish, output)
