"""Calendars over REST."""

import pytest

from tests.rest.serving import Caller, Served

CALENDARS = """
kind: calendar
name: head_office
title: The head office
week: {open: [mon, tue, wed, thu, fri]}
days: {2026-05-04: closed}
timezone: Asia/Tokyo
valid: {from: 2026-01-01, to: 2026-12-31}
---
kind: calendar
name: tokyo
folder: branches
extends: head_office
month_starts_on: 21
"""


@pytest.fixture(scope="module", autouse=True)
def _calendars(one_controller: Served) -> None:
    one_controller.apply(CALENDARS, "calendars.yml")


def test_calendars_are_listed_with_what_they_inherit(visitor: Caller) -> None:
    items = {one["name"]: one for one in visitor.shown("/calendars")["items"]}

    assert items["branches/tokyo"]["zone"] == "Asia/Tokyo"
    assert items["branches/tokyo"]["month_starts_on"] == 21
    assert items["head_office"]["valid_to"] == "2026-12-31"


def test_a_calendar_whose_name_has_a_slash_is_shown(visitor: Caller) -> None:
    found = visitor.shown("/calendars/branches/tokyo")

    assert found["made_of"] == ["head_office"]
    assert visitor.get(found["related"]["days"].removeprefix("/api/v1")).status_code == 200


def test_days_are_listed_with_their_reasons(visitor: Caller) -> None:
    found = visitor.shown("/calendars/head_office/days", first="2026-05-03", last="2026-05-05")

    assert [(one["day"], one["state"], one["layer"]) for one in found["items"]] == [
        ("2026-05-03", "closed", "week"),
        ("2026-05-04", "closed", "single_date"),
        ("2026-05-05", "open", "week"),
    ]


def test_a_day_is_explained(visitor: Caller) -> None:
    found = visitor.shown("/calendars/head_office/explain", day="2026-05-05")

    assert found["day"]["reason"] == "open (week, calendar head_office)"
    assert found["place"]["nth_open"] == 2


def test_a_calendar_that_is_not_there_is_404(visitor: Caller) -> None:
    answer = visitor.get("/calendars/head_ofice/days")

    assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found")
    assert answer.json()["near"] == "head_office"


def test_more_days_than_an_answer_holds_are_refused(visitor: Caller) -> None:
    query = {"first": "2020-01-01", "last": "2029-01-01"}

    answer = visitor.get("/calendars/head_office/days", params=query)

    assert (answer.status_code, answer.json()["code"]) == (422, "span_too_long")


def test_a_calendar_is_compared_with_those_of_the_same_origin(visitor: Caller) -> None:
    alone = visitor.shown("/calendars/head_office/check", country="JP")
    named = visitor.shown("/calendars/head_office/check", sister=["branches/tokyo"])

    assert (alone["sisters"], alone["country"]) == ([], "JP")
    assert named["sisters"] == ["branches/tokyo"]


def test_a_calendar_is_given_as_icalendar_text(visitor: Caller) -> None:
    span = {"first": "2026-05-01", "last": "2026-05-31"}

    answer = visitor.get("/calendars/head_office/ics", params=span)
    whole = visitor.get("/calendars/head_office/ics", params={**span, "complete": True})

    assert answer.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20260504" in answer.text
    assert len(whole.text) > len(answer.text)


@pytest.mark.parametrize("query", [{"country": "Japan"}, {"sister": ["nowhere"]}])
def test_a_comparison_with_what_is_not_there_is_refused(
    visitor: Caller, query: dict[str, str | list[str]]
) -> None:
    assert visitor.get("/calendars/head_office/check", params=query).status_code in {404, 422}
