"""Schedules over REST."""

import pytest

from tests.rest.serving import Caller, Served

SCHEDULES = """
kind: calendar
name: head_office
week: {open: [mon, tue, wed, thu, fri]}
timezone: Asia/Tokyo
valid: {to: 2090-12-31}
---
kind: schedule
name: month_end
folder: ops
networks: [ask]
calendar: head_office
params: {}
rules:
  - {nth_open_day: -1, at: ["21:55", "25:30"]}
---
kind: schedule
name: on_files
networks: [ask]
start_on: {event: {name: files}}
"""


@pytest.fixture(scope="module", autouse=True)
def _schedules(one_controller: Served) -> None:
    one_controller.apply(SCHEDULES, "schedules.yml")


def test_schedules_are_listed_as_they_count(visitor: Caller) -> None:
    items = {one["name"]: one for one in visitor.shown("/schedules")["items"]}

    assert items["ops/month_end"]["zones"] == {"ask": "Asia/Tokyo"}
    assert items["ops/month_end"]["known_until"] is not None
    assert items["on_files"]["starts_on_condition"]


def test_the_next_starts_are_listed_after_an_instant(visitor: Caller) -> None:
    found = visitor.shown("/schedules/ops/month_end/next", count=2, after="2026-05-01T00:00:00Z")

    assert [one["start"] for one in found["items"]] == [
        "2026-05-29T12:55:00Z",
        "2026-05-29T16:30:00Z",
    ]
    assert found["items"][1]["key"]["nominal"] == "25:30"


def test_a_day_is_explained_rule_by_rule(visitor: Caller) -> None:
    found = visitor.shown("/schedules/ops/month_end/explain", day="2026-05-29")

    assert (found["has_starts"], len(found["rules"])) == (True, 1)
    assert [one["end"] for one in found["rules"][0]["items"]] == ["planned", "planned"]


def test_a_schedule_is_shown_with_the_addresses_of_what_belongs_to_it(visitor: Caller) -> None:
    related = visitor.shown("/schedules/ops/month_end")["related"]

    answers = {visitor.get(one.removeprefix("/api/v1")).status_code for one in related.values()}

    assert answers == {200}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/schedules/ops/month_and", 404, "document_not_found"),
        ("/schedules/on_files/next", 422, "schedule_silent"),
        ("/schedules/ops/month_end/next?count=1001", 422, "request_not_understood"),
        ("/schedules/ops/month_end/explain?day=2091-05-29", 422, "calendar_ends"),
        ("/schedules/ops/month_end/explain?day=29.5.", 422, "request_not_understood"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    visitor: Caller, path: str, status: int, code: str
) -> None:
    answer = visitor.get(path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
