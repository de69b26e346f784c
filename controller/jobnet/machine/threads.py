"""Runs short work beside the run: looks at files, letters."""

import threading
from collections.abc import Callable


class Threads:
    """One daemon thread per piece of work: a file system that hangs keeps nobody alive."""

    def __init__(self) -> None:
        self._running: set[threading.Thread] = set()
        self._lock = threading.Lock()

    def aside(self, work: Callable[[], None]) -> None:
        """Start the work and return."""
        thread = threading.Thread(target=self._run, args=(work,), daemon=True, name="jobnet-aside")
        with self._lock:
            self._running.add(thread)
        thread.start()

    def join(self, *, seconds_max: float) -> bool:
        """Wait for all work; tell whether all of it has ended."""
        with self._lock:
            running = list(self._running)
        for thread in running:
            thread.join(timeout=seconds_max / max(1, len(running)))
        return not any(thread.is_alive() for thread in running)

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._running.discard(threading.current_thread())
