"""Whole runs go as they went before, to the last word of each fact and command."""

import pytest

from tests.engine.nights import NIGHTS
from tests.engine.transcripts import FOLDER, transcript


@pytest.mark.parametrize("title", NIGHTS)
def test_a_run_goes_as_it_is_written_down(title: str) -> None:
    written = (FOLDER / f"{title}.txt").read_text(encoding="utf-8").splitlines()

    played = NIGHTS[title].play()

    assert transcript(played).splitlines() == written


def test_every_transcript_belongs_to_a_night() -> None:
    titles = {path.stem for path in FOLDER.iterdir()}

    assert titles == set(NIGHTS)
