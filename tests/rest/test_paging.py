"""Places in lists: written and read again, and nothing else is taken for one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.errors.rest import CursorRefused
from jobnet.ports.store.lists import Cursor
from jobnet.rest.paging import read, written

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)


@given(
    at=st.datetimes(timezones=st.just(UTC)),
    last=st.text(st.characters(exclude_characters="\x00", codec="utf-8")),
)
def test_a_place_comes_back_as_it_was(at: datetime, last: str) -> None:
    cursor = Cursor(at=at, id=last)

    assert read(written(cursor)) == cursor


@given(st.text())
def test_any_other_text_is_refused_or_none(text: str) -> None:
    try:
        found = read(text)
    except CursorRefused:
        return
    assert found is not None
    assert found.at.tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "bnVsbA",
        "e30",
        "W10",
        "WzEsMl0",
        written(Cursor(at=NOON, id="a"))[:-4],
        "é",
        "A" * 9,
    ],
)
def test_what_looks_like_a_place_is_refused(text: str) -> None:
    with pytest.raises(CursorRefused):
        read(text)


def test_a_place_without_a_zone_is_refused() -> None:
    text = written(Cursor(at=NOON.replace(tzinfo=None), id="a"))

    with pytest.raises(CursorRefused):
        read(text)


def test_no_text_is_no_place() -> None:
    assert read(None) is None
