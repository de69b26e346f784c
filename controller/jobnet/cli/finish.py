"""Says at the end of a run how it ended, how long it took, where its pieces lie, what to type."""

import os
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jobnet.cli.wording import shown, took, word_of
from jobnet.engine import Tracker, track
from jobnet.engine.orders import Rerun, RerunFrom
from jobnet.engine.rerunning import plan_rerun
from jobnet.engine.standing import part_of
from jobnet.engine.states import Flag, State
from jobnet.engine.tracker import PartRecord
from jobnet.errors.engine import OrderRefused
from jobnet.machine import Pieces
from jobnet.services.play import Played

FAILED_SHOWN_MAX = 5
LEFT_SHOWN_MAX = 10

_LATE = (Flag.LATE_START, Flag.LATE_END, Flag.OVERRUN)
_WELL = frozenset({State.NORMAL, State.WARNING, State.SKIPPED, State.BYPASSED})
_LEFT = frozenset({State.CANCELLED, State.NOT_RUN, State.MISSED})
_BAD = frozenset({State.ABNORMAL, State.KILLED, State.FAILED_TO_START, State.LOST})


def final_lines(
    played: Played, pieces: Pieces, *, target: str, is_hurried: bool = False
) -> Iterator[str]:
    """Yield the last lines for people."""
    run = played.tracker.run
    assert run is not None, "only a run that has started ends"
    recovered = f", {len(run.recovered)} recovered" if run.recovered else ""
    said = run.message or played.stop_reason
    late = "".join(f", {flag.value.replace('_', ' ')}" for flag in _LATE if flag in run.flags)
    yield (
        f"{run.network} of {run.operating_day}: {word_of(run.state)}{recovered}{late}"
        f" in {took(played.took)}{f': {shown(said, length_max=500)}' if said else ''}"
    )
    yield from _failures(played, told=said)
    yield from _undone(played.tracker)
    yield from _help(played.tracker)
    place = " (temporary: no state home could be written to)" if _is_temporary(pieces) else ""
    yield f"pieces: {pieces.folder}{place}"
    if run.state in _BAD:
        yield f"output: less {shlex.quote(str(_output_of_failure(played, pieces)))}"
    yield f"next:   {_next(played, pieces, target, is_hurried=is_hurried)}"


def _is_temporary(pieces: Pieces) -> bool:
    """Return whether the pieces lie where the system may remove them, unasked."""
    is_inside = pieces.folder.is_relative_to(tempfile.gettempdir())
    return is_inside and not os.environ.get("JOBNET_HOME")


def _failures(played: Played, *, told: str) -> Iterator[str]:
    bad = _failed(played.tracker)
    if len(bad) == 1 and bad[0].message and bad[0].message in told:
        return
    for record in bad[:FAILED_SHOWN_MAX]:
        handled = f" ({record.handled})" if record.handled else ""
        yield f"  {record.key}: {word_of(record.state)}{handled}: {shown(record.message)}"
    if len(bad) > FAILED_SHOWN_MAX:
        yield f"  ... {len(bad) - FAILED_SHOWN_MAX} more"


def _undone(tracker: Tracker) -> Iterator[str]:
    """Name what was never done because of it: the first thing that somebody else will ask for."""
    left = [shown(line.key) for line in track(tracker) if line.state in _LEFT and not line.depth]
    if left:
        more = len(left) - LEFT_SHOWN_MAX
        rest = f" and {more} more" if more > 0 else ""
        yield f"not done: {', '.join(left[:LEFT_SHOWN_MAX])}{rest}"


def _help(tracker: Tracker) -> Iterator[str]:
    """Say who is responsible for what failed, and where it stands what to do."""
    run = tracker.run
    if run is None or run.state not in _BAD:
        return
    cares = [part_of(tracker, record).care for record in _failed(tracker)]
    cares.append(tracker.layout.bundle.network.care)
    for name, texts in (
        ("owner:  ", [care.owner for care in cares]),
        ("runbook:", [care.runbook for care in cares]),
    ):
        known = list(dict.fromkeys(shown(text) for text in texts if text))
        if known:
            yield f"{name} {', '.join(known[:FAILED_SHOWN_MAX])}"


def _failed(tracker: Tracker) -> list[PartRecord]:
    """Return the parts that ended badly themselves, and not because of one inside them."""
    return [
        record
        for _, record in sorted(tracker.parts.items())
        if record.state in _BAD and not record.open_flows and record.culprit is None
    ]


def _output_of_failure(played: Played, pieces: Pieces) -> Path:
    for _, record in sorted(played.tracker.parts.items()):
        if record.state in _BAD and record.result is not None and record.result.folder:
            return Path(record.result.folder) / "stdout"
    return pieces.journal


def _next(played: Played, pieces: Pieces, target: str, *, is_hurried: bool) -> str:
    """Return the command that a person would type now, ready to be pasted."""
    run = played.tracker.run
    assert run is not None, "only a run that has started ends"
    where = None if run.state in _WELL else _again(played.tracker)
    if where is None:
        return f"jobnet play -v {shlex.quote(target or run.network)}"
    name = str(pieces.folder) if _is_temporary(pieces) else pieces.folder.name
    words = ["jobnet", "play", "--rerun", name, *where]
    return shlex.join([*words, "--fast-forward"] if is_hurried else words)


def _again(tracker: Tracker) -> tuple[str, ...] | None:
    """Return from where the run can go on: what failed, else the first that never ran."""
    if _is_allowed(tracker, Rerun(start=RerunFrom.FAILED)):
        return ("--failed",)
    for line in track(tracker):
        order = Rerun(start=RerunFrom.PART, parts=(line.key,))
        if line.state in _LEFT and _is_allowed(tracker, order):
            return ("--from", str(line.key))
    return None


def _is_allowed(tracker: Tracker, order: Rerun) -> bool:
    try:
        plan_rerun(tracker, order)
    except OrderRefused:
        return False
    return True
