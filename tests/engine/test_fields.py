"""A published field keeps its name and its default, so that old journals can be read."""

from tests.engine.fields import FILE, lines


def test_all_fields_and_their_defaults_are_those_written_down() -> None:
    written = FILE.read_text(encoding="utf-8").splitlines()

    assert lines() == written
