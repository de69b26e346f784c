"""Draws runs over time as SVG: a row for every part, a bar for every stretch of a state.

The picture depends on nothing but the charts: no clock, no font, no style sheet. Several charts
stand below each other. A state is a colour, a symbol and a word, as in every picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from jobnet.engine.states import State
from jobnet.pictures.lettering import plain
from jobnet.pictures.looks import LOOKS, word_of
from jobnet.pictures.svg_elements import element, strokes, text, told

WIDTH = 1120
NAMES_WIDTH = 280
WORDS_WIDTH = 110
ROW = 24
HEAD = 64
FOOT = 20
MARGIN = 16
TICKS_MAX = 8
ROWS_MAX = 2_000
INDENT = 12
DEPTH_MAX = 8
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
INK, FAINT, GRID = "#35424e", "#5f6870", "#d9dee2"

_STEPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(1, 2, 5, 10, 30, 60, 120, 300, 600, 1800),
        *(3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stretch of time in one state."""

    state: State
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One part: its name, how it stands at the end, and its bars; ``ended`` if it has begun."""

    name: str
    depth: int
    state: State
    bars: tuple[Bar, ...] = ()
    ended: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One run over time."""

    title: str
    state: State
    zone: ZoneInfo
    start: datetime
    end: datetime
    rows: tuple[Row, ...]

    @property
    def seconds(self) -> float:
        """The time that is shown; never nothing, so that it can be divided by."""
        return max((self.end - self.start).total_seconds(), 1.0)

    def share(self, instant: datetime) -> float:
        """Return where an instant stands between start (0) and end (1)."""
        passed = (instant - self.start).total_seconds() / self.seconds
        return min(max(passed, 0.0), 1.0)


def ticks(chart: Chart, *, ticks_max: int = TICKS_MAX) -> tuple[datetime, ...]:
    """Return round wall times inside the chart, at most ``ticks_max``."""
    whole = timedelta(seconds=chart.seconds)
    step = next((each for each in _STEPS if whole / each <= ticks_max), whole / ticks_max)
    wall = chart.start.astimezone(chart.zone)
    midnight = datetime.combine(wall.date(), datetime.min.time(), tzinfo=chart.zone)
    first = midnight.astimezone(chart.start.tzinfo)
    number = -((first - chart.start) // step)
    begin = first + number * step
    return tuple(
        at for at in (begin + count * step for count in range(ticks_max + 1)) if at <= chart.end
    )


def tick_label(chart: Chart, instant: datetime) -> str:
    """Return a tick as wall time; seconds only where the whole chart is short."""
    is_short = chart.seconds < 10 * 60
    return f"{instant.astimezone(chart.zone):{'%H:%M:%S' if is_short else '%H:%M'}}"


def gantt_svg(charts: Sequence[Chart]) -> str:
    """Return one SVG document with all charts."""
    parts: list[str] = []
    top = MARGIN
    for chart in charts:
        parts += _chart(chart, top)
        top += HEAD + ROW * len(_rows(chart)) + FOOT
    label = "; ".join(f"{plain(chart.title)}: {word_of(chart.state)}" for chart in charts[:20])
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}"'
        f' viewBox="0 0 {WIDTH} {top}" role="img" aria-label={quoteattr(label)}'
        f" font-family={quoteattr(FONT)}>"
    )
    ground = element("rect", width=WIDTH, height=top, fill="#ffffff")
    return "\n".join([head, ground, *parts, "</svg>", ""])


def _rows(chart: Chart) -> tuple[Row, ...]:
    if len(chart.rows) <= ROWS_MAX:
        return chart.rows
    more = f"... {len(chart.rows) - ROWS_MAX} more parts"
    return (*chart.rows[:ROWS_MAX], Row(name=more, depth=0, state=State.FIXED))


def _chart(chart: Chart, top: int) -> Iterator[str]:
    tone = LOOKS[chart.state].tone
    yield text(
        plain(chart.title), MARGIN, top + 18, size=16, fill=INK, width=WIDTH - 260, is_bold=True
    )
    yield text(
        word_of(chart.state), WIDTH - MARGIN, top + 18, size=14, fill=tone.line, width=220,
        is_bold=True, anchor="end",
    )  # fmt: skip
    start = chart.start.astimezone(chart.zone)
    yield text(f"from {start:%Y-%m-%d %H:%M:%S %Z}", MARGIN, top + 38, size=12, fill=FAINT,
               width=NAMES_WIDTH)  # fmt: skip
    rows = _rows(chart)
    bottom = top + HEAD + ROW * len(rows)
    for at in ticks(chart):
        x = _x(chart, at)
        yield element("path", d=f"M{x} {top + 46}V{bottom}", stroke=GRID, fill="none")
        yield text(
            tick_label(chart, at), x, top + 40, size=11, fill=FAINT, width=80, anchor="middle"
        )
    for number, row in enumerate(rows):
        yield _row(chart, row, top + HEAD + ROW * number)


def _row(chart: Chart, row: Row, y: int) -> str:
    look = LOOKS[row.state]
    x = MARGIN + INDENT * min(row.depth, DEPTH_MAX)
    width = NAMES_WIDTH - (x - MARGIN) - 24
    pieces = [
        told([plain(row.name), word_of(row.state), plain(row.note)]),
        strokes(look.symbol, x, y + 2, 14, look.tone.line),
        text(plain(row.name), x + 20, y + 14, size=13, fill=INK, width=width),
        *(_bar(chart, row, bar, y) for bar in row.bars),
        _instant(chart, row, y),
        text(
            word_of(row.state), WIDTH - MARGIN, y + 14, size=12, fill=look.tone.line,
            width=WORDS_WIDTH, anchor="end",
        ),
    ]  # fmt: skip
    return element("g", "".join(pieces))


def _bar(chart: Chart, row: Row, bar: Bar, y: int) -> str:
    """Return a bar: full where it is at work, in the colour of its end; thin where it waits."""
    is_work = bar.state in {State.RUNNING, State.STARTING}
    tone = LOOKS[row.state if is_work else bar.state].tone
    left, right = _x(chart, bar.start), _x(chart, bar.end)
    height = 14 if is_work else 6
    return element(
        "rect",
        f"<title>{escape(word_of(bar.state))} {tick_label(chart, bar.start)}"
        f" - {tick_label(chart, bar.end)}</title>",
        x=left,
        y=y + 9 - height // 2,
        width=max(round(right - left, 1), 2),
        height=height,
        rx=3,
        fill=tone.line if is_work else tone.ground,
        stroke=tone.line,
    )


def _instant(chart: Chart, row: Row, y: int) -> str:
    """Return a mark for a part that took no time, else nothing."""
    if row.ended is None or row.bars:
        return ""
    tone = LOOKS[row.state].tone
    return element("circle", cx=_x(chart, row.ended), cy=y + 9, r=4, fill=tone.line)


def _x(chart: Chart, instant: datetime) -> float:
    left, right = MARGIN + NAMES_WIDTH, WIDTH - MARGIN - WORDS_WIDTH
    return round(left + (right - left) * chart.share(instant), 1)
