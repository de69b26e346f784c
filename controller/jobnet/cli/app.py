"""Declares the commands and their options; what they do is imported when they are called.

Everything heavy is imported inside the commands, so that ``jobnet --help`` answers at once.
"""

from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(
    name="jobnet",
    help="Job networks for Ansible: run them, check them.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Output(StrEnum):
    """How a command says what it found."""

    HUMAN = "human"
    JSON = "json"


OutputOption = Annotated[
    Output, typer.Option("-o", "--output", help="For people, or one JSON document on stdout.")
]


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - start-up time

        typer.echo(f"jobnet {version('jobnet')}")
        raise typer.Exit


@app.callback()
def jobnet(
    version: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Job networks for Ansible: run them, check them."""


@app.command()
def play(  # noqa: PLR0913, PLR0917 - one per option of the command
    target: Annotated[
        str, typer.Argument(metavar="FILE[:NAME]", help="The network to run.", show_default=False)
    ],
    extra: Annotated[
        list[str] | None,
        typer.Option(
            "-e", "--extra", metavar="KEY=VALUE", help="A param; also @FILE.yml or a JSON object."
        ),
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(metavar="PART=CHOICE", help="Answer a dialog; PART.FIELD=VALUE for its form."),
    ] = None,
    fast_forward: Annotated[  # noqa: FBT002
        bool, typer.Option(help="Jump over pure waits; jobs run for real.")
    ] = False,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="Start the clock here: 2026-05-29T21:55.")
    ] = None,
    day: Annotated[
        str | None, typer.Option(metavar="DATE", help="The operating day: 2026-05-29.")
    ] = None,
    hosts: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="Hosts for a plain list of tasks.")
    ] = None,
    check: Annotated[  # noqa: FBT002
        bool, typer.Option("--check", "-C", help="Change nothing: Ansible's check mode.")
    ] = False,
    diff: Annotated[  # noqa: FBT002
        bool, typer.Option("--diff", "-D", help="Show what changes in files.")
    ] = False,
    output: OutputOption = Output.HUMAN,
    plain: Annotated[  # noqa: FBT002
        bool, typer.Option("--plain", help="One line per change, no live tree, no questions.")
    ] = False,
    quiet: Annotated[  # noqa: FBT002
        bool, typer.Option("--quiet", "-q", help="Show nothing but the end.")
    ] = False,
    verbose: Annotated[  # noqa: FBT002
        bool, typer.Option("-v", "--verbose", help="Print job output and files passed over.")
    ] = False,
    keep: Annotated[  # noqa: FBT002
        bool, typer.Option("--keep", help="Never remove the pieces of this run.")
    ] = False,
) -> int:
    """Run a network on the spot, without a controller."""
    from jobnet.cli.play_command import PlayOptions, play_network  # noqa: PLC0415 - start-up time

    options = PlayOptions(
        target=target,
        extra=tuple(extra or ()),
        answers=tuple(answer or ()),
        fast_forward=fast_forward,
        at=at,
        day=day,
        hosts=hosts,
        check=check,
        diff=diff,
        is_json=output is Output.JSON,
        is_plain=plain,
        is_quiet=quiet,
        is_verbose=verbose,
        keep=keep,
    )
    return play_network(options)


@app.command()
def lint(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files or folders.", show_default=False)
    ],
    hosts: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="Hosts for a plain list of tasks.")
    ] = None,
    output: OutputOption = Output.HUMAN,
    verbose: Annotated[  # noqa: FBT002
        bool, typer.Option("-v", "--verbose", help="List the files that were passed over.")
    ] = False,
) -> int:
    """Say everything that is wrong with definitions."""
    from jobnet.cli.lint_command import lint_paths  # noqa: PLC0415 - start-up time

    is_json = output is Output.JSON
    return lint_paths(tuple(paths), hosts=hosts, is_json=is_json, is_verbose=verbose)


@app.command()
def schema(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="A kind of document, such as network.")
    ] = None,
) -> int:
    """Print the JSON Schema of a kind of document, or of all."""
    from jobnet.cli.schema_command import print_schema  # noqa: PLC0415 - start-up time

    return print_schema(kind)
