"""States the shapes of what takes care of what a controller keeps: removing and mending."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from jobnet.ids import NetworkName
from jobnet.services.controller.rebuilding import Wrong
from jobnet.services.controller.retention import DAYS_MAX, PruneWish
from jobnet.wire.queues import ChangeRequest
from jobnet.wire.shapes import Answer, Name, Reason, Request


class PruneRequest(Request):
    """Which runs are to go; what is left out is as the controller does by itself."""

    network: Name | None = None
    older_than_days: Annotated[
        float | None, Field(ge=1, le=DAYS_MAX, description="Days since the end of a run.")
    ] = None
    dry_run: bool = Field(default=False, description="Only say what would go.")
    reason: Reason = ""


class Pruned(Answer):
    """What has gone, or would go."""

    runs: int
    entries: int = Field(description="Entries of journals.")
    bytes: int = Field(description="Of journals and snapshots.")
    printed: int = Field(description="Characters of output.")
    left_behind: int = Field(description="Bytes of the folders of jobs.")
    is_complete: bool = Field(description="False: there is more; ask again.")


class KeepRequest(ChangeRequest):
    """How many days runs of a network are kept after their end; null: as all others."""

    days: Annotated[int, Field(ge=1, le=DAYS_MAX)] | None


class Rebuilt(Answer):
    """What of a run's rows was not as its journal says, and is now."""

    run: str
    mended: list[str] = Field(description="Of: row, parts, errands.")


def wish_of(request: PruneRequest) -> PruneWish:
    """Return what was asked for, as the service takes it."""
    days = request.older_than_days
    return PruneWish(
        network=None if request.network is None else NetworkName(request.network),
        older_than=None if days is None else timedelta(days=days),
    )


def rebuilt_of(run: str, wrong: Wrong | None) -> Rebuilt:
    """Return the answer to a rebuild."""
    return Rebuilt(run=run, mended=[] if wrong is None else list(wrong.what))
