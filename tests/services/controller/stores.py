"""Stores for tests: a real database in a folder, at an instant that the test decides."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from jobnet.ids import RunId
from jobnet.ports.store import RunChange, RunTurn, Store, Transaction


class AtInstant:
    """A store that looks at the clock of a test."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self.now = now

    def write(self, work: Callable[[Transaction], Any]) -> Any:  # noqa: ANN401
        return self._store.write(work)

    def read(self, work: Callable[[Transaction], Any]) -> Any:  # noqa: ANN401
        return self._store.read(work)

    def turn(
        self, run: RunId, decide: Callable[[RunTurn], RunChange | None], *, inputs_max: int
    ) -> bool:
        return self._store.turn(run, decide, inputs_max=inputs_max)

    def iterate(self, work: Callable[[Transaction], Any]) -> Any:  # noqa: ANN401
        return self._store.iterate(work)

    def close(self) -> None:
        self._store.close()
