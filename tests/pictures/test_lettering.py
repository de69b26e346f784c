"""Text of unknown fonts: never wider than its room, never more than one plain line."""

from hypothesis import given
from hypothesis import strategies as st
from jobnet.pictures.lettering import NAME_MAX, fitted, plain, width_of


@given(text=st.text(max_size=400))
def test_plain_text_is_one_short_line_of_printable_characters(text: str) -> None:
    shown = plain(text)

    assert shown.isprintable()
    assert len(shown) <= NAME_MAX
    assert shown == plain(shown)


@given(text=st.text(max_size=200), width=st.integers(20, 400))
def test_fitted_text_is_no_wider_than_its_room(text: str, width: int) -> None:
    shown = fitted(text, width, 11, is_bold=True)

    assert width_of(shown, 11, is_bold=True) <= width
    assert shown == text or shown.endswith("…")


def test_wide_letters_take_more_room_than_slim_ones() -> None:
    slim, usual, wide = (width_of(text, 10) for text in ("illi", "open", "月次月次"))

    assert slim < usual < wide == 40
