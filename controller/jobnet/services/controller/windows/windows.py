"""Opens and closes maintenance windows by hand, and shows all windows with who opened them.

A window of a definition opens and closes by its rules; closing it by hand ends the span that is
open now. Opening and closing reach whoever stands in line at once.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches

from jobnet.errors.windows import (
    WindowNotFound,
    WindowNotOpen,
    WindowRefused,
    WindowSpanTooLong,
)
from jobnet.ports.store import Store, Transaction
from jobnet.schedules import WindowAction
from jobnet.schedules.windows import SPAN_DAYS_MAX, WindowSpan, WindowTargets
from jobnet.services.controller.settings import Change, Setting, SettingsDesk
from jobnet.services.controller.windows.book import WindowBook
from jobnet.services.controller.windows.by_hand import (
    CLOSED_EARLY,
    OPENED,
    WINDOW,
    opened_by_hand,
    opened_value,
)
from jobnet.services.controller.windows.silence import silenced_in

LASTS_MAX = timedelta(days=366)
NAMED_MAX = 200
"""So many nodes, queues and networks may be named in a window, of each kind."""
TEXT_MAX = 1_000
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWish:
    """Somebody wants to open a window, from ``first`` (None: now) to before ``last``."""

    name: str
    last: datetime
    first: datetime | None = None
    action: WindowAction = WindowAction.HOLD
    targets: WindowTargets = field(default_factory=WindowTargets)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """One time in which a window is open. ``silenced`` counts alerts that were not sent in it.

    ``by`` and ``reason`` are those of who opened it by hand, "" for one of a definition.
    """

    name: str
    title: str
    action: WindowAction
    targets: WindowTargets
    first: datetime
    last: datetime
    is_open: bool
    is_by_hand: bool
    by: str = ""
    reason: str = ""
    silenced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsView:
    """Windows in order of time; ``problems`` are (window, what could not be worked out)."""

    windows: tuple[WindowView, ...]
    problems: tuple[tuple[str, str], ...] = ()


class Windows:
    """Maintenance windows; every method may be called from any thread."""

    def __init__(self, store: Store, book: WindowBook, desk: SettingsDesk) -> None:
        self._store, self._book, self._desk = store, book, desk

    def open_by_hand(self, wish: WindowWish, change: Change) -> WindowView:
        """Open a window from an instant to another; the same again changes nothing.

        ``change`` says who and why; its ``until`` counts for nothing. Raises ``WindowRefused``.
        """
        now = self._store.now()
        known = self._opened(wish.name)
        known = known if known is not None and known.last > now else None
        is_same = known is not None and _is_same(known, wish)
        first = wish.first or (known.first if known is not None and is_same else now)
        _check(wish, first, now, set(self._book.planned()))
        if known is not None and not is_same:
            raise WindowRefused(wish.name, "a window of this name is open or to open; close it")
        value = opened_value(first, wish.action, wish.targets)
        setting = Setting(kind=WINDOW, name=wish.name, field=OPENED)
        until = Change(by=change.by, reason=change.reason, until=wish.last, key=change.key)
        self._desk.put({setting: value}, until)
        found = self._opened(wish.name)
        assert found is not None, "it was opened just now"
        return self._view(found, now)

    def close(self, name: str, change: Change) -> bool:
        """End a window now; return whether it was open or to open.

        One that was opened by hand is gone; of one of a definition the span that is open now
        ends. Raises ``WindowNotFound``, and ``WindowNotOpen`` where there is nothing to end.
        """
        now = self._store.now()
        opened = self._opened(name)
        if opened is not None and opened.last > now:
            setting = Setting(kind=WINDOW, name=name, field=OPENED)
            return self._desk.take_back((setting,), change)
        planned = self._book.planned()
        if name not in planned:
            self._refuse_unknown(name, planned)
        span = next((one for one in self._open_now(now) if one.window == name), None)
        if span is None:
            raise WindowNotOpen(name)
        setting = Setting(kind=WINDOW, name=name, field=CLOSED_EARLY)
        until = Change(by=change.by, reason=change.reason, until=span.last, key=change.key)
        return self._desk.put({setting: now.isoformat()}, until)

    def show(self, first: datetime, last: datetime) -> WindowsView:
        """Return the windows that are open at any time from an instant to before another."""
        if not first < last or last - first > timedelta(days=SPAN_DAYS_MAX):
            raise WindowSpanTooLong(days_max=SPAN_DAYS_MAX)
        settings = self._store.read(lambda tx: tx.queues.settings())
        sheet = self._book.between(first, last, settings)
        now = self._store.now()
        return WindowsView(
            windows=tuple(self._view(span, now) for span in sheet.spans),
            problems=tuple(sorted(sheet.problems.items())),
        )

    def _open_now(self, now: datetime) -> tuple[WindowSpan, ...]:
        settings = self._store.read(lambda tx: tx.queues.settings())
        spans = self._book.around(now, settings).spans
        return tuple(span for span in spans if span.is_open(now))

    def _opened(self, name: str) -> WindowSpan | None:
        settings = self._store.read(lambda tx: tx.queues.settings())
        return next((one for one in opened_by_hand(settings) if one.window == name), None)

    def _view(self, span: WindowSpan, now: datetime) -> WindowView:
        planned = self._book.planned().get(span.window)

        def count(tx: Transaction) -> int:
            return silenced_in(tx, span)

        return WindowView(
            name=span.window,
            title="" if planned is None or span.by else planned.definition.title,
            action=span.action,
            targets=span.targets,
            first=span.first,
            last=span.last,
            is_open=span.is_open(now),
            is_by_hand=bool(span.by),
            by=span.by,
            reason=span.reason,
            silenced=self._store.read(count) if span.first <= now else 0,
        )

    def _refuse_unknown(self, name: str, planned: Collection[str]) -> None:
        near = get_close_matches(name[:TEXT_MAX], planned, n=1)
        raise WindowNotFound(name, near[0] if near else "")


def _is_same(known: WindowSpan, wish: WindowWish) -> bool:
    """Return whether a wish is for the window that is there already."""
    is_first = wish.first is None or wish.first == known.first
    return is_first and (known.last, known.action, known.targets) == (
        wish.last,
        wish.action,
        wish.targets,
    )


def _check(wish: WindowWish, first: datetime, now: datetime, defined: set[str]) -> None:
    if _NAME.fullmatch(wish.name) is None:
        because = "a name has 1 to 100 letters, digits and characters of _ . / -"
        raise WindowRefused(wish.name, because)
    if wish.name in defined:
        because = "a definition has this name already; take another one"
        raise WindowRefused(wish.name, because)
    if wish.last <= max(first, now):
        raise WindowRefused(wish.name, f"{wish.last.isoformat()} is over before it opens")
    if wish.last - first > LASTS_MAX:
        raise WindowRefused(wish.name, f"it would last more than {LASTS_MAX.days} days")
    targets = wish.targets
    if targets.hosts is not None and not _is_text(targets.hosts):
        because = f"`hosts` is a pattern of 1 to {TEXT_MAX} printable characters"
        raise WindowRefused(wish.name, because)
    for word in ("nodes", "queues", "networks"):
        named = getattr(targets, word)
        if len(named) > NAMED_MAX or not all(map(_is_text, named)):
            raise WindowRefused(wish.name, f"`{word}` are up to {NAMED_MAX} names")


def _is_text(text: str) -> bool:
    return bool(text.strip()) and len(text) <= TEXT_MAX and text.isprintable()
