"""Says an answer in the form that was asked for: for people, or one document for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

import typer
import yaml
from rich.cells import cell_len, set_cell_size

from jobnet.cli.typed import Form
from jobnet.cli.wording import shown

CELL_MAX = 60
GAP = "  "


def say(document: object, form: Form, lines: Callable[[], Iterable[str]]) -> None:
    """Print a document, or the lines that people read in its place."""
    if form is Form.HUMAN:
        for line in lines():
            typer.echo(line)
    else:
        typer.echo(written(document, form))


def written(document: object, form: Form) -> str:
    """Return one document as text."""
    if form is Form.YAML:
        text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
        return text.rstrip("\n")
    return json.dumps(document, indent=2, ensure_ascii=False)


def columns(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, cell_max: int = CELL_MAX
) -> Iterator[str]:
    """Yield a table as lines; the last column is as wide as it likes.

    Nothing in it can move the cursor. Wide characters count twice.
    """
    table = [[shown(title) for title in head]]
    table += [[_cell(cell) for cell in row] for row in rows]
    last = len(head) - 1
    widths = [min(cell_max, max(cell_len(row[column]) for row in table)) for column in range(last)]
    for row in table:
        cells = [_fitted(cell, width) for cell, width in zip(row, widths, strict=False)]
        yield GAP.join([*cells, row[last]]).rstrip()


def is_terminal() -> bool:
    """Return whether somebody sits at a terminal and sees what is printed."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _cell(value: object) -> str:
    return "-" if value is None or value == "" else shown(str(value), length_max=500)


def _fitted(cell: str, width: int) -> str:
    if cell_len(cell) > width:
        cell = set_cell_size(cell, width - 1) + "…"
    return set_cell_size(cell, width)
