"""Shows a run of a controller while it goes on: a live tree at a terminal, else plain lines.

Leaving is harmless: the run belongs to the controller. It is looked at when the live stream says
that something has happened, and now and then; its parts only when its row has changed.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live

from jobnet.cli.instants import read, zone_named
from jobnet.cli.meant import Meant
from jobnet.cli.news import News, news_of
from jobnet.cli.track_lines import ENDED, track_lines
from jobnet.cli.tree import Scene, TreeLine, draw, draw_end
from jobnet.cli.wording import shown, took, wall, word_of
from jobnet.client import Client
from jobnet.ids import PartKey

FRAME_SECONDS: Final = 0.2
HINT: Final = "Ctrl-C leaves, the run goes on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a run: its row, and its parts as they were at ``now``."""

    run: Mapping[str, Any]
    parts: tuple[Mapping[str, Any], ...]
    lines: tuple[TreeLine, ...]
    now: datetime
    waiting_on: tuple[Mapping[str, Any], ...] = ()

    @property
    def state(self) -> str:
        """Return the state of the run."""
        return str(self.run["state"])

    @property
    def is_over(self) -> bool:
        """Return whether nothing more will come."""
        return self.state in ENDED


def look(client: Client, meant: Meant) -> Look:
    """Return how a run stands."""
    run = client.get(meant.path)
    track = client.get(f"{meant.path}/parts")
    now = read(track["now"])
    assert now is not None, "every answer has its instant"
    return Look(
        run=run,
        parts=tuple(track["items"]),
        lines=track_lines(track),
        now=now,
        waiting_on=tuple(track["waiting_on"]),
    )


def looks(client: Client, meant: Meant, *, rest: Callable[[], None]) -> Iterator[Look]:
    """Yield how a run stands whenever that has changed, until it has ended.

    ``rest`` is called before every further look at the run's row.
    """
    seen = look(client, meant)
    yield seen
    while not seen.is_over:
        rest()
        run = client.get(meant.path)
        if run != seen.run:
            seen = look(client, meant)
            yield seen


def watch_run(client: Client, meant: Meant, *, is_plain: bool) -> Look:
    """Show a run until it has ended and return how it did."""
    console = Console()
    if is_plain or not console.is_terminal or console.is_dumb_terminal:
        return _watch_plainly(client, meant, sys.stdout)
    return _watch_live(client, meant, console)


def wait_for_end(client: Client, meant: Meant) -> Look:
    """Return how a run ended, once it has."""
    with news_of(client, meant) as news:
        *_, last = looks(client, meant, rest=news.rest)
    return last


def title_of(run: Mapping[str, Any]) -> str:
    """Return the first line of a tree."""
    return f"{run['network']} of {run['operating_day']}  {run['run']}"


def draw_whole(seen: Look) -> str:
    """Return the whole tree as text without colours."""
    return draw_end(_scene(seen, timedelta(0), is_unicode=True)).plain


def _watch_live(client: Client, meant: Meant, console: Console) -> Look:
    newest: list[Look] = []
    failed: list[BaseException] = []
    is_over = threading.Event()

    def follow(news: News) -> None:
        try:
            for seen in looks(client, meant, rest=news.rest):
                newest[:] = [seen]
        except BaseException as error:  # noqa: BLE001 - raised again where somebody sees it
            failed.append(error)
        finally:
            is_over.set()

    with news_of(client, meant) as news:
        thread = threading.Thread(target=follow, args=(news,), name="jobnet-watch", daemon=True)
        thread.start()
        with Live(console=console, auto_refresh=False, transient=True) as live:
            _draw_until(is_over, newest, news, live, console)
    if failed:
        raise failed[0]
    console.print(draw_end(_scene(newest[0], timedelta(0), is_unicode=_is_unicode(console))))
    return newest[0]


def _draw_until(
    is_over: threading.Event, newest: list[Look], news: News, live: Live, console: Console
) -> None:
    """Draw the newest look until there is no more; time goes on between looks."""
    drawn: Look | None = None
    since = time.monotonic()
    while not is_over.wait(FRAME_SECONDS):
        if not newest:
            continue
        if newest[0] is not drawn:
            drawn, since = newest[0], time.monotonic()
        later = timedelta(seconds=time.monotonic() - since)
        scene = _scene(drawn, later, is_unicode=_is_unicode(console), progress=news.progress)
        size = console.size
        live.update(draw(scene, width=size.width, height=size.height), refresh=True)


def _scene(
    seen: Look,
    later: timedelta,
    *,
    is_unicode: bool,
    progress: Mapping[PartKey, str] | None = None,
) -> Scene:
    started = read(seen.run["started"])
    now = seen.now + later
    until = read(seen.run["ended"]) or now
    return Scene(
        title=title_of(seen.run),
        lines=seen.lines,
        state=seen.state,
        now=now,
        zone=zone_named(seen.run["zone"]),
        elapsed=timedelta(0) if started is None else max(until - started, timedelta(0)),
        progress=dict(progress or {}),
        news=[_wait_line(each) for each in seen.waiting_on],
        is_unicode=is_unicode,
        hint=HINT,
    )


def _wait_line(wait: Mapping[str, Any]) -> str:
    what = f": {wait['what']}" if wait["what"] else ""
    return f"waits for {str(wait['kind']).replace('_', ' ')}{what}"


def _is_unicode(console: Console) -> bool:
    return (console.encoding or "").lower().startswith("utf")


def _watch_plainly(client: Client, meant: Meant, stream: TextIO) -> Look:
    told: dict[str, tuple[object, ...]] = {}
    last: Look | None = None
    with news_of(client, meant) as news:
        for last in looks(client, meant, rest=news.rest):
            zone = zone_named(last.run["zone"])
            for line in last.lines:
                said = (line.state, line.reason, line.attempt, line.iteration)
                if line.has_begun and line.state != "fixed" and told.get(line.key) != said:
                    stream.write(_plain_line(line, last.now, zone) + "\n")
                    told[line.key] = said
            stream.flush()
    assert last is not None, "there is a first look"
    stream.write(f"{wall(last.now, zone_named(last.run['zone']))}  {end_line(last.run)}\n")
    return last


def _plain_line(line: TreeLine, now: datetime, zone: ZoneInfo) -> str:
    words = [f"{shown(str(line.key)):<30}", word_of(line.state)]
    if line.attempt > 1:
        words.append(f"(attempt {line.attempt})")
    if line.reason and not line.has_ended:
        reason = line.reason.replace("_", " ")
        words.append(f"({reason}: {shown(line.detail)})" if line.detail else f"({reason})")
    if line.started and line.ended:
        words.append(f"in {took(line.ended - line.started)}")
    if line.exit_code:
        words.append(f"exit code {line.exit_code}")
    if line.message and line.has_ended and line.state != "normal":
        words.append(shown(line.message))
    return f"{wall(line.ended or line.started or now, zone)}  {' '.join(words)}"


def end_line(run: Mapping[str, Any]) -> str:
    """Return how a run stands, or ended, in one line."""
    started, ended = read(run["started"]), read(run["ended"])
    duration = f" in {took(ended - started)}" if started and ended else ""
    said = f": {shown(run['detail'], length_max=500)}" if run["detail"] else ""
    return f"{run['run']}: {word_of(run['state'])}{duration}{said}"
