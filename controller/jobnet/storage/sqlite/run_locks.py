"""Locks single runs inside a process, where the database cannot."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from jobnet.ids import RunId


class RunLocks:
    """A lock for each run that somebody works on; it goes when nobody wants it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[RunId, tuple[threading.Lock, int]] = {}

    @contextmanager
    def holding(self, run: RunId) -> Iterator[None]:
        """Hold a run's lock."""
        with self._lock:
            lock, wanted = self._held.get(run, (threading.Lock(), 0))
            self._held[run] = (lock, wanted + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, wanted = self._held[run]
                if wanted == 1:
                    del self._held[run]
                else:
                    self._held[run] = (lock, wanted - 1)
