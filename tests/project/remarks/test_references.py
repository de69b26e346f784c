"""What schedules, queues and notifications name must be there."""

from datetime import date
from pathlib import Path

import pytest
from jobnet.project import lint, read_project

TODAY = date(2026, 11, 22)
NETWORK = "kind: network\nname: nightly\nflow: [{wait_for: 1s}]\n"
LATE = 'kind: calendar\nname: late\nweek: {open: [mon]}\nbase_time: "06:00"\n'
EVERY = "kind: calendar\nname: every\nweek: {open: [mon, tue, wed, thu, fri, sat, sun]}\n"
BERLIN = "timezone: Europe/Berlin"
HEAD = "kind: schedule, name: s, networks: [nightly]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{kind: schedule, name: s, networks: [nightly]}", []),
        ("{kind: schedule, name: s, networks: [nightly, nigtly]}",
         [("unknown_network", "networks[1]")]),
        (f"{{{HEAD}, calendar: lat}}", [("unknown_calendar", "calendar[0]")]),
        (f"{{{HEAD}, calendar: late, rules: [{{at: ['05:00', '07:00']}}]}}",
         [("clock_below_base_time", "rules[0].at[0]")]),
        (f"{{{HEAD}, {BERLIN}, rules: [{{at: '02:30'}}]}}",
         [("clock_in_gap", "rules[0].at[0]")]),
        (f"{{{HEAD}, {BERLIN}, calendar: every, rules: [{{at: ['26:30']}}]}}",
         [("clock_in_gap", "rules[0].at[0]")]),
        (f"{{{HEAD}, {BERLIN}, dst: {{gap: skip}}, rules: [{{at: ['02:30']}}]}}", []),
        (f"{{{HEAD}, {BERLIN}, calendar: late, rules: [{{at: ['26:30']}}]}}", []),
        (f"{{{HEAD}, rules: [{{at: soon}}, {{cron: '* * * * *'}}, {{at: [[1]]}}]}}", []),
        ("{kind: queue, name: q, forward_to: [gone]}", [("unknown_queue", "forward_to[0]")]),
        ("{kind: notification, name: n, to: [{mail: a@b.c}], escalate: [{after: 1h, to: [gone]}]}",
         [("unknown_notification", "escalate[0].to[0]")]),
    ],
)  # fmt: skip
def test_what_a_document_names_must_be_there(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    (tmp_path / "other.yml").write_text(f"{NETWORK}---\n{LATE}---\n{EVERY}")
    (tmp_path / "one.yml").write_text(text)

    found = lint(read_project([tmp_path]), today=TODAY)

    assert [(one.code, one.path) for one in found] == expected
