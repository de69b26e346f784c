"""Names the options of ``jobnet simulate``: how each is written, and what its help says."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jobnet.cli.options import Output


class Gantt(StrEnum):
    """How the run over time is drawn."""

    TEXT = "text"
    SVG = "svg"


Target = Annotated[
    str, typer.Argument(metavar="FILE[:NAME]", help="The network.", show_default=False)
]
Fail = Annotated[
    list[str] | None,
    typer.Option(metavar="PART=CODE", help="Let a part fail; PART#2 its second attempt."),
]
Lose = Annotated[
    list[str] | None,
    typer.Option(metavar="PART[=TIME]", help="Let the node of a part be gone; at TIME: 02:10."),
]
Duration = Annotated[
    list[str] | None,
    typer.Option(metavar="PART=20m", help="How long a job takes; when a wait gets its thing."),
]
PartOutput = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="PART.NAME=VALUE", help="An output of a part, as YAML."),
]
Artifact = Annotated[
    list[str] | None, typer.Option(metavar="PART=NAME", help="An artifact that a job leaves.")
]
OrderAt = Annotated[
    list[str] | None,
    typer.Option(metavar="'TIME ORDER [PART] [VALUE]'", help="Give an order: '02:15 skip load'."),
]
Expect = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Scenarios with what is given and what is expected."),
]
GanttOption = Annotated[
    Gantt | None, typer.Option("--gantt", help="How the run over time is drawn.")
]
OutputFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where the Gantt chart is written.")
]
Format = Annotated[
    Output, typer.Option("-o", "--format", help="For people, or one JSON document on stdout.")
]
History = Annotated[
    bool | None,
    typer.Option(
        help="Whether jobs take as long as earlier runs here; not so by default with --expect.",
        show_default=False,
    ),
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Show scenarios that held, too.")]
