"""Shows the night on one screen: what wants somebody, what runs, what waits, what comes next."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.instants import at, lasted, read, zone_named
from jobnet.cli.shift_commands import deviation_lines
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown, word_of

ROWS_MAX: Final = 20
TEXT_MAX: Final = 160

Item = Mapping[str, Any]
Sentence = Callable[[Item, ZoneInfo, Item], str]


def show_status(form: Form) -> int:
    """Show the status and return the exit status."""
    with calling() as client:
        found = client.get("/status")
    say(found, form, lambda: status_lines(found))
    return ExitCode.NORMAL


def status_lines(status: Item) -> Iterator[str]:
    """Yield the screen; a part of it that is empty is left out."""
    zone = zone_named(own_settings().zone)
    wanting = len(status["attention"]) + len(status["dialogs"])
    needed = f", {wanting} want somebody" if wanting else ", nothing wants anybody"
    yield f"{at(status['now'], zone)}  {status['open_runs']} open runs{needed}"
    for each in status["suspended"]:
        yield shown(f"SUSPENDED: {each['what']}", length_max=TEXT_MAX)
    for title, name, sentence in _SECTIONS:
        yield from _section(title, status[name], sentence, zone, status)
    if status["deviations"]:
        yield "\nDiffers from the definitions"
        yield from (f"  {line}" for line in deviation_lines(status["deviations"][:ROWS_MAX]))


def _section(
    title: str, items: list[Item], sentence: Sentence, zone: ZoneInfo, status: Item
) -> Iterator[str]:
    if not items:
        return
    yield f"\n{title}"
    for item in items[:ROWS_MAX]:
        yield "  " + shown(sentence(item, zone, status), length_max=TEXT_MAX)
    if len(items) > ROWS_MAX:
        yield f"  ... {len(items) - ROWS_MAX} more"


def _attention(item: Item, zone: ZoneInfo, _status: Item) -> str:
    name = f"{item['run']}/{item['part']}" if item["part"] else item["run"]
    command = f"  -> {item['commands'][0]}" if item["commands"] else ""
    kind = item["kind"].replace("_", " ")
    name = f"{name}: " if name else ""
    return f"{kind}: {name}{item['what']} since {at(item['since'], zone)}{command}"


def _dialog(item: Item, zone: ZoneInfo, _status: Item) -> str:
    due = f" until {at(item['due'], zone)}" if item["due"] else ""
    choices = " or ".join(item["choices"])
    command = f"jobnet answer {item['run']}/{item['part']}"
    return f"{item['message']} ({choices}){due}  -> {command}"


def _running(item: Item, zone: ZoneInfo, status: Item) -> str:
    run = item["run"]
    now = read(status["now"])
    expected = at(item["expected_end"], zone)
    late = " LATE" if item["is_over_usual"] else ""
    until = f", usually until {expected}{late}" if expected else ""
    done = f"{run['ended_parts']} of {run['parts']} parts"
    lasting = lasted(run["started"], None, now=now)
    since = f", for {lasting}" if lasting else ""
    return f"{run['run']}: {word_of(run['state'])}{since}, {done}{until}"


def _waiting(item: Item, zone: ZoneInfo, _status: Item) -> str:
    reason = item["reason"].replace("_", " ")
    detail = f": {item['detail']}" if item["detail"] else ""
    return f"{item['run']}/{item['part']}: {reason}{detail}, since {at(item['since'], zone)}"


def _queue(item: Item, _zone: ZoneInfo, _status: Item) -> str:
    return f"{item['queue'] or 'no queue'}: {item['holding']} at work, {item['waiting']} in line"


def _next(item: Item, zone: ZoneInfo, _status: Item) -> str:
    name = f"{item['run']}/{item['part']}" if item["part"] else item["run"] or item["network"]
    return f"{at(item['due'], zone)}  {item['kind'].replace('_', ' ')} of {name}"


_SECTIONS: tuple[tuple[str, str, Sentence], ...] = (
    ("Wants somebody", "attention", _attention),
    ("Asks", "dialogs", _dialog),
    ("Runs", "running", _running),
    ("Waits", "waiting", _waiting),
    ("Queues", "queues", _queue),
    ("Comes next", "next", _next),
)
