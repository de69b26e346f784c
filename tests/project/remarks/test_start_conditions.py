"""What starts networks for ever, never, or without what they need, is told."""

from datetime import date
from pathlib import Path

import pytest
from jobnet.project import Problem, lint, read_project

TODAY = date(2026, 11, 22)
FLOW = "flow: [{wait_for: 1s}]\n"
HOOK = "{webhook: {path: %s, credential: %s}}"
HEAD = f"kind: network\nname: n\n{FLOW}"
BESIDE = f"""
kind: network
name: sender
flow: [{{send_event: {{name: orders, data: {{rows: 1}}}}}}]
---
{{kind: credential, name: key, type: token, value: {{env: KEY}}}}
---
{{kind: credential, name: key2, type: token, value: {{env: KEY2}}}}
---
{{kind: credential, name: kept, type: token, value: stored}}
---
{{kind: calendar, name: late, week: {{open: [mon]}}, base_time: "06:00"}}
---
kind: network
name: target
params: {{what_came: {{type: dict, default: {{}}}}}}
{FLOW}"""


def found(folder: Path, text: str) -> list[Problem]:
    (folder / "beside.yml").write_text(BESIDE)
    (folder / "one.yml").write_text(text)
    return list(lint(read_project([folder]), today=TODAY))


def told(folder: Path, start_on: str, *, more: str = "") -> list[tuple[str, str]]:
    text = f"{HEAD}start_on: {start_on}\n{more}"
    return [(one.code, one.path) for one in found(folder, text)]


@pytest.mark.parametrize(
    ("start_on", "expected"),
    [
        ("{event: {name: orders}}", []),
        ("{event: {name: orderz}}", [("event_without_sender", "start_on.event.name")]),
        (
            "{all: [{network: sender}, {event: {name: orderz}}]}",
            [("event_without_sender", "start_on.all[1].event.name")],
        ),
        ("{network: gone}", [("unknown_network", "start_on.network")]),
        (
            "{any: [{network: sender}, {network: gone}]}",
            [("unknown_network", "start_on.any[1].network")],
        ),
        ("{webhook: {path: a, credential: key}}", []),
        (
            "{webhook: {path: a, credential: gone}}",
            [("unknown_credential", "start_on.webhook.credential")],
        ),
        (
            "{webhook: {path: a, credential: kept}}",
            [("hook_unreadable", "start_on.webhook.credential")],
        ),
        (
            "{any: [" + HOOK % ("a", "key") + ", " + HOOK % ("/a", "key2") + "]}",
            [("hook_taken", "start_on.any[1].webhook.path")],
        ),
    ],
)
def test_what_a_condition_names_must_be_there(
    tmp_path: Path, start_on: str, expected: list[tuple[str, str]]
) -> None:
    assert told(tmp_path, start_on) == expected


def test_a_network_may_be_elsewhere_and_a_credential_may_not(tmp_path: Path) -> None:
    text = (
        f"{HEAD}start_on: {{all: [{{network: gone}}, {{webhook: {{path: a, credential: b}}}}]}}\n"
    )

    assert [one.is_error for one in found(tmp_path, text)] == [False, True]


def test_a_calendar_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    found_one = told(tmp_path, "{network: sender}", more="calendar: gone\n")

    assert found_one == [("unknown_calendar", "calendar")]


@pytest.mark.parametrize(
    ("start_on", "expected"),
    [
        ("{event: {name: orders}, as: x}", []),
        ("{event: {name: orders}}", ["missing_param"]),
        ("{any: [{event: {name: orders}, as: x}, {network: sender}]}", ["missing_param"]),
        ("{all: [{event: {name: orders}, as: x}, {network: sender}]}", []),
        ("{event: {name: orders}, as: x, once_per: operating_day}", ["once_per_loses"]),
    ],
)
def test_what_starts_a_network_gives_what_it_needs(
    tmp_path: Path, start_on: str, expected: list[str]
) -> None:
    codes = [one for one, _ in told(tmp_path, start_on, more="params: {x: {type: dict}}\n")]

    assert codes == expected


def test_a_condition_that_counts_before_the_day_begins_is_told(tmp_path: Path) -> None:
    before = "{network: sender, within: {from: '01:00', to: '05:00'}}"
    after = "{network: sender, within: {from: '01:00', to: '07:00'}}"

    assert told(tmp_path, before, more="calendar: late\n") == [
        ("clock_below_base_time", "start_on.within.to")
    ]
    assert told(tmp_path, after, more="calendar: late\n") == []


def started_by(**conditions: str) -> str:
    return "---\n".join(
        f"kind: network\nname: {name}\nstart_on: {start_on}\n{FLOW}"
        for name, start_on in conditions.items()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (started_by(a="{network: a}"), "error: `a` starts itself whenever it ends"),
        (started_by(a="{network: c, result: ended}", b="{network: a}", c="{any: [{network: b}]}"),
         "error: These networks start each other whenever they end: a, b, c"),
        (started_by(a="{network: b}", b="{all: [{network: a}, {event: {name: orders}}]}"),
         "warning: These networks start each other whenever they end: a, b"),
        (started_by(a="{network: b}", b="{all: [{network: a}]}"),
         "error: These networks start each other whenever they end: a, b"),
        (started_by(a="{network: b}", b="{network: a, once_per: operating_day}"), ""),
        (started_by(a="{network: sender}", b="{network: a}", c="{network: a}"), ""),
        ("{kind: schedule, name: s, networks: [target], start_on: {network: target}}",
         "error: `target` starts itself whenever it ends"),
    ],
)  # fmt: skip
def test_networks_that_start_each_other_for_ever_are_told(
    tmp_path: Path, text: str, expected: str
) -> None:
    problems = [one for one in found(tmp_path, text) if one.code == "start_circle"]

    assert [f"{one.severity.value}: {one.what}" for one in problems] == [expected] * bool(expected)


def test_each_circle_is_told_once(tmp_path: Path) -> None:
    text = started_by(
        a="{network: b}", b="{network: a}", c="{network: d}", d="{network: c}", e="{network: e}"
    )

    problems = [one for one in found(tmp_path, text) if one.code == "start_circle"]

    assert [one.what.rpartition(": ")[2][:4] for one in problems] == ["a, b", "c, d", "`e` "]
