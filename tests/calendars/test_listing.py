from datetime import date, timedelta

import pytest
from jobnet.calendars import EVERY_DAY_OPEN, explain_days
from jobnet.calendars.calendar import SPAN_DAYS_MAX
from jobnet.errors.calendars import CalendarEnds, SpanTooLong

from tests.calendars.calendar_builders import day, office


def test_each_day_of_a_span_is_listed_with_its_verdict() -> None:
    found = explain_days(office("2026-05-01"), day("2026-05-01"), day("2026-05-04"))

    assert [(str(one), str(verdict)) for one, verdict in found] == [
        ("2026-05-01", "closed (single date, calendar office)"),
        ("2026-05-02", "closed (week, calendar office)"),
        ("2026-05-03", "closed (week, calendar office)"),
        ("2026-05-04", "open (week, calendar office)"),
    ]


def test_a_span_that_ends_before_it_begins_has_no_days() -> None:
    assert explain_days(office(), day("2026-05-02"), day("2026-05-01")) == ()


def test_a_span_that_leaves_the_validity_is_refused() -> None:
    with pytest.raises(CalendarEnds):
        explain_days(office(valid=(None, "2026-05-01")), day("2026-05-01"), day("2026-05-02"))


def test_a_span_has_a_limit() -> None:
    last = date.min + timedelta(days=SPAN_DAYS_MAX)

    assert len(explain_days(EVERY_DAY_OPEN, date(1, 1, 2), last)) == SPAN_DAYS_MAX
    with pytest.raises(SpanTooLong):
        explain_days(EVERY_DAY_OPEN, date.min, last)
