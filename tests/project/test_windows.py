"""A window document becomes a definition, or every mistake in it is told at its place."""

from datetime import date
from pathlib import Path

import pytest
from jobnet.calendars import ClockTime
from jobnet.project import read_file
from jobnet.schedules import WindowAction, WindowDefinition

from tests.project.written import NETWORKS, read, told

HEAD = "kind: window\nname: w\nhosts: db\n"


def window(folder: Path, text: str) -> WindowDefinition:
    reading = read(folder, HEAD + text)
    assert not reading.has_errors, [str(one) for one in reading.problems]
    (value,) = (one.value for one in reading.documents)
    assert isinstance(value, WindowDefinition)
    return value


def spans(value: WindowDefinition) -> list[str]:
    return [f"{one.first}-{one.last}" for one in value.rules]


def test_every_word_of_a_window_is_read() -> None:
    documents = read_file(NETWORKS / "windows.yml").documents
    value = next(one.value for one in documents if one.kind == "window")

    assert isinstance(value, WindowDefinition)
    assert (value.hosts, value.nodes) == ("tills:&berlin", ("berlin",))
    assert (value.queues, value.networks) == (("batch",), ("stock_taking",))
    assert (value.calendar, value.timezone) == ("shop", "Europe/Berlin")
    assert (value.action, value.valid_from) == (WindowAction.WARN, date(2026, 4, 1))
    assert spans(value) == ["08:00-20:00", "05:00-06:30", "21:00-22:30"]
    assert value.rules[1].days.nth_open_day == (1,)


def test_parts_are_held_unless_a_window_says_else(tmp_path: Path) -> None:
    assert window(tmp_path, "rules: []\n").action is WindowAction.HOLD


def test_a_span_goes_on_after_midnight(tmp_path: Path) -> None:
    value = window(tmp_path, 'rules: [{from: "22:00", to: "30:00"}, {at: "23:00", for: 24h}]\n')

    assert spans(value) == ["22:00-30:00", "23:00-47:00"]
    assert value.rules[0].last > ClockTime(seconds=24 * 3600)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ('{from: "22:00", to: "06:00"}', '4:9: rules[0]: 22:00 comes after 06:00. Write "30:00".'),
        ('{from: "22:00", to: "22:00"}', "22:00 comes after 22:00"),
        ('{from: "22:00"}', "Nothing says from when to when. Add `from` and `to`"),
        ("{nth_open_day: 1}", "Nothing says from when to when."),
        ('{at: "22:00"}', "`at` and `for` belong together."),
        ("{for: 2h}", "`at` and `for` belong together."),
        ('{at: "22:00", for: 0}', "`at` and `for` belong together."),
        ('{at: "22:00", for: 26h}', "A span from 22:00 for so long goes beyond 47:59."),
        ('{at: "22:00", for: 2h, from: "01:00"}', "say two things"),
        ('{from: "22:00", to: "48:00"}', "4:29: rules[0].to: '48:00' is no clock time"),
        ('{from: "22:00", to: "23:00", nth_open_day: 99}', "nth_open_day"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, rules: str, expected: str) -> None:
    found = [told(one) for one in read(tmp_path, f"{HEAD}rules: [{rules}]\n").problems]

    assert len(found) == 1
    assert expected in found[0]


def test_hosts_are_a_pattern_and_no_template(tmp_path: Path) -> None:
    text = "kind: window\nname: w\nhosts: '{{ params.x }}'\n"

    (found,) = [told(one) for one in read(tmp_path, text).problems]

    assert found.startswith("3:8: hosts: Nothing is templated here")
