"""Names the arguments and options of the commands that ask a controller."""

from enum import StrEnum
from typing import Annotated

import typer


class Form(StrEnum):
    """How a command says what a controller has answered."""

    HUMAN = "human"
    JSON = "json"
    YAML = "yaml"


FormOption = Annotated[
    Form, typer.Option("-o", "--output", help="For people, or one document on stdout.")
]
Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="A run, the beginning of its id, @last or @failed.", show_default=False
    ),
]
RunOrPart = Annotated[
    str,
    typer.Argument(metavar="RUN[/PART]", help="A run, or a part of it.", show_default=False),
]
Targets = Annotated[
    list[str],
    typer.Argument(metavar="RUN[/PART]...", help="Runs or parts of them.", show_default=False),
]
Network = Annotated[
    str, typer.Argument(metavar="NETWORK", help="A network, with folder.", show_default=False)
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; journal and audit keep it.")]
Key = Annotated[str, typer.Option(metavar="TEXT", help="The same key twice is done once.")]
OnceKey = Annotated[
    str, typer.Option("--key", metavar="TEXT", help="The same text twice is done once.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask no question about it.")]
ExitCode = Annotated[
    int | None, typer.Option("--exit-code", metavar="N", help="The exit code it is to have.")
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        "-e", "--extra", metavar="KEY=VALUE", help="A param; also @FILE.yml or a JSON object."
    ),
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for the end; exit as the run did.")]
Watch = Annotated[bool, typer.Option("--watch", help="Show the run until its end.")]
Plain = Annotated[bool, typer.Option("--plain", help="One line per change, no live tree.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="So many at most.")]
Until = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Until then, such as 2h or 2026-05-29T21:55."),
]
Project = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Read a folder or file instead of asking a controller."),
]
Day = Annotated[
    str, typer.Argument(metavar="DAY", help="Such as 2026-05-29, or today.", show_default=False)
]
ToFile = Annotated[
    str, typer.Option(metavar="FILE", help="Write it there; nothing is overwritten.")
]
