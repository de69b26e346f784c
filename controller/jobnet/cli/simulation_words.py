"""Says what became of a simulated run: for people in lines, for programs as plain data."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from jobnet.cli.gantt_text import gantt_lines
from jobnet.cli.wording import colour_of, shown, symbol_of, took, wall, word_of
from jobnet.engine import TrackLine, track
from jobnet.engine.keys import shown as shown_key
from jobnet.engine.states import has_ended
from jobnet.ids import PartKey
from jobnet.pictures.gantt import Bar, Chart, Row
from jobnet.services.simulation import Simulated
from jobnet.services.simulation.record import Stretch
from jobnet.services.summary import summary_of

KEY_WIDTH = 28
TEXT_MAX = 500
DEPTH_MAX = 8


def chart_of(simulated: Simulated, *, title: str) -> Chart:
    """Return the run over time, with a row for every part."""
    run = simulated.tracker.run
    assert run is not None, "a run that was simulated has started"
    bars: dict[PartKey, list[Stretch]] = {}
    for each in simulated.stretches:
        bars.setdefault(each.part, []).append(each)
    rows = tuple(_row(line, bars.get(line.key, [])) for line in track(simulated.tracker))
    return Chart(
        title=title,
        state=run.state,
        zone=ZoneInfo(simulated.zone),
        start=run.started,
        end=simulated.now,
        rows=rows,
    )


def track_lines(simulated: Simulated, *, is_unicode: bool) -> Iterator[Text]:
    """Yield how it ended, a line for each part, the alerts and what it waits for."""
    run = simulated.tracker.run
    assert run is not None, "a run that was simulated has started"
    zone = ZoneInfo(simulated.zone)
    took_ = took((run.ended or simulated.now) - run.started)
    said = f": {shown(run.message, length_max=TEXT_MAX)}" if run.message else ""
    yield Text(
        f"{run.network} of {run.operating_day}, simulated from {wall(run.started, zone)}:"
        f" {word_of(run.state)} in {took_}{said}"
    )
    for line in track(simulated.tracker):
        yield _line(line, zone, is_unicode=is_unicode)
    for alert in simulated.alerts:
        yield Text(f"alert {wall(alert.at, zone)}  {shown(alert.text, length_max=TEXT_MAX)}")
    for text in simulated.endless:
        yield Text(shown(text, length_max=TEXT_MAX), style="bold yellow")


def picture_lines(chart: Chart, *, width: int, is_unicode: bool) -> Iterator[Text]:
    """Yield the Gantt chart below an empty line."""
    yield Text("")
    yield from gantt_lines(chart, width=width, is_unicode=is_unicode)


def document_of(simulated: Simulated) -> dict[str, object]:
    """Return one simulated run as plain data, in the words of ``jobnet play -o json``."""
    summary = summary_of(
        simulated.tracker,
        folder="",
        journal="",
        stop_reason="; ".join(simulated.endless),
        warnings=simulated.warnings,
    )
    kept = {name: value for name, value in summary.items() if name not in {"folder", "journal"}}
    return {
        **kept,
        "endless": list(simulated.endless),
        "alerts": [
            {"alerts": list(one.words), "part": one.part, "at": _at(one.at), "text": one.text}
            for one in simulated.alerts
        ],
        "stretches": [
            {"part": one.part, "state": one.state, "start": _at(one.start), "end": _at(one.end)}
            for one in simulated.stretches
        ],
    }


def _row(line: TrackLine, stretches: list[Stretch]) -> Row:
    bars = (Bar(state=one.state, start=one.start, end=one.end) for one in stretches)
    return Row(
        name=_name(line),
        depth=line.depth,
        state=line.state,
        bars=tuple(bars),
        ended=line.ended if line.started is not None else None,
        note=line.message,
    )


def _name(line: TrackLine) -> str:
    iteration = 1 if line.record is None else line.record.iteration
    return shown_key(line.key, iteration)


def _line(line: TrackLine, zone: ZoneInfo, *, is_unicode: bool) -> Text:
    indent = "  " * (1 + min(line.depth, DEPTH_MAX))
    style = colour_of(line.state)
    text = Text(indent)
    text.append(f"{symbol_of(line.state, is_unicode=is_unicode)} ", style=style)
    text.append(f"{shown(_name(line)):<{max(KEY_WIDTH - len(indent), 1)}} ")
    text.append(f"{word_of(line.state):<15}", style=style)
    for word in _words(line, zone):
        text.append(f" {word}")
    text.rstrip()
    return text


def _words(line: TrackLine, zone: ZoneInfo) -> Iterator[str]:
    record = line.record
    if line.started is not None:
        end = "" if line.ended is None else f"{line.ended.astimezone(zone):%H:%M:%S}"
        yield f"{line.started.astimezone(zone):%H:%M:%S} - {end:<8}"
    if line.started is not None and line.ended is not None:
        yield took(line.ended - line.started)
    if record is not None and record.attempt > 1:
        yield f"(attempt {record.attempt})"
    if record is not None and record.exit_code:
        yield f"exit code {record.exit_code}"
    if not has_ended(line.state) and line.reason is not None:
        yield f"({line.reason.value.replace('_', ' ')})"
    if line.message:
        yield shown(line.message)
    if line.flags:
        yield f"[{', '.join(flag.value for flag in line.flags)}]"


def _at(instant: datetime) -> str:
    return instant.isoformat()
