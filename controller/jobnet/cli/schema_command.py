"""Prints the JSON Schemas of the documents, for editors."""

import json

import typer

from jobnet.cli.exit_codes import ExitCode
from jobnet.errors.play import KindUnknown
from jobnet.project import schemas
from jobnet.project.schemas import scenarios_schema

SCENARIOS = "scenarios"


def print_schema(kind: str | None) -> int:
    """Print the schema of one kind; without a kind a mapping of all of them."""
    known = {**schemas(), SCENARIOS: scenarios_schema()}
    if kind is not None and kind not in known:
        raise KindUnknown(kind, known=sorted(known))
    document = dict(known) if kind is None else known[kind]
    typer.echo(json.dumps(document, indent=2))
    return ExitCode.NORMAL
