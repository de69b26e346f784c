"""Lets no new job start while the disk is nearly full, and says so until there is room again.

Jobs that run go on into their spools, for which the room is kept. It is one setting above all
others: people see it among the deviations, who waits says why, and it goes by itself.
"""

import logging
from collections.abc import Callable, Collection
from typing import Final

from jobnet.ids import OperatorName
from jobnet.ports.store import Store
from jobnet.services.controller.bells import Name
from jobnet.services.controller.limits import DISK_FULL, EVERYTHING
from jobnet.services.controller.settings import Change, Setting, SettingsDesk
from jobnet.services.controller.working import Pass, tell

KEEPER: Final = OperatorName("jobnet")
LOOK_SECONDS: Final = 10.0
AGAIN_FACTOR: Final = 1.25
"""So much more than what is kept has to be free before jobs start again: no going to and fro."""
_SETTING: Final = Setting(kind=EVERYTHING, name="", field=DISK_FULL)
_MIB: Final = 1024 * 1024


class RoomKeeper:
    """The worker that looks how much of the disk is free; ``kept_bytes`` 0: it never does."""

    name = "room"
    bells: Collection[Name] = ()

    def __init__(
        self,
        store: Store,
        desk: SettingsDesk,
        *,
        free_bytes: Callable[[], int],
        kept_bytes: int,
    ) -> None:
        self._store, self._desk = store, desk
        self._free_bytes, self._kept_bytes = free_bytes, kept_bytes

    def work_once(self) -> Pass:
        """Stop the starts of jobs, or let them go on, as there is room."""
        free = self._free_bytes()
        key = (_SETTING.kind, _SETTING.name, _SETTING.field)
        is_stopped = self._store.read(lambda tx: key in tx.queues.settings())
        if not is_stopped and free < self._kept_bytes:
            self._stop(free)
        elif is_stopped and free >= self._kept_bytes * AGAIN_FACTOR:
            self._desk.take_back((_SETTING,), Change(by=KEEPER, reason="there is room again"))
            tell("disk_has_room", level=logging.WARNING, free_bytes=free)
        return Pass(again_seconds=LOOK_SECONDS)

    def _stop(self, free: int) -> None:
        kept, again = self._kept_bytes // _MIB, round(self._kept_bytes * AGAIN_FACTOR) // _MIB
        reason = (
            f"{free // _MIB} MiB of the disk are free and {kept} are kept for jobs that run;"
            f" jobs start again by themselves at {again} MiB"
        )
        self._desk.put({_SETTING: True}, Change(by=KEEPER, reason=reason))
        tell("disk_nearly_full", level=logging.ERROR, free_bytes=free, kept_bytes=self._kept_bytes)
