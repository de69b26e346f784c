"""What jobs print, the same over every database."""

from collections.abc import Iterator

import pytest
from jobnet.ids import PartKey, RunId
from jobnet.ports.store.outputs import OutputPiece, OutputRange
from jobnet.storage import Place, SqlOutputs, open_outputs

from tests.storage.rows import NOON, RUN

LOAD = PartKey("load")
KEPT = 1000


@pytest.fixture
def outputs(place: Place) -> Iterator[SqlOutputs]:
    """Open outputs at a place of each kind."""
    opened = open_outputs(place)
    yield opened
    opened.close()


@pytest.fixture
def small(place: Place) -> Iterator[SqlOutputs]:
    """Open outputs that keep little of each attempt."""
    opened = open_outputs(place, beginning_kept=KEPT, end_kept=KEPT)
    yield opened
    opened.close()


def piece(text: str, offset: int = 0, *, run: str = RUN, attempt: int = 1) -> OutputPiece:
    return OutputPiece(
        run=RunId(run), part=LOAD, attempt=attempt, offset=offset, text=text, at=NOON
    )


def read(outputs: SqlOutputs, offset: int = 0, limit: int = 10**9, attempt: int = 1) -> OutputRange:
    return outputs.read(RUN, LOAD, attempt, offset=offset, limit=limit)


def search(outputs: SqlOutputs, text: str, limit: int = 100) -> list[tuple[int, int, str]]:
    hits = outputs.search(RUN, LOAD, 1, text=text, limit=limit)
    return [(hit.offset, hit.line, hit.text) for hit in hits]


def test_what_was_printed_is_read_from_any_place(outputs: SqlOutputs) -> None:
    outputs.append([piece("one\n"), piece("two\n", 4)])
    outputs.append([piece("three\n", 8)])

    assert read(outputs) == OutputRange(offset=0, text="one\ntwo\nthree\n", total=14)
    assert read(outputs, 2, 4) == OutputRange(offset=2, text="e\ntw", total=14)
    assert read(outputs, -6) == OutputRange(offset=8, text="three\n", total=14)
    assert read(outputs, -99, 3) == OutputRange(offset=0, text="one", total=14)
    assert read(outputs, 14) == OutputRange(offset=14, text="", total=14)
    assert read(outputs, 99) == OutputRange(offset=14, text="", total=14)
    assert read(outputs, 3, 0) == OutputRange(offset=3, text="", total=14)


def test_what_has_printed_nothing_has_no_output(outputs: SqlOutputs) -> None:
    outputs.append([])
    outputs.append([piece("")])

    assert read(outputs) == OutputRange(offset=0, text="", total=0)
    assert search(outputs, "x") == []


def test_attempts_and_runs_do_not_mix(outputs: SqlOutputs) -> None:
    outputs.append([piece("second", attempt=2), piece("first"), piece("other", run="other")])

    assert read(outputs).text == "first"
    assert read(outputs, attempt=2).text == "second"


def test_a_piece_that_comes_twice_is_kept_once(outputs: SqlOutputs) -> None:
    outputs.append([piece("one\n"), piece("two\n", 4)])

    outputs.append([piece("one\n"), piece("two\n", 4), piece("three\n", 8)])

    assert read(outputs).text == "one\ntwo\nthree\n"


def test_a_job_that_tells_all_again_in_other_pieces_is_kept_once(outputs: SqlOutputs) -> None:
    outputs.append([piece("one\ntw"), piece("o\n", 6)])

    outputs.append([piece("one\n"), piece("two\nthree\n", 4)])

    assert read(outputs) == OutputRange(offset=0, text="one\ntwo\nthree\n", total=14)


def test_pieces_of_one_batch_may_come_in_any_order(outputs: SqlOutputs) -> None:
    outputs.append([piece("two\n", 4), piece("one\n")])

    assert read(outputs).text == "one\ntwo\n"


