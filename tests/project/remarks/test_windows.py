"""Windows that never open, or that cover what is not there, are told."""

from datetime import date
from pathlib import Path

import pytest
from jobnet.project import lint, read_project

TODAY = date(2026, 11, 22)
BESIDE = """
{kind: calendar, name: late, week: {open: [mon]}, base_time: "06:00"}
---
{kind: calendar, name: never, week: {open: []}}
"""
SPAN = 'rules: [{from: "22:00", to: "23:00"}]\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SPAN, []),
        ("", [("window_never_opens", "rules")]),
        (SPAN + "networks: [gone]\n", [("unknown_network", "networks[0]")]),
        (SPAN + "queues: [gone]\n", [("unknown_queue", "queues[0]")]),
        (SPAN + "calendar: gone\n", [("unknown_calendar", "calendar")]),
        (SPAN + "calendar: never\n", [("window_never_opens", "rules")]),
        (SPAN + "valid: {to: 2026-11-21}\n", [("window_never_opens", "rules")]),
        ('rules: [{dates: [2020-01-01], from: "22:00", to: "23:00"}]\n',
         [("window_never_opens", "rules")]),
        ('rules: [{dates: [2020-01-01], from: "22:00", to: "23:00"}, {from: "1:00", to: "2:00"}]\n',
         []),
        ('calendar: late\nrules: [{from: "05:00", to: "23:00"}]\n',
         [("clock_below_base_time", "rules")]),
    ],
)  # fmt: skip
def test_a_window_that_does_not_do_what_it_looks_like_is_told(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    (tmp_path / "beside.yml").write_text(BESIDE)
    (tmp_path / "one.yml").write_text(f"kind: window\nname: w\nhosts: db\n{text}")

    found = lint(read_project([tmp_path]), today=TODAY)

    assert [(one.code, one.path) for one in found] == expected
