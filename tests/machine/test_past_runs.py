"""Runs of this machine, found again with the definition that they had."""

from pathlib import Path

import pytest
from jobnet.errors.pictures import RunNotFound
from jobnet.machine import Pieces
from jobnet.machine.origin import ORIGIN_NAME, changed_files, keep_origin, read_origin
from jobnet.machine.past_runs import find_run, journal_lines


def run(home: Path, name: str) -> Pieces:
    """Make the pieces of a run."""
    pieces = Pieces(folder=home / "runs" / name)
    pieces.folder.mkdir(parents=True)
    pieces.journal.write_bytes(b"one\n\xfftwo\n")
    return pieces


def test_a_run_is_found_by_its_name(tmp_path: Path) -> None:
    pieces = run(tmp_path, "night-2026-05-29-2155")

    assert find_run("night-2026-05-29-2155", tmp_path) == pieces


def test_a_run_is_found_by_its_folder_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = run(tmp_path, "night")
    monkeypatch.chdir(tmp_path / "runs")
    nowhere = tmp_path / "nowhere"

    assert find_run(str(pieces.folder), nowhere) == pieces
    assert find_run("night", nowhere) == pieces
    assert find_run("./night/", nowhere) == pieces


@pytest.mark.parametrize("name", ["nigth", "", "/", "..", "a\0b", "x" * 5000, "~/night"])
def test_a_name_that_is_no_run_is_refused(tmp_path: Path, name: str) -> None:
    run(tmp_path, "night")

    with pytest.raises(RunNotFound) as caught:
        find_run(name, tmp_path)

    assert caught.value.near == ("night" if name in {"nigth", "~/night"} else "")
    assert len(str(caught.value)) < 600


def test_the_lines_of_a_journal_are_text_whatever_its_bytes_are(tmp_path: Path) -> None:
    pieces = run(tmp_path, "night")

    with journal_lines(pieces) as lines:
        read = list(lines)

    assert read == ["one\n", "\ufffdtwo\n"]


def test_a_file_that_was_changed_or_removed_is_named(tmp_path: Path) -> None:
    pieces = run(tmp_path, "night")
    files = [tmp_path / name for name in ("same.yml", "changed.yml", "gone.yml")]
    for file in files:
        file.write_text("flow: []")
    keep_origin(pieces, file=str(files[0]), network="n", hosts=None, files=map(str, files))

    files[1].write_text("flow: [x]")
    files[2].unlink()
    origin = read_origin(pieces)

    assert origin is not None
    assert (origin.file, origin.network, origin.hosts) == (str(files[0]), "n", None)
    assert changed_files(origin) == (str(files[1]), str(files[2]))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"file": 1}', '{"digests": 3, "hosts": 1}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    pieces = run(tmp_path, "night")
    (pieces.folder / ORIGIN_NAME).write_text(text)

    assert read_origin(pieces) is None


def test_a_run_goes_on_where_the_record_cannot_be_written(tmp_path: Path) -> None:
    pieces = Pieces(folder=tmp_path / "missing")

    keep_origin(pieces, file="night.yml", network="night", hosts="h", files=())

    assert read_origin(pieces) is None
