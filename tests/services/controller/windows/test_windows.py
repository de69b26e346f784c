"""Windows that are opened and closed by hand, and how all windows are shown."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.errors.windows import (
    WindowNotFound,
    WindowNotOpen,
    WindowRefused,
    WindowSpanTooLong,
)
from jobnet.schedules import WindowAction
from jobnet.schedules.windows import SPAN_DAYS_MAX, WindowTargets
from jobnet.services.controller.settings import Change
from jobnet.services.controller.windows.windows import LASTS_MAX, NAMED_MAX, WindowWish

from tests.services.controller.office import BOB, Office, now, office

BY_BOB = Change(by=BOB, reason="new disks")
HOUR = timedelta(hours=1)
DEFINED = """
    kind: window
    name: patching
    rules: {dates: [2030-06-11], from: "22:00", to: "28:00"}
    ---
    {kind: calendar, name: short, week: {open: [mon]}, valid: {to: 2026-12-31}}
    ---
    kind: window
    name: lost
    calendar: short
    rules: {from: "22:00", to: "23:00"}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, is_started=False) as opened:
        opened.apply(DEFINED)
        yield opened


def wish(**more: object) -> WindowWish:
    return WindowWish(**{"name": "disks", "last": now() + HOUR, **more})  # type: ignore[arg-type]


def names(here: Office) -> list[str]:
    return [one.name for one in here.controller.windows.show(now(), now() + 2 * HOUR).windows]


def test_who_opened_a_window_why_and_until_when_is_shown_and_kept(here: Office) -> None:
    windows = here.controller.windows

    opened = windows.open_by_hand(wish(targets=WindowTargets(hosts="db")), BY_BOB)

    assert (opened.by, opened.reason, opened.is_open, opened.is_by_hand) == (
        "bob",
        "new disks",
        True,
        True,
    )
    acts = here.store.read(lambda tx: tx.audits.page(before=None, limit=5, subject="window disks"))
    assert [(act.act, act.by, act.reason) for act in acts] == [("set", "bob", "new disks")]


def test_the_same_again_changes_nothing_and_another_one_is_refused(here: Office) -> None:
    windows, asked = here.controller.windows, wish()

    first, again = (windows.open_by_hand(asked, BY_BOB) for _ in range(2))

    assert first == again
    with pytest.raises(WindowRefused, match="is open or to open"):
        windows.open_by_hand(wish(action=WindowAction.WARN), BY_BOB)
    assert names(here) == ["disks"]


def test_a_window_may_open_later_and_be_taken_back_before(here: Office) -> None:
    windows = here.controller.windows

    opened = windows.open_by_hand(wish(first=now() + HOUR, last=now() + 2 * HOUR), BY_BOB)

    assert not opened.is_open
    assert windows.close("disks", BY_BOB)
    assert names(here) == []


@pytest.mark.parametrize(
    "more",
    [
        {"name": ""},
        {"name": "a b"},
        {"name": "x" * 101},
        {"name": "../\n"},
        {"name": "patching"},
        {"last": now() - HOUR},
        {"first": now() + 2 * HOUR},
        {"last": now() + LASTS_MAX + HOUR},
        {"targets": WindowTargets(hosts=" ")},
        {"targets": WindowTargets(hosts="a\0b")},
        {"targets": WindowTargets(queues=("q",) * (NAMED_MAX + 1))},
        {"targets": WindowTargets(networks=("x" * 1001,))},
    ],
)
def test_what_can_be_no_window_is_refused(here: Office, more: dict[str, object]) -> None:
    with pytest.raises(WindowRefused):
        here.controller.windows.open_by_hand(wish(**more), BY_BOB)

    assert names(here) == []


def test_what_is_not_there_or_not_open_cannot_be_closed(here: Office) -> None:
    with pytest.raises(WindowNotFound, match="did you mean 'patching'"):
        here.controller.windows.close("patchin", BY_BOB)
    with pytest.raises(WindowNotOpen):
        here.controller.windows.close("patching", BY_BOB)


def test_windows_of_definitions_are_shown_with_those_that_cannot_be_worked_out(
    here: Office,
) -> None:
    first = now().replace(year=2030, month=6, day=11, hour=0)

    shown = here.controller.windows.show(first, first + timedelta(days=2))

    (span,) = shown.windows
    assert (span.name, span.first.hour, span.last - span.first) == ("patching", 22, 6 * HOUR)
    ((name, problem),) = shown.problems
    assert name == "lost"
    assert "short" in problem


@pytest.mark.parametrize("days", [-1, 0, SPAN_DAYS_MAX + 1])
def test_no_longer_time_is_shown_than_can_be_worked_out(here: Office, days: int) -> None:
    begin = now()

    with pytest.raises(WindowSpanTooLong):
        here.controller.windows.show(begin, begin + timedelta(days=days))
