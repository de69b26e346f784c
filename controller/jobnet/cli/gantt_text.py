"""Draws a chart of a run over time with characters, for terminals and for pipes."""

from collections.abc import Iterator
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from jobnet.cli.wording import colour_of, shown, symbol_of, word_of
from jobnet.engine.states import State
from jobnet.pictures.gantt import Bar, Chart, Row, tick_label, ticks

NAMES_MAX, NAMES_MIN = 36, 8
WORD = 16
BARS_MIN = 20
TICK_WIDTH = 12

_MARKS = {
    State.STARTING: ("█", "#"),
    State.RUNNING: ("█", "#"),
    State.WAITING: ("░", "."),
    State.QUEUED: ("░", "="),
    State.HELD: ("‖", "|"),
    State.PROMPTING: ("?", "?"),
}


def gantt_lines(chart: Chart, *, width: int, is_unicode: bool) -> Iterator[Text]:
    """Yield the scale and a line for each part; none is wider than ``width``."""
    names = _names_width(chart)
    room = max(width - names - WORD - 3, BARS_MIN)
    yield Text(set_cell_size("", names) + "  " + _scale(chart, room), style="dim")
    for row in chart.rows:
        line = Text(set_cell_size(_name(row), names) + "  ")
        line.append_text(_bars(chart, row, room, is_unicode=is_unicode))
        line.append(f" {word_of(row.state)}", style=colour_of(row.state))
        yield line


def _name(row: Row) -> str:
    return "  " * min(row.depth, 6) + shown(row.name)


def _names_width(chart: Chart) -> int:
    longest = max((cell_len(_name(row)) for row in chart.rows), default=0)
    return min(max(longest, NAMES_MIN), NAMES_MAX)


def _scale(chart: Chart, room: int) -> str:
    scale = ""
    for at in ticks(chart, ticks_max=max(room // TICK_WIDTH, 1)):
        column = int(chart.share(at) * room)
        label = tick_label(chart, at)
        if column >= len(scale) and column + len(label) <= room:
            scale += " " * (column - len(scale)) + label + " "
    return scale.rstrip()


def _bars(chart: Chart, row: Row, room: int, *, is_unicode: bool) -> Text:
    cells: list[tuple[str, str]] = [(" ", "")] * room
    for bar in row.bars:
        first, last = _columns(chart, bar, room)
        is_work = bar.state in {State.RUNNING, State.STARTING}
        style = colour_of(row.state if is_work else bar.state)
        mark = _MARKS.get(bar.state, ("░", "."))[0 if is_unicode else 1]
        cells[first:last] = [(mark, style)] * (last - first)
    if row.ended is not None and not row.bars:
        column = min(int(chart.share(row.ended) * room), room - 1)
        cells[column] = (symbol_of(row.state, is_unicode=is_unicode), colour_of(row.state))
    runs = (("".join(mark for mark, _ in same), style) for style, same in _by_style(cells))
    return Text.assemble(*runs)


def _by_style(cells: list[tuple[str, str]]) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    return groupby(cells, key=lambda cell: cell[1])


def _columns(chart: Chart, bar: Bar, room: int) -> tuple[int, int]:
    """Return the first cell of a bar and the one behind its last; there is always one."""
    first = min(int(chart.share(bar.start) * room), room - 1)
    last = min(round(chart.share(bar.end) * room), room)
    return first, max(last, first + 1)
