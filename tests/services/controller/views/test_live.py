"""A page of live notes begins where it is asked to, or says that something is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import pytest
from jobnet.ids import RunId
from jobnet.ports.store import LiveNote, Transaction
from jobnet.services.controller.views.live import live_page

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
OLDEST, NEWEST = 10, 20


@dataclass
class Notes:
    """Notes 11 to 20; those before were forgotten."""

    @property
    def lists(self) -> "Notes":
        return self

    def live_bounds(self) -> tuple[int, int]:
        return OLDEST, NEWEST

    def live(self, after: int, limit: int) -> Sequence[tuple[int, LiveNote]]:
        numbers = range(max(after, OLDEST) + 1, NEWEST + 1)
        return [(number, note(number)) for number in numbers][:limit]


def note(number: int) -> LiveNote:
    run = RunId("even" if number % 2 == 0 else "odd")
    return LiveNote(run=run, kind="test", payload="{}", at=NOON)


TX = cast("Transaction", Notes())


@pytest.mark.parametrize("after", [0, OLDEST - 1, NEWEST + 1])
def test_a_cursor_whose_notes_are_gone_is_reset_to_the_newest(after: int) -> None:
    page = live_page(TX, after, run=None, limit=100)

    assert (page.is_reset, page.next, page.notes) == (True, NEWEST, ())


@pytest.mark.parametrize("after", [OLDEST, 15, NEWEST])
def test_everything_after_a_cursor_is_told(after: int) -> None:
    page = live_page(TX, after, run=None, limit=100)

    assert [cursor for cursor, _ in page.notes] == list(range(after + 1, NEWEST + 1))
    assert (page.is_reset, page.next) == (False, NEWEST)


def test_without_a_cursor_it_begins_with_what_comes() -> None:
    page = live_page(TX, None, run=None, limit=100)

    assert (page.is_reset, page.next, page.notes) == (False, NEWEST, ())


def test_notes_of_other_runs_are_passed_over_and_not_asked_for_again() -> None:
    page = live_page(TX, OLDEST, run=RunId("even"), limit=3)

    assert [cursor for cursor, _ in page.notes] == [12]
    assert page.next == 13
