"""Calendars as they are shown: days with reasons, the place of a day, what is unknown."""

from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent

import pytest
from jobnet.errors.calendars import SpanTooLong
from jobnet.errors.definitions import DocumentNotInFiles
from jobnet.errors.project import DefinitionRefused
from jobnet.project import read_project
from jobnet.services.controller.calendars import DAYS_MAX, Calendars
from jobnet.services.controller.document_texts import FileTexts

NOW = datetime(2026, 5, 3, 20, tzinfo=UTC)  # the 4th in Tokyo
OFFICE = """
kind: calendar
name: head_office
title: The head office
week: {open: [mon, tue, wed, thu, fri]}
days: {2026-05-04: closed}
timezone: Asia/Tokyo
valid: {from: 2026-01-01, to: 2026-12-31}
"""


def calendars(folder: Path, text: str = OFFICE) -> Calendars:
    (folder / "calendars.yml").write_text(dedent(text), encoding="utf-8")
    texts = FileTexts(reading=read_project([folder]), path=str(folder))
    return Calendars(texts, now=lambda: NOW, zone="Europe/Berlin")


def test_a_calendar_is_shown_with_what_it_inherits(tmp_path: Path) -> None:
    found = calendars(
        tmp_path, f'{OFFICE}---\nkind: calendar\nname: branch\nextends: head_office\n'
        'base_time: "06:00"\n',
    ).show("branch")  # fmt: skip

    assert (found.made_of, found.zone, found.base_time) == (("head_office",), "Asia/Tokyo", "06:00")
    assert found.valid_to == date(2026, 12, 31)
    assert found.problem == ""


def test_a_calendar_that_cannot_be_asked_is_listed_with_why(tmp_path: Path) -> None:
    asked = calendars(tmp_path, "kind: calendar\nname: half\nmonths: {may: {week: {open: [mon]}}}")

    (found,) = asked.listed()

    assert "which weekdays are open" in found.problem


def test_a_calendar_with_errors_is_listed_and_refused(tmp_path: Path) -> None:
    asked = calendars(tmp_path, "kind: calendar\nname: odd\nweek: {open: [mondy]}")

    (found,) = asked.listed()

    assert "mondy" in found.problem
    with pytest.raises(DefinitionRefused):
        asked.explain("odd", date(2026, 5, 4))


def test_days_begin_today_in_the_zone_of_the_calendar(tmp_path: Path) -> None:
    found = calendars(tmp_path).days("head_office").items

    assert (found[0].day, found[0].state) == (date(2026, 5, 4), "closed")
    assert found[0].reason == "closed (single date, calendar head_office)"
    assert len(found) == 32


def test_days_beyond_the_validity_are_unknown_and_say_why(tmp_path: Path) -> None:
    asked = calendars(tmp_path)

    inside, outside = asked.days("head_office", date(2026, 12, 31), date(2027, 1, 1)).items

    assert (inside.state, outside.state) == ("open", "unknown")
    assert "says nothing about 2027-01-01" in outside.reason


def test_a_span_has_a_bound(tmp_path: Path) -> None:
    asked = calendars(tmp_path)
    first = date(2020, 1, 1)

    with pytest.raises(SpanTooLong):
        asked.days("head_office", first, date.fromordinal(first.toordinal() + DAYS_MAX))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_of_the_world_have_an_answer(tmp_path: Path, day: date) -> None:
    found = calendars(tmp_path).explain("head_office", day)

    assert found.day.state == "unknown"
    assert found.place.open_days is None


def test_a_day_has_its_place_among_the_open_ones(tmp_path: Path) -> None:
    place = calendars(tmp_path).explain("head_office", date(2026, 5, 5)).place

    assert (place.nth_open, place.nth_open_from_end, place.open_days) == (2, -19, 20)
    assert place.previous_open_day == date(2026, 5, 1)
    assert place.next_open_day == date(2026, 5, 6)


def test_a_closed_day_has_no_place_among_the_open_ones(tmp_path: Path) -> None:
    place = calendars(tmp_path).explain("head_office", date(2026, 5, 4)).place

    assert (place.nth_open, place.nth_open_from_end) == (None, None)
    assert place.next_open_day == date(2026, 5, 5)


def test_a_month_that_begins_on_the_21st_is_the_month_of_a_day(tmp_path: Path) -> None:
    text = f"{OFFICE}month_starts_on: 21\n"

    place = calendars(tmp_path, text).explain("head_office", date(2026, 5, 22)).place

    assert place.month == "2026-06"
    assert (place.month_first, place.month_last) == (date(2026, 5, 21), date(2026, 6, 20))


def test_a_name_that_is_not_there_is_refused_with_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentNotInFiles, match="did you mean 'head_office'"):
        calendars(tmp_path).show("head_ofice")


def test_a_check_compares_with_calendars_of_the_same_origin(tmp_path: Path) -> None:
    branch = "---\nkind: calendar\nname: {}\nextends: head_office\ndays: {{2026-06-01: {}}}\n"
    text = OFFICE + branch.format("east", "closed") + branch.format("west", "open")

    found = calendars(tmp_path, text).check("east")

    assert found.sisters == ("west",)
    assert [one.first for one in found.items] == [date(2026, 6, 1)]
    assert found.country == ""


def test_a_calendar_that_ends_is_exported_to_its_end(tmp_path: Path) -> None:
    text = calendars(tmp_path).ics("head_office", is_complete=True)

    assert "DTEND;VALUE=DATE:20270101" in text
    assert "DTSTART;VALUE=DATE:2027" not in text
