"""Declares the commands about definitions: give them to a controller, and compare them."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files or folders.", show_default=False)
]
Base = Annotated[
    str,
    typer.Option(
        metavar="FOLDER", help="Of a controller elsewhere: the folder there that PATHs stand for."
    ),
]


def apply(  # noqa: PLR0913, PLR0917 - one per option of the command
    paths: Paths,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what is gone.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what changes.")] = False,
    base: Base = "",
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the texts.")] = False,
    yes: typed.Yes = False,
    reason: typed.Reason = "",
    key: typed.Key = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Give definitions to the controller: all of them, or none."""
    from jobnet.cli.applying import ApplyTyped, apply_paths  # noqa: PLC0415 - start-up time

    wish = ApplyTyped(
        paths=tuple(paths), base=base, prunes=prune, reason=reason, is_dry_run=dry_run
    )
    return apply_paths(wish, key=key, yes=yes, is_verbose=verbose, form=output)


def diff(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help="Files or folders.", show_default=False),
    ] = None,
    document: Annotated[
        str | None,
        typer.Option(metavar="KIND/NAME", help="Versions of one: network/payroll/pay."),
    ] = None,
    older: Annotated[int | None, typer.Option(min=0, metavar="N", help="Its version.")] = None,
    newer: Annotated[int | None, typer.Option(min=0, metavar="N", help="Its version.")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="As with apply --prune.")] = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say how files differ from what is applied, or one version from another."""
    from jobnet.cli.document_commands import DiffTyped, show_diff  # noqa: PLC0415 - start-up time

    wish = DiffTyped(
        paths=tuple(paths or ()), document=document, older=older, newer=newer, prunes=prune
    )
    return show_diff(wish, form=output)


def export(
    folder: Annotated[str, typer.Option(metavar="FOLDER", help="Of it and below.")] = "",
    document: Annotated[
        str | None, typer.Option(metavar="KIND/NAME", help="One: network/payroll/pay.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="DIR", help="Write files there; else to stdout.")
    ] = None,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Write definitions to files again, as they were applied."""
    from jobnet.cli.document_commands import write_export  # noqa: PLC0415 - start-up time

    return write_export(folder=folder, document=document, to=to, form=output)
