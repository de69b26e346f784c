"""What is written on each kind of part: one line per kind, as the picture of every part has it."""

from datetime import date

import pytest
from jobnet.calendars import DayRule
from jobnet.calendars.day_rule import Cycle, CycleUnit, NthWeekday
from jobnet.calendars.days import DayState, Weekday
from jobnet.engine.kinds import KINDS
from jobnet.pictures.day_words import day_words
from jobnet.pictures.details import KIND_WORDS
from jobnet.pictures.looks import ICONS

from tests.pictures.reading import NETWORKS, drawn, parts_of

CARDS = {
    "wait_orders": (
        "Orders are there",
        "File wait: /var/spool/orders.csv created on app",
        "timeout 2h, skip",
    ),
    "extract": ("Extract", "Job: command: extract on app", ""),
    "regions": ("Regions", "Parallel", ""),
    "load_eu": ("Load EU", "Job: command: load eu on app", "2 retries"),
    "approve_fx": ("Approve the rates", "Dialog: post / reject", "timeout 1h"),
    "tell_us": ("tell_us", "Notify: to ops@example.com", "on error: continue"),
    "batch_apac": ("Load APAC", "Network: load_apac", ""),
    "batch_apac.fetch": ("Fetch", "Job: command: fetch on apac", ""),
    "month_end": ("Month end", "Calendar branch", ""),
    "tell_ledger": ("tell_ledger", "Event send: books_closed", ""),
    "wait_for_1": ("For 5m", "Time wait", ""),
    "equal": ("Are they equal", "Branch", ""),
    "again": ("again", "Continuity: back to reconcile, at most 3 times, every 10s", ""),
    "per_customer": ("Customers", "For each: customer, 4 at a time", ""),
    "guarded": ("Guarded", "Block", ""),
    "publish": ("Publish", "Job: command: publish on app", "end by 05:00"),
    "wait_until_1": ("Until 06:00", "Time wait", ""),
    "ack": ("Acknowledged", "OR branch: first one wins, others cancelled", ""),
    "bank_ack": ("The bank answers", "Event wait: bank_ack", ""),
    "cutoff": ("Cut-off", "Time wait: for 10m", ""),
    "others": ("Other settlement", "Network wait: load_apac", "when false, timeout 1h"),
    "extracted": ("All was extracted", "Part wait: extract", "timeout 1h"),
}


@pytest.mark.parametrize("key", CARDS)
def test_a_part_says_its_name_its_kind_and_what_changes_its_way(key: str) -> None:
    [step] = [one for one in parts_of(drawn(NETWORKS / "every_part.yml")) if one.key == key]

    assert (step.name, step.says, step.notes) == CARDS[key]


def test_the_example_has_every_kind_of_part() -> None:
    kinds = {one.kind for one in parts_of(drawn(NETWORKS / "every_part.yml"))}

    assert kinds == set(KINDS.values()) == set(KIND_WORDS) == set(ICONS)


def test_each_way_has_its_name() -> None:
    steps = {one.key: one for one in parts_of(drawn(NETWORKS / "every_part.yml"))}

    labels = {key: [lane.label for lane in step.lanes] for key, step in steps.items() if step.lanes}

    assert labels["regions"] == ["EU", "US", "APAC"]
    assert labels["month_end"] == ["last open day", "otherwise"]
    assert labels["equal"] == ["parts.reconcile.exit_code == 1", "hopeless", "otherwise"]
    assert labels["per_customer"] == ["each customer"]
    assert labels["ack"] == ["", ""]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (DayRule(state=DayState.OPEN), "open days"),
        (DayRule(nth_open_day=(1, -1)), "1st, last open day"),
        (DayRule(nth_closed_day=(2,)), "2nd closed day"),
        (DayRule(day_of_month=(25, -3)), "25th, 3rd last day of the month"),
        (DayRule(day_of_month=(1, 2, 3, 4, 5)), "1st, 2nd, 3rd and 2 more day of the month"),
        (DayRule(nth_weekday=(NthWeekday(nth=-1, weekday=Weekday.FRI),)), "last Fri"),
        (DayRule(dates=frozenset({date(2026, 12, 31)})), "2026-12-31"),
        (DayRule(every=Cycle(n=2, unit=CycleUnit.WEEK, start=date(2026, 1, 5))), "every 2 weeks"),
        (DayRule(every=Cycle(n=1, unit=CycleUnit.DAY, start=date(2026, 1, 5))), "every day"),
        (DayRule(months=(3, 9)), "in month 3, 9"),
        (DayRule(day_of_month=(5,), offset_open_days=-1), "5th day of the month -1 open days"),
    ],
)
def test_a_day_rule_is_said_in_words(rule: DayRule, words: str) -> None:
    assert day_words(rule) == words
