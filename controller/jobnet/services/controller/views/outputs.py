"""Shows what attempts have printed, and finds lines in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobnet.engine.states import has_ended
from jobnet.ids import PartKey, RunId
from jobnet.ports.store.outputs import OutputHit, OutputStore
from jobnet.services.controller.views.parts import PartView


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputView:
    """A piece of an attempt's output; ``is_complete``: nothing more will come."""

    run: RunId
    part: PartKey
    attempt: int
    offset: int
    text: str
    total: int
    is_cut: bool
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HitsView:
    """The first lines of an attempt that contain a text."""

    attempt: int
    hits: Sequence[OutputHit]


def output_of(
    outputs: OutputStore, part: PartView, attempt: int, *, offset: int, limit: int
) -> OutputView:
    """Return a piece of an attempt's output; attempt 0 means the latest."""
    meant = attempt or part.attempt
    is_complete = meant < part.attempt or has_ended(part.state)
    found = outputs.read(part.run, part.key, meant, offset=offset, limit=limit)
    return OutputView(
        run=part.run,
        part=part.key,
        attempt=meant,
        offset=found.offset,
        text=found.text,
        total=found.total,
        is_cut=found.is_cut,
        is_complete=is_complete,
    )


def hits_in(
    outputs: OutputStore, part: PartView, attempt: int, *, text: str, limit: int
) -> HitsView:
    """Return lines of an attempt's output; attempt 0 means the latest."""
    meant = attempt or part.attempt
    hits = outputs.search(part.run, part.key, meant, text=text, limit=limit)
    return HitsView(attempt=meant, hits=hits)
