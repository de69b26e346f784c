"""Draws a run as a tree for the terminal: what each part does, and what it says about it.

Drawing is a function of the lines and the clock; nothing here keeps anything. Where the tree
is higher than the screen, finished parts give way first and what is at work stays. Lines come from
a tracker or from a controller, whose states are text: nothing here loads the engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from jobnet.cli.wording import colour_of, shown, symbol_of, took, wall, word_of
from jobnet.ids import PartKey

if TYPE_CHECKING:  # it knows the engine, which takes long to load
    from jobnet.cli.asking import Asking

NAME_WIDTH_MAX = 48
LINES_AT_THE_END_MAX = 500

_QUIET = frozenset({"fixed", "bypassed", "not_run"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeLine:
    """One part as it is drawn; ``until`` is when its waiting ends, ``has_begun`` its turn came."""

    key: PartKey
    name: str
    state: str
    depth: int = 0
    has_begun: bool = True
    has_ended: bool = False
    iteration: int = 1
    attempt: int = 0
    reason: str = ""
    detail: str = ""
    until: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    exit_code: int | None = None
    flags: Sequence[str] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that one picture of a run needs."""

    title: str
    lines: Sequence[TreeLine]
    state: str
    now: datetime
    zone: ZoneInfo
    elapsed: timedelta
    usual: timedelta | None = None
    usual_of_parts: Mapping[PartKey, timedelta] = field(default_factory=dict)
    progress: Mapping[PartKey, str] = field(default_factory=dict)
    news: Sequence[str] = ()
    asking: "Asking | None" = None
    is_unicode: bool = True
    hint: str = "Ctrl-C stops"


def draw(scene: Scene, *, width: int, height: int) -> Text:
    """Return the picture, at most ``height`` lines of at most ``width`` cells."""
    below = [*_news(scene), _footer(scene), *_question(scene)]
    room = max(1, height - len(below) - 2)
    kept, left_out = choose_lines(scene.lines, room)
    name_width = _name_width(kept)
    rows = [Text(shown(scene.title), style="bold")]
    rows += [_row(line, scene, name_width) for line in kept]
    if left_out:
        rows.append(Text(f"  ... {left_out} more parts", style="dim"))
    rows += below
    for row in rows:
        row.truncate(width, overflow="ellipsis")
    return Text("\n").join(rows)


def draw_end(scene: Scene) -> Text:
    """Return the whole tree as it stands at the end, bounded by a named number of lines."""
    kept = list(scene.lines[:LINES_AT_THE_END_MAX])
    name_width = _name_width(kept)
    rows = [Text(shown(scene.title), style="bold")]
    rows += [_row(line, scene, name_width) for line in kept]
    if len(scene.lines) > len(kept):
        rows.append(Text(f"  ... {len(scene.lines) - len(kept)} more parts", style="dim"))
    return Text("\n").join(rows)


def choose_lines(lines: Sequence[TreeLine], room: int) -> tuple[list[TreeLine], int]:
    """Return the lines that fit, and how many do not.

    What is at work or waits comes first, then what ended badly, then the latest ends, then
    what is still to come.
    """
    if len(lines) <= room:
        return list(lines), 0
    ranked = sorted(range(len(lines)), key=lambda index: (_rank(lines[index]), index))
    kept = sorted(ranked[: max(1, room - 1)])
    return [lines[index] for index in kept], len(lines) - len(kept)


def _rank(line: TreeLine) -> tuple[int, float]:
    if line.state in _QUIET:
        return 3, 0.0
    if not line.has_ended:
        return 0, 0.0
    if line.state not in {"normal", "skipped"}:
        return 1, 0.0
    return 2, -line.ended.timestamp() if line.ended else 0.0


def _name_width(lines: Sequence[TreeLine]) -> int:
    longest = max((2 * line.depth + cell_len(shown(_label(line))) for line in lines), default=0)
    return min(NAME_WIDTH_MAX, longest)


def _row(line: TreeLine, scene: Scene, name_width: int) -> Text:
    style = colour_of(line.state)
    symbol = symbol_of(line.state, is_unicode=scene.is_unicode)
    name = shown(_label(line))
    width = max(1, name_width - 2 * line.depth)
    name = set_cell_size(name if cell_len(name) <= width else f"{name[: width - 1]}…", width)
    row = Text("  " + "  " * line.depth)
    row.append(f"{symbol} ", style=style)
    row.append(f"{name}  ", style="dim" if line.state in _QUIET else "")
    row.append(f"{word_of(line.state):<15}", style=style)
    row.append(f" {_duration(line, scene.now):>7}  ")
    row.append(_remark(line, scene), style="dim" if line.state == "normal" else "")
    return row


def _label(line: TreeLine) -> str:
    """Return the name, with what tells iterations apart."""
    return f"{line.name} #{line.iteration}" if line.iteration > 1 else line.name


def _duration(line: TreeLine, now: datetime) -> str:
    if line.started is None:
        return ""
    return took((line.ended or now) - line.started)


def _remark(line: TreeLine, scene: Scene) -> str:
    """Return what is worth knowing beside the state, in a few words."""
    words: list[str] = []
    if not line.has_begun:
        return ""
    if line.attempt > 1:
        words.append(f"attempt {line.attempt}")
    if line.reason and not line.has_ended:
        reason = line.reason.replace("_", " ")
        words.append(f"{reason}: {line.detail}" if line.detail else reason)
    if line.until and line.state == "waiting":
        words.append(f"until {wall(line.until, scene.zone)}")
    if line.state == "running" and line.key in scene.progress:
        words.append(scene.progress[line.key])
    if line.state == "running" and line.started and line.key in scene.usual_of_parts:
        until = line.started + scene.usual_of_parts[line.key]
        words.append(f"usually until {wall(until, scene.zone, with_day=False)}")
    if line.exit_code:
        words.append(f"exit code {line.exit_code}")
    words.extend(flag.replace("_", " ") for flag in line.flags)
    if line.message and line.has_ended and line.state != "normal":
        words.append(line.message)
    return shown(", ".join(words))


def _news(scene: Scene) -> list[Text]:
    return [Text(f"  {shown(text)}", style="dim") for text in scene.news[-3:]]


def _footer(scene: Scene) -> Text:
    footer = Text("")
    footer.append(f"{word_of(scene.state)}", style=colour_of(scene.state))
    footer.append(f"  {wall(scene.now, scene.zone)}  {took(scene.elapsed)}")
    if scene.usual is not None:
        left = scene.usual - scene.elapsed
        is_late = left < timedelta(0)
        said = f"{took(-left)} longer than usual" if is_late else f"about {took(left)} to go"
        footer.append(f"  {said}")
    footer.append(f"  {scene.hint}", style="dim")
    return footer


def _question(scene: Scene) -> list[Text]:
    asking = scene.asking
    if asking is None:
        return []
    question = asking.question
    due = f"  (until {wall(question.due, scene.zone)})" if question.due else ""
    rows = [Text(f"{shown(question.title)}: {shown(question.message)}{due}", style="bold magenta")]
    if not asking.choice:
        rows += [
            Text(f"  {number} {shown(name)}  {shown(says)}")
            for number, (name, says) in enumerate(question.choices.items(), start=1)
        ]
    if asking.complaint:
        rows.append(Text(f"  {shown(asking.complaint)}", style="red"))
    cursor = "▌" if scene.is_unicode else "_"
    rows.append(Text(f"{shown(asking.prompt)} > {asking.typed[-200:]}{cursor}"))
    return rows
