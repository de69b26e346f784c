"""What is said of calendars that no network uses yet."""

from datetime import date
from pathlib import Path

import pytest
from jobnet.project import lint, read_file

TODAY = date(2026, 11, 22)
WEEK = "week: {open: [mon, tue]}\n"


def said(tmp_path: Path, *calendars: str) -> list[str]:
    texts = [f"kind: calendar\nname: {text}\n" for text in calendars]
    (tmp_path / "c.yml").write_text("---\n".join(texts))
    return [f"{one.code}: {one.what}" for one in lint(read_file(tmp_path / "c.yml"), today=TODAY)]


def test_a_calendar_for_others_to_extend_needs_no_week(tmp_path: Path) -> None:
    assert said(tmp_path, "bare\ndays: {2026-12-31: closed}") == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("extends: offise", "unknown_calendar: No calendar is called `offise`"),
        ("minus: [office, gone]", "unknown_calendar: No calendar is called `gone`"),
        (
            "shift: {calendar: office, by: gone, open_days: 1}",
            "unknown_calendar: No calendar is called `gone`",
        ),
        (
            f"{WEEK}holidays: {{country: XX}}",
            (
                "country_unknown: There are no national holidays for country 'XX'."
                " Use an ISO 3166 code such as JP, DE or US."
            ),
        ),
        (
            "union: [office, c]",
            (
                "calendar_cycle: These calendars need each other in a circle: c > c;"
                " take one of these names out of the calendar before it."
            ),
        ),
        (
            "union: [office, old]\nvalid: {from: 2026-06-01}",
            (
                "calendar_refused: Calendar 'c', valid: together with the calendars that it needs,"
                " it would begin on 2026-06-01 and end on 2025-12-31;"
                " no day is valid in all of them."
            ),
        ),
    ],
)
def test_a_calendar_that_cannot_be_made_is_told_before_a_network_uses_it(
    tmp_path: Path, lines: str, expected: str
) -> None:
    found = said(
        tmp_path, f"c\n{lines}", f"office\n{WEEK}", f"old\n{WEEK}valid: {{to: 2025-12-31}}"
    )

    assert expected in found


def test_a_calendar_that_is_made_of_one_that_ends_soon_is_told_as_well(tmp_path: Path) -> None:
    found = said(
        tmp_path, "both\nunion: [office, shop]", f"office\n{WEEK}valid: {{to: 2026-12-31}}",
        f"shop\n{WEEK}",
    )  # fmt: skip

    assert found == [
        "calendar_ends: The calendar `both` ends on 2026-12-31; no run is planned after",
        "calendar_ends: The calendar `office` ends on 2026-12-31; no run is planned after",
    ]
