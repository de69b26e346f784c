"""Says how a window that was opened by hand is kept: as a setting above the definitions.

So it has an end by itself, shows among the deviations with who opened it and why, and whoever
opens the same twice changes nothing. A window of a definition that was closed early has a setting
too: it says which of its spans is over.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from jobnet.ports.store.queues import SettingRow
from jobnet.schedules import WindowAction
from jobnet.schedules.windows import WindowSpan, WindowTargets

WINDOW: Final = "window"
OPENED: Final = "opened"
CLOSED_EARLY: Final = "closed_early"

Settings = Mapping[tuple[str, str, str], SettingRow]


def opened_value(first: datetime, action: WindowAction, targets: WindowTargets) -> object:
    """Return what the setting of a window holds; who, why and until when stand beside it."""
    return {
        "from": first.isoformat(),
        "action": action.value,
        "hosts": targets.hosts,
        "nodes": list(targets.nodes),
        "queues": list(targets.queues),
        "networks": list(targets.networks),
    }


def opened_by_hand(settings: Settings) -> Iterator[WindowSpan]:
    """Yield the windows that were opened by hand, those that are over or to come included."""
    for (kind, name, field), row in sorted(settings.items()):
        if (kind, field) == (WINDOW, OPENED) and row.until is not None:
            span = _span(name, row, row.until)
            if span is not None:
                yield span


def without_closed_early(span: WindowSpan, settings: Settings) -> WindowSpan | None:
    """Return a span of a definition as it counts; None where it was closed as it began."""
    row = settings.get((WINDOW, span.window, CLOSED_EARLY))
    if row is None:
        return span
    try:
        closed_at = datetime.fromisoformat(json.loads(row.value))
    except (ValueError, TypeError):
        return span
    if not span.is_open(closed_at):
        return span
    if closed_at == span.first:
        return None
    return WindowSpan(
        window=span.window,
        first=span.first,
        last=closed_at,
        action=span.action,
        targets=span.targets,
    )


def _span(name: str, row: SettingRow, until: datetime) -> WindowSpan | None:
    """Return a window that was opened by hand; None for what nobody can read any more."""
    try:
        value = json.loads(row.value)
        return WindowSpan(
            window=name,
            first=datetime.fromisoformat(value["from"]),
            last=until,
            action=WindowAction(value["action"]),
            targets=WindowTargets(
                hosts=value["hosts"],
                nodes=tuple(value["nodes"]),
                queues=tuple(value["queues"]),
                networks=tuple(value["networks"]),
            ),
            by=str(row.by),
            reason=row.reason,
        )
    except (ValueError, KeyError, TypeError):
        return None
