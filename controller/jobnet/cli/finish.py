"""Says at the end of a run how it ended, how long it took, where its pieces lie, what to type."""

import os
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jobnet.cli.wording import shown, took, word_of
from jobnet.engine.states import State
from jobnet.machine import Pieces
from jobnet.services.play import Played

FAILED_SHOWN_MAX = 5

_BAD = frozenset({State.ABNORMAL, State.KILLED, State.FAILED_TO_START, State.LOST})


def final_lines(played: Played, pieces: Pieces, *, target: str) -> Iterator[str]:
    """Yield the last lines for people."""
    run = played.tracker.run
    assert run is not None, "only a run that has started ends"
    recovered = f", {len(run.recovered)} recovered" if run.recovered else ""
    said = run.message or played.stop_reason
    yield (
        f"{run.network} of {run.operating_day}: {word_of(run.state)}{recovered}"
        f" in {took(played.took)}{f': {shown(said, length_max=500)}' if said else ''}"
    )
    yield from _failures(played, told=said)
    place = " (temporary: no state home could be written to)" if _is_temporary(pieces) else ""
    yield f"pieces: {pieces.folder}{place}"
    yield f"next:   {_next(played, pieces, target)}"


def _is_temporary(pieces: Pieces) -> bool:
    """Return whether the pieces lie where the system may remove them, unasked."""
    is_inside = pieces.folder.is_relative_to(tempfile.gettempdir())
    return is_inside and not os.environ.get("JOBNET_HOME")


def _failures(played: Played, *, told: str) -> Iterator[str]:
    bad = [
        record
        for _, record in sorted(played.tracker.parts.items())
        if record.state in _BAD and not record.open_flows and record.culprit is None
    ]
    if len(bad) == 1 and bad[0].message and bad[0].message in told:
        return
    for record in bad[:FAILED_SHOWN_MAX]:
        handled = f" ({record.handled})" if record.handled else ""
        yield f"  {record.key}: {word_of(record.state)}{handled}: {shown(record.message)}"
    if len(bad) > FAILED_SHOWN_MAX:
        yield f"  ... {len(bad) - FAILED_SHOWN_MAX} more"


def _next(played: Played, pieces: Pieces, target: str) -> str:
    run = played.tracker.run
    assert run is not None, "only a run that has started ends"
    if run.state in _BAD:
        for _, record in sorted(played.tracker.parts.items()):
            if record.state in _BAD and record.result is not None and record.result.folder:
                return f"less {shlex.quote(str(Path(record.result.folder) / 'stdout'))}"
        return f"less {shlex.quote(str(pieces.journal))}"
    return f"jobnet play -v {shlex.quote(target)}"
