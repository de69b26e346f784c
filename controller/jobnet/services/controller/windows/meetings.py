"""Remembers which hosts of jobs and of windows are the same, as inventories have told.

An inventory is asked on a thread aside, and what it said counts for a while. Until it has answered
nobody knows; where it cannot be asked, patterns with the same text count as the same hosts.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobnet.errors.storage import DatabaseAway
from jobnet.ids import RunId
from jobnet.ports.host_patterns import HostPatterns, PatternPair, PatternsMeet
from jobnet.ports.store import Signal, SignalKind, Store
from jobnet.services.controller.bells import Bells
from jobnet.services.play import Aside

ANSWERS_KEPT_MAX = 2_000
KEPT = timedelta(minutes=10)
UNDER_WAY_MAX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    answer: PatternsMeet
    at: datetime


class Meetings:
    """Answers of inventories; safe for any thread. ``answered`` is called after each new one."""

    def __init__(
        self,
        patterns: HostPatterns | None,
        threads: Aside,
        *,
        now: Callable[[], datetime],
        answered: Callable[[], None],
    ) -> None:
        self._patterns, self._threads = patterns, threads
        self._now, self._answered = now, answered
        self._lock = threading.Lock()
        self._kept: OrderedDict[PatternPair, _Kept] = OrderedDict()
        self._asked: set[PatternPair] = set()

    def of(self, pair: PatternPair) -> PatternsMeet | None:
        """Return whether two patterns meet; None until the inventory has answered.

        What was answered long ago is asked anew, and counts until then.
        """
        if pair.pattern == pair.other or "all" in {pair.pattern, pair.other}:
            return PatternsMeet(meet=True)
        with self._lock:
            known = self._kept.get(pair)
        if known is None or self._now() - known.at > KEPT:
            self._ask(pair)
            known = known or self._kept.get(pair)
        return None if known is None else known.answer

    def _ask(self, pair: PatternPair) -> None:
        patterns = self._patterns
        if patterns is None:
            self._keep(pair, _by_text(pair, problem="no inventory can be asked here"))
            return
        with self._lock:
            if pair in self._asked or len(self._asked) >= UNDER_WAY_MAX:
                return  # the others are asked when these have answered
            self._asked.add(pair)

        def ask() -> None:
            answer = PatternsMeet(meet=False, problem="a fault in Jobnet")
            try:
                answer = patterns.meet(pair)
            finally:
                told = _by_text(pair, problem=answer.problem) if answer.problem else answer
                self._keep(pair, told)
                with self._lock:
                    self._asked.discard(pair)
                self._answered()

        self._threads.aside(ask)

    def _keep(self, pair: PatternPair, answer: PatternsMeet) -> None:
        with self._lock:
            self._kept[pair] = _Kept(answer=answer, at=self._now())
            self._kept.move_to_end(pair)
            while len(self._kept) > ANSWERS_KEPT_MAX:
                self._kept.popitem(last=False)


def line_again(store: Store, bells: Bells) -> Callable[[], None]:
    """Return what lets those who stand in line be looked at again."""

    def announce() -> None:
        signal = Signal(kind=SignalKind.ADMIT, name="", run=RunId(""))
        with suppress(DatabaseAway):  # they are looked at again in a few seconds all the same
            store.write(lambda tx: tx.signals.add([signal]))
        bells.ring((SignalKind.ADMIT,))

    return announce


def _by_text(pair: PatternPair, *, problem: str) -> PatternsMeet:
    """Return what the texts alone say: the parts of both patterns that are written the same."""
    own, other = _words(pair.pattern), _words(pair.other)
    return PatternsMeet(meet=bool(own & other), problem=problem)


def _words(pattern: str) -> set[str]:
    words = pattern.replace(",", ":").split(":")
    return {word.strip() for word in words if word.strip() and word.strip()[0] not in "!&"}
