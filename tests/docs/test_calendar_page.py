"""The page on calendars: its documents are read, its days are as it says, its keys are all."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from jobnet.calendars import Calendar, CalendarDefinition, compile_calendar
from jobnet.project import GivenFile, Site, lint, read_texts
from jobnet.project.calendar_closures import CalendarClosure

from tests.docs.telling import FENCE

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "reference/calendars.md").read_text(encoding="utf-8")
FILE = Path("/p/calendars.yml")
TABLE = re.compile(r"^\| `(\w+)` on \| is \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", re.MULTILINE)
ROW = re.compile(r"^\| ([\d-]+) \| (.*) \|$", re.MULTILINE)
SAID = [
    (calendar, day, said)
    for calendar, rows in TABLE.findall(PAGE)
    for day, said in ROW.findall(rows)
]
READING = read_texts(
    [
        GivenFile(
            path=FILE,
            base=FILE.parent,
            text="---\n".join(fence["text"] for fence in FENCE.finditer(PAGE)),
            site=Site(file=FILE, root=FILE.parent),
        )
    ]
)


def calendar(name: str) -> Calendar:
    closure = CalendarClosure(READING.shelf)
    key = closure.take(name, "")
    return compile_calendar(closure.calendars[key], parents=closure.calendars)


def test_the_documents_of_the_page_are_read_without_a_word() -> None:
    assert len(READING.documents) == 9
    assert all(isinstance(one.value, CalendarDefinition) for one in READING.documents)
    assert lint(READING) == ()


@pytest.mark.parametrize(("name", "day", "said"), SAID)
def test_a_day_of_the_page_is_what_the_calendar_says(name: str, day: str, said: str) -> None:
    assert str(calendar(name).state_of(date.fromisoformat(day))) == said


def test_the_page_tells_of_every_key_of_the_schema_and_of_no_other() -> None:
    schema = json.loads((DOCS / "reference/schemas/calendar.json").read_text(encoding="utf-8"))
    table = PAGE.split("| Key | What it says |\n", 1)[1].split("\n\n", 1)[0]

    keys = re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines()))

    assert sorted(keys) == sorted(schema["properties"])


def test_the_days_of_the_page_are_many() -> None:
    assert len(SAID) >= 18
