"""Schedules that start nothing, too much, or what their networks refuse, are told."""

from datetime import date
from pathlib import Path

import pytest
from jobnet.project import Problem, lint, read_project

TODAY = date(2026, 11, 22)
BESIDE = """
{kind: network, name: nightly, flow: [{wait_for: 1s}]}
---
kind: network
name: typed
params: {to: {type: path}, rows: {type: int, default: 1}, what_came: {type: dict, default: {}}}
flow: [{wait_for: 1s}]
---
{kind: network, name: broken, flow: 5}
---
{kind: calendar, name: late, week: {open: [mon]}, base_time: "06:00"}
---
{kind: calendar, name: office, week: {open: [mon, tue, wed, thu, fri]}}
---
{kind: calendar, name: ends, week: {open: [mon]}, valid: {to: 2027-01-10}}
---
{kind: calendar, name: two_years, week: {open: [mon]}, valid: {to: 2027-12-31}}
---
{kind: calendar, name: never, week: {open: []}}
---
{kind: calendar, name: circle, extends: circle}
"""
HEAD = "kind: schedule\nname: s\nnetworks: [nightly]\n"
AT = 'rules: [{at: "22:00"}]\n'
BERLIN = "timezone: Europe/Berlin\n"
TYPED = "kind: schedule\nname: s\nnetworks: [typed]\n" + AT


def found(folder: Path, text: str, *, today: date | None = TODAY) -> list[Problem]:
    (folder / "ansible.cfg").touch()
    (folder / "beside.yml").write_text(BESIDE)
    (folder / "one.yml").write_text(text)
    problems = lint(read_project([folder]), today=today)
    return [one for one in problems if one.position.file.endswith("one.yml")]


