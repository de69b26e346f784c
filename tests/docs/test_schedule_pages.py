"""The pages on schedules, windows and start conditions say what the code says."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    CalendarDefinition,
    compile_calendar,
    find_zone,
)
from jobnet.project import GivenFile, Reading, Site, lint, read_texts
from jobnet.project.schedule_bundles import schedules_of, windows_of
from jobnet.schedules.compilation import compile_schedule
from jobnet.schedules.windows import spans

from tests.docs.telling import FENCE

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference"
PAGES = {name: (REFERENCE / f"{name}.md").read_text(encoding="utf-8")
         for name in ("schedules", "windows", "start-conditions")}  # fmt: skip
BESIDE = """
{kind: calendar, name: head_office, week: {open: [mon, tue, wed, thu, fri]},
 holidays: {country: JP}, timezone: Asia/Tokyo}
---
{kind: calendar, name: shop, week: {open: [mon, tue, wed, thu, fri, sat]}, timezone: Europe/Berlin}
---
{kind: network, name: monthly_backup, flow: [{wait_for: 1s}]}
---
{kind: network, name: transfer, flow: [{wait_for: 1s}]}
---
{kind: network, name: stock_taking, flow: [{wait_for: 1s}]}
---
{kind: network, name: extract, flow: [{send_event: {name: go}}]}
---
{kind: credential, name: shop_hook, type: token, value: {env: SHOP_HOOK}}
"""
"""What the documents of the pages name and do not show."""

BEGIN = {
    "by_night": datetime(2027, 1, 1, tzinfo=UTC),
    "every_ten_minutes": datetime(2026, 5, 6, tzinfo=UTC),
}
USUAL_BEGIN = datetime(2026, 4, 30, 15, tzinfo=UTC)
WINDOWS_BEGIN = datetime(2026, 5, 31, 22, tzinfo=UTC)
STARTS = re.compile(r"^\| `(\w+)` starts \| .*\n\|[-|]+\n((?:\| .*\n)+)", re.MULTILINE)
SPANS = re.compile(r"^\| `(\w+)` opens \| .*\n\|[-|]+\n((?:\| .*\n)+)", re.MULTILINE)
SHOWN = "%Y-%m-%d %H:%M %Z"


def reading_of(name: str) -> Reading:
    file = Path("/p/page.yml")
    texts = [fence["text"] for fence in FENCE.finditer(PAGES[name]) if fence["kind"] == "yaml"]
    site = Site(file=file, root=file.parent)
    text = "---\n".join([*texts, BESIDE])
    return read_texts([GivenFile(path=file, base=file.parent, text=text, site=site)])


def calendar(name: str | None, known: dict[str, CalendarDefinition]) -> Calendar:
    return EVERY_DAY_OPEN if name is None else compile_calendar(known[name], parents=known)


@pytest.mark.parametrize("name", PAGES)
def test_the_documents_of_a_page_are_read_without_a_word(name: str) -> None:
    reading = reading_of(name)

    assert [str(one) for one in lint(reading)] == []


@pytest.mark.parametrize(("name", "rows"), STARTS.findall(PAGES["schedules"]))
def test_a_schedule_of_the_page_starts_when_the_page_says(name: str, rows: str) -> None:
    planned = schedules_of(reading_of("schedules"))[name]
    compiled = compile_schedule(
        planned.definition,
        calendar=calendar(planned.definition.calendar, dict(planned.calendars)),
        zones={network: zone or "UTC" for network, zone in planned.zones.items()},
    )
    said = rows.splitlines()

    found = compiled.next_starts(BEGIN.get(name, USUAL_BEGIN), len(said))

    assert said == [
        f"| {one.start.astimezone(find_zone(one.zone)):{SHOWN}} | {one.key.operating_day} |"
        for one in found
        if one.start is not None
    ]


@pytest.mark.parametrize(("name", "rows"), SPANS.findall(PAGES["windows"]))
def test_a_window_of_the_page_opens_when_the_page_says(name: str, rows: str) -> None:
    planned = windows_of(reading_of("windows"))[name]
    zone = find_zone(planned.zone or "UTC")
    said = rows.splitlines()

    found = spans(
        planned.definition,
        calendar(planned.definition.calendar, dict(planned.calendars)),
        name=name,
        zone=zone,
        first=WINDOWS_BEGIN,
        last=WINDOWS_BEGIN + timedelta(days=60),
    )

    assert said == [
        f"| {one.first.astimezone(zone):{SHOWN}} | {one.last.astimezone(zone):{SHOWN}} |"
        for one in found[: len(said)]
    ]


def test_the_starts_and_spans_of_the_pages_are_many() -> None:
    assert len(STARTS.findall(PAGES["schedules"])) >= 5
    assert len(SPANS.findall(PAGES["windows"])) >= 2


def schema_of(kind: str) -> dict[str, Any]:
    text = (REFERENCE / f"schemas/{kind}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def words(schema: dict[str, Any], known: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the keys below a schema with dots; start conditions have a page of their own."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    for one in schema.get("anyOf", ()):
        yield from words(one, known, path)
    if isinstance(schema.get("items"), dict):
        yield from words(schema["items"], known, path)
    for key, inner in schema.get("properties", {}).items():
        word = f"{path}.{key}" if path else key
        yield word
        if key not in {"start_on", "all", "any"}:
            yield from words(inner, known, word)


def told(page: str) -> set[str]:
    table = page.split("| Key | What it says |\n", 1)[1].split("\n\n", 1)[0]
    return set(re.findall(r"`([\w.]+)`", "".join(row.split("|")[1] for row in table.splitlines())))


@pytest.mark.parametrize(("page", "kind"), [("schedules", "schedule"), ("windows", "window")])
def test_a_page_tells_of_every_key_of_the_schema_and_of_no_other(page: str, kind: str) -> None:
    schema = schema_of(kind)

    assert told(PAGES[page]) == set(words(schema, schema["$defs"]))


def test_the_page_on_start_conditions_tells_of_every_key_and_of_no_other() -> None:
    known = schema_of("network")["$defs"]
    every = set(words(known["StartOnShape"], known)) - {
        "file",
        "event",
        "webhook",
        "within",
        "mail",
    }

    assert told(PAGES["start-conditions"]) == every
