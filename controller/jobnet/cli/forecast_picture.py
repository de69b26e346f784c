"""Draws a forecast over time: a row for every run, thin while it waits, full while it runs."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jobnet.cli.calling import own_settings
from jobnet.cli.forecast_lines import forecast_lines
from jobnet.cli.instants import read, zone_named
from jobnet.engine.states import State
from jobnet.errors.pictures import PictureNotWritten
from jobnet.pictures.gantt import Bar, Chart, Row, gantt_svg
from jobnet.pictures.pages import html_page

Document = Mapping[str, Any]


def chart_of(found: Document) -> Chart:
    """Return the runs of a forecast over time, at P50; what never ends goes to the edge."""
    first, last = _instant(found["first"]), _instant(found["last"])
    ends = [end for one in found["items"] for end in _ends(one)]
    starts = [_instant(one["planned"]) for one in found["items"]]
    zone = zone_named(own_settings().zone)
    edge = max([*ends, first]) if ends else last
    begin = min([first, *starts])
    rows = tuple(_row(one, edge) for one in found["items"])
    is_late = any(one["risks"] for one in found["items"])
    return Chart(
        title=f"Forecast from {begin.astimezone(zone):%Y-%m-%d %H:%M %Z}",
        state=State.WARNING if is_late else State.NORMAL,
        zone=zone,
        start=begin,
        end=edge,
        rows=rows,
    )


def svg_of(found: Document) -> str:
    """Return the picture as SVG."""
    return gantt_svg([chart_of(found)])


def html_of(found: Document) -> str:
    """Return the picture as a page, with what there is to say below it."""
    lines = list(forecast_lines(found, is_verbose=True))
    return html_page(chart_of(found).title, svg_of(found), lines)


def write_picture(path: Path, text: str) -> None:
    """Write a picture to a file; raises ``PictureNotWritten``."""
    try:
        path.write_bytes(text.encode())
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise PictureNotWritten(str(path), problem=str(problem)) from error


def _row(run: Document, edge: datetime) -> Row:
    course = run["usual"] or run["slow"]
    planned = _instant(run["planned"])
    began, ended = read(course["began"]), read(course["ended"])
    bars = tuple(_bars(planned, began, ended, edge))
    state = State(course["state"])
    risks = [f"{one['kind'].replace('_', ' ')} {one['rate']}" for one in run["risks"]]
    slow = read((run["slow"] or {}).get("ended"))
    notes = [f"P90 ends {slow.isoformat()}"] if slow is not None else []
    is_late = state is State.NORMAL and bool(risks)
    return Row(
        name=run["run"],
        depth=0,
        state=State.WARNING if is_late else state,
        bars=bars,
        ended=ended,
        note="; ".join([*risks, *notes]),
    )


def _bars(
    planned: datetime, began: datetime | None, ended: datetime | None, edge: datetime
) -> Iterator[Bar]:
    first = began or ended or edge
    if first > planned:
        yield Bar(state=State.WAITING, start=planned, end=first)
    if began is not None and (ended or edge) > began:
        yield Bar(state=State.RUNNING, start=began, end=ended or edge)


def _ends(run: Document) -> Iterator[datetime]:
    for course in (run["usual"], run["slow"]):
        end = None if course is None else read(course["ended"])
        if end is not None:
            yield end


def _instant(text: object) -> datetime:
    found = read(text)
    assert found is not None, "a forecast says from when to when"
    return found