def test_what_was_lost_between_pieces_is_seen(outputs: SqlOutputs) -> None:
    outputs.append([piece("one\n")])

    outputs.append([piece("three\n", 8)])

    assert read(outputs) == OutputRange(offset=0, text="one\n", total=14, is_cut=True)
    assert read(outputs, 4) == OutputRange(offset=8, text="three\n", total=14, is_cut=True)
    assert read(outputs, 8).text == "three\n"


def test_of_too_much_the_beginning_and_the_end_are_kept(small: SqlOutputs) -> None:
    lines = [f"line {number:04}\n" for number in range(1000)]
    offset = 10 * len(lines)
    for begin in range(0, len(lines), 10):
        batch = [piece(lines[at], 10 * at) for at in range(begin, begin + 10)]
        small.append(batch)

    beginning, end = read(small), read(small, -KEPT)

    assert beginning.is_cut
    assert beginning.total == offset
    assert beginning.text == "".join(lines[: KEPT // 10])
    assert end.text == "".join(lines)[-KEPT:]
    assert read(small, 5000).offset == offset - KEPT


def test_one_very_long_line_is_bounded_too(small: SqlOutputs) -> None:
    text = "x" * 300_000

    small.append([piece(text)])

    found = read(small)
    assert found.total == 300_000
    assert found.is_cut
    assert len(found.text) < 100_000


def test_a_search_tells_places_and_lines_whatever_the_case(outputs: SqlOutputs) -> None:
    outputs.append([piece("ok\nTASK [Stra\u00dfe]\nfai"), piece("led: STRASSE\nlast strasse", 20)])

    assert search(outputs, "strasse") == [
        (3, 2, "TASK [Stra\u00dfe]"),
        (17, 3, "failed: STRASSE"),
        (33, 4, "last strasse"),
    ]
    assert search(outputs, "strasse", 1) == [(3, 2, "TASK [Stra\u00dfe]")]
    assert search(outputs, "nothing") == []


def test_a_search_counts_the_lines_that_were_cut(small: SqlOutputs) -> None:
    lines = [f"line {number:04}\n" for number in range(1000)]
    for begin in range(0, 1000, 20):
        small.append([piece("".join(lines[begin : begin + 20]), begin * 10)])

    assert search(small, "line 0999") == [(9990, 1000, "line 0999")]
    assert search(small, "line 0500") == []


def test_a_search_shows_a_bounded_part_of_a_line(outputs: SqlOutputs) -> None:
    outputs.append([piece("x" * 200_000 + "needle\n")])

    (hit,) = outputs.search(RUN, LOAD, 1, text="needle", limit=9)

    assert (hit.offset, hit.line) == (0, 1)
    assert len(hit.text) < 10_000


def test_hostile_text_is_kept_in_its_length(outputs: SqlOutputs) -> None:
    outputs.append([piece("a\0b\udc80c🙂\r\n\x1b[31m"), piece("end", 13)])

    assert read(outputs).text == "a␀b\ufffdc🙂\r\n\x1b[31mend"
    assert search(outputs, "\0") == [(0, 1, "a␀b\ufffdc🙂\r")]


def test_the_output_of_a_run_is_forgotten(outputs: SqlOutputs) -> None:
    outputs.append([piece("one"), piece("other", run="other")])

    outputs.forget(RUN)
    outputs.forget(RUN)

    assert read(outputs) == OutputRange(offset=0, text="", total=0)
    assert outputs.read(RunId("other"), LOAD, 1, offset=0, limit=9).text == "other"


def test_outputs_are_there_after_a_restart(place: Place) -> None:
    first = open_outputs(place)
    first.append([piece("one\n")])
    first.close()

    again = open_outputs(place)
    again.append([piece("one\ntwo\n")])
    found = again.read(RUN, LOAD, 1, offset=0, limit=99)
    again.close()

    assert found.text == "one\ntwo\n"
