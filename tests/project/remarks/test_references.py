"""What queues and notifications name must be there."""

from datetime import date
from pathlib import Path

import pytest
from jobnet.project import lint, read_project

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{kind: queue, name: q, forward_to: [gone]}", [("unknown_queue", "forward_to[0]")]),
        ("{kind: notification, name: n, to: [{mail: a@b.c}], escalate: [{after: 1h, to: [gone]}]}",
         [("unknown_notification", "escalate[0].to[0]")]),
    ],
)  # fmt: skip
def test_what_a_document_names_must_be_there(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    (tmp_path / "one.yml").write_text(text)

    found = lint(read_project([tmp_path]), today=TODAY)

    assert [(one.code, one.path) for one in found] == expected
