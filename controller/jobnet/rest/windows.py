"""Routes of maintenance windows: when they are open; opening and closing one by hand."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from jobnet.rest.asking import Key, Operator, Services
from jobnet.services.controller.settings import Change
from jobnet.services.controller.windows.windows import WindowWish
from jobnet.wire.queues import Changed
from jobnet.wire.shapes import NAME_MAX, GivenInstant, Reason
from jobnet.wire.windows import OpenWindowRequest, Window, Windows, window_of, windows_of

router = APIRouter(prefix="/windows", tags=["windows"])

SHOWN = timedelta(days=7)
InWindow = Annotated[str, Path(alias="window", max_length=NAME_MAX, pattern=r"^[^\x00]+$")]
_First = Annotated[GivenInstant | None, Query(description="Now, if it is left out.")]
_Last = Annotated[GivenInstant | None, Query(description="A week after it, if left out.")]


@router.get("")
def list_windows(services: Services, first: _First = None, last: _Last = None) -> Windows:
    """List the times in which windows are open, those that were opened by hand with them."""
    begin = first or services.store.now()
    return windows_of(services.windows.show(begin, last or begin + SHOWN))


@router.post("", status_code=status.HTTP_201_CREATED)
def open_window(request: OpenWindowRequest, by: Operator, key: Key, services: Services) -> Window:
    """Open a window by hand; the same again changes nothing."""
    wish = WindowWish(
        name=request.name,
        first=request.first,
        last=request.until,
        action=request.action,
        targets=request.targets(),
    )
    change = Change(by=by, reason=request.reason, key=key)
    return window_of(services.windows.open_by_hand(wish, change))


@router.delete("/{window:path}")
def close_window(
    window: InWindow,
    by: Operator,
    key: Key,
    services: Services,
    reason: Annotated[Reason, Query()] = "",
) -> Changed:
    """End a window now: one that was opened by hand, or the span of a definition that is open."""
    change = Change(by=by, reason=reason, key=key)
    return Changed(has_changed=services.windows.close(window, change))