def told(folder: Path, text: str) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in found(folder, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + AT, []),
        (HEAD, [("schedule_without_start", "rules")]),
        (
            HEAD + "start_on: {event: {name: nightly}}\n",
            [("event_without_sender", "start_on.event.name")],
        ),
        (
            "kind: schedule\nname: s\nnetworks: [nightly, nigtly]\n" + AT,
            [("unknown_network", "networks[1]")],
        ),
        (
            "kind: schedule\nname: s\nnetworks: [broken]\n" + AT,
            [("network_with_errors", "networks[0]")],
        ),
        (HEAD + AT + "calendar: lat\n", [("unknown_calendar", "calendar")]),
        (HEAD + AT + "calendar: circle\n", [("calendar_cycle", "calendar")]),
        (
            HEAD + AT + "exclude: [{calendar: gone}]\n",
            [("unknown_calendar", "exclude[0].calendar")],
        ),
    ],
)
def test_what_a_schedule_names_must_be_there(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    assert told(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "calendar: late\nrules: [{at: ['05:00', '07:00']}]\n",
            [("clock_below_base_time", "rules[0].at[0]")],
        ),
        (
            "calendar: late\nrules: [{repeat: {every: 1h, from: '05:00', to: '09:00'}}]\n",
            [("clock_below_base_time", "rules[0].repeat.from")],
        ),
        (BERLIN + "rules: [{at: '02:30'}]\n", [("clock_in_gap", "rules[0].at[0]")]),
        (BERLIN + "rules: [{cron: '30 2 * * *'}]\n", [("clock_in_gap", "rules[0].cron")]),
        (BERLIN + "rules: [{cron: '*/5 * * * *'}]\n", []),
        (BERLIN + "calendar: office\nrules: [{at: ['26:30']}]\n", []),
        (BERLIN + "rules: [{at: ['26:30']}]\n", [("clock_in_gap", "rules[0].at[0]")]),
        (BERLIN + "dst: {gap: shift}\nrules: [{at: ['02:30']}]\n", []),
        (BERLIN + "calendar: late\nrules: [{at: ['26:30']}]\n", []),
    ],
)
def test_a_time_that_a_day_does_not_have_is_told(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    assert told(tmp_path, HEAD + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules: [{dates: [2026-11-21], at: '22:00'}]\n", "rule_never_fires"),
        ("rules: [{dates: [2026-11-22], at: '22:00'}]\n", ""),
        ("calendar: never\n" + AT, "rule_never_fires"),
        ("calendar: never\nrules: [{nth_closed_day: 1, at: '22:00'}]\n", ""),
        ("calendar: office\nrules: [{day_of_month: 15, months: [8], at: '22:00'}]\n", ""),
        ("rules: [{day_of_month: 31, months: [2], at: '22:00'}]\n", "schedule_refused"),
        ("rules: [{months: [8], at: '22:00'}]\nexclude: [{months: [8]}]\n", "rule_never_fires"),
        (AT + "exclude: [{calendar: never}]\n", "rule_never_fires"),
        (AT + "pause: {from: 2026-11-01}\n", "rule_never_fires"),
        (AT + "pause: {from: 2026-11-01, to: 2027-11-01}\n", ""),
        ("rules: [{months: [8], at: '22:00'}]\nvalid: {to: 2027-07-31}\n", "rule_never_fires"),
        (AT + "valid: {from: 2040-01-01}\n", ""),
        ("calendar: two_years\nrules: [{dates: [2026-01-05], at: '22:00'}]\n", "rule_never_fires"),
        (AT + "valid: {to: 2026-11-21}\n", "schedule_ended"),
        (AT + "valid: {to: 2026-11-22}\n", ""),
        ("calendar: ends\n" + AT, "schedule_runs_out"),
        ("calendar: ends\n" + AT + "valid: {to: 2027-01-10}\n", ""),
        ("calendar: ends\nrules: [{dates: [2027-06-01], at: '22:00'}]\n", "schedule_runs_out"),
        ("rules: [{repeat: {every: 2h, from: '08:00', to: '09:59'}}]\n", "repeats_once"),
        ("rules: [{repeat: {every: 2h, from: '08:00', to: '10:00'}}]\n", ""),
        ("rules: [{repeat: {every: 59s, from: '08:00', to: '10:00'}}]\n", "repeats_often"),
        ("rules: [{repeat: {every: 60s, from: '08:00', to: '10:00'}}]\n", ""),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_do_what_it_looks_like_is_told(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert [one.code for one in found(tmp_path, HEAD + text)] == [expected] * bool(expected)


def test_nothing_is_said_of_days_where_nobody_says_what_day_it_is(tmp_path: Path) -> None:
    text = HEAD + "rules: [{dates: [2020-01-01], at: '22:00'}]\n"

    assert found(tmp_path, text, today=None) == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("{to: /srv, rows: 5}", []),
        ("{to: /srv, rows: '5'}", []),
        ("{rows: 5}", [("missing_param", "params")]),
        ("{to: /srv, rows: many}", [("wrong_type", "params.rows")]),
        ("{to: /srv, row: 5}", [("unknown_param", "params.row")]),
        ("{to: '/srv/{{ operating_day }}'}", [("not_templated", "params.to")]),
    ],
)
def test_params_are_those_that_the_network_declares(
    tmp_path: Path, params: str, expected: list[tuple[str, str]]
) -> None:
    assert told(tmp_path, f"{TYPED}params: {params}\n") == expected


def test_what_came_counts_as_a_param_where_nothing_else_starts_the_network(
    tmp_path: Path,
) -> None:
    head = "kind: schedule\nname: s\nnetworks: [typed]\nparams: {to: /srv}\n"
    source = "start_on: {webhook: {path: a, credential: gone}, as: %s}\n"

    good = told(tmp_path, head + source % "what_came")
    unknown = told(tmp_path, head + source % "gone")
    wrong = told(tmp_path, head + source % "rows")

    no_secret = ("unknown_credential", "start_on.webhook.credential")
    assert good == [no_secret]
    assert unknown == [no_secret, ("unknown_param", "start_on.as")]
    assert wrong == [no_secret, ("wrong_type", "start_on.as")]


def test_two_schedules_with_the_same_starts_are_told_once(tmp_path: Path) -> None:
    same = HEAD.replace("name: s", "name: t")
    other = HEAD.replace("name: s", "name: u") + "rules: [{at: '22:01'}]\n"

    (only,) = found(tmp_path, f"{HEAD}{AT}---\n{same}{AT}---\n{other}")

    assert (only.code, only.position.line) == ("doubled_schedule", 8)
    assert only.what == "`s` gives `nightly` the very same starts"


def test_a_remark_stands_at_the_line_of_its_rule(tmp_path: Path) -> None:
    rules = 'rules:\n  - at: "22:00"\n  - dates: [2020-01-01]\n    at: "22:00"\n'

    (only,) = found(tmp_path, HEAD + rules)

    assert (only.code, only.position.line, only.position.column) == ("rule_never_fires", 6, 5)
