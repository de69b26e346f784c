"""Chunks are a mapping: what is put is there, what is dropped is not, and old versions stay."""

from hypothesis import given
from hypothesis import strategies as st
from jobnet.engine.chunks import CHUNK, Chunks

KEYS = st.sampled_from([f"k{number}" for number in range(12)])
CHANGES = st.lists(st.tuples(KEYS, st.none() | st.integers()), max_size=40)


def changed(changes: list[tuple[str, int | None]]) -> tuple[Chunks[int], dict[str, int]]:
    """Make the same changes (None drops) to chunks and to a dictionary."""
    chunks: Chunks[int] = Chunks()
    plain: dict[str, int] = {}
    for key, value in changes:
        if value is None:
            chunks = chunks.drop(key)
            plain.pop(key, None)
        else:
            chunks = chunks.put(key, value)
            plain[key] = value
    return chunks, plain


@given(changes=CHANGES, number=st.integers(1, 5))
def test_it_holds_what_a_dictionary_would_hold(
    changes: list[tuple[str, int | None]], number: int
) -> None:
    chunks, plain = changed(changes)

    for made in (chunks, chunks.spread(number)):
        assert dict(made.items()) == plain
        assert sorted(made.values()) == sorted(plain.values())
        assert len(made) == len(plain)
        assert {key: made.get(key) for key in plain} == plain
        assert made.get("nothing") is None


@given(changes=CHANGES, key=KEYS)
def test_a_change_leaves_the_old_version_as_it_was(
    changes: list[tuple[str, int | None]], key: str
) -> None:
    chunks, plain = changed(changes)

    chunks.put(key, -1)
    chunks.drop(key)

    assert dict(chunks.items()) == plain


def test_equal_content_is_equal_however_it_is_spread() -> None:
    chunks = changed([("a", 1), ("b", 2)])[0]

    assert chunks == chunks.spread(7)
    assert chunks != chunks.put("a", 3)
    assert repr(changed([("a", 1)])[0]) == "Chunks({'a': 1})"


def test_more_chunks_are_made_when_they_are_full_on_the_average() -> None:
    full: Chunks[int] = Chunks()
    for number in range(CHUNK):
        full = full.put(f"k{number}", number)

    fuller = full.put("one more", 1)

    assert list(full.items()) == [(f"k{number}", number) for number in range(CHUNK)]
    assert list(fuller.items()) != [*full.items(), ("one more", 1)]
    assert len(fuller) == CHUNK + 1


@given(first=CHANGES, more=CHANGES)
def test_what_has_changed_leads_from_the_old_version_to_the_new(
    first: list[tuple[str, int | None]], more: list[tuple[str, int | None]]
) -> None:
    before, _ = changed(first)
    after, plain = changed([*first, *more])

    led = dict(before.items())
    for key, old, new in after.changed_since(before):
        assert led.get(key) == old
        assert old is not new
        led.pop(key, None)
        if new is not None:
            led[key] = new

    assert led == plain


def test_what_has_changed_is_told_although_the_mapping_has_grown() -> None:
    before: Chunks[int] = Chunks()
    after = before
    for number in range(3 * CHUNK):
        after = after.put(f"key{number}", number)

    changes = list(after.changed_since(before))

    assert len(changes) == 3 * CHUNK
    assert list(after.changed_since(after)) == []
