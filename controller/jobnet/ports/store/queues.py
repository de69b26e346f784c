"""States how what operators change of queues, networks and everything is kept.

A definition says how a queue begins; a setting made at run time stands above it until it is
taken back, and is a deviation that people can see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jobnet.ids import OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One thing that was set at run time, above its definition.

    ``kind`` is ``queue``, ``network``, ``resource`` or ``everything``; ``name`` is the thing's
    qualified name; ``field`` such as ``limit``, ``is_held``, ``priority``, ``is_suspended``;
    ``value`` is JSON.
    """

    kind: str
    name: str
    field: str
    value: str
    by: OperatorName
    at: datetime
    reason: str = ""
    until: datetime | None = None


class QueueTable(Protocol):
    """What was set at run time."""

    def settings(self) -> Mapping[tuple[str, str, str], SettingRow]:
        """Return all settings by kind, name and field."""

    def set(self, row: SettingRow) -> None:
        """Set or replace one."""

    def unset(self, *, kind: str, name: str, field: str) -> bool:
        """Take one back; False where there is none."""
