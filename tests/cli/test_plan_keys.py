"""Which start is meant by a few typed letters."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from jobnet.cli.plan_keys import key_text, meant, read_key
from jobnet.errors.client import CommandUsage


def start(
    network: str, nominal: str = "21:55", *, schedule: str = "nightly", day: str = "2026-05-29"
) -> dict[str, Any]:
    key = {
        "schedule": schedule, "network": network, "operating_day": day, "nominal": nominal,
    }  # fmt: skip
    return {"key": key}


NIGHT = (
    start("payroll/backup"),
    start("payroll/backup", "25:30"),
    start("payroll/backup", schedule=""),
    start("sales/report", "06:00"),
    start("sales/report", "06:00", day="2026-05-30"),
    start("sales/report_all", "06:00"),
)


def found(text: str) -> list[str]:
    return [key_text(one) for one in meant(read_key(text), iter(NIGHT))]


def test_a_key_is_read_with_all_of_its_pieces() -> None:
    typed = read_key("ops/nightly|payroll/backup@2026-05-29/02:30/2")

    assert (typed.schedule, typed.network) == ("ops/nightly", "payroll/backup")
    assert (typed.day, typed.nominal) == (date(2026, 5, 29), "02:30/2")


@pytest.mark.parametrize("one", NIGHT, ids=key_text)
def test_the_key_that_is_shown_means_its_start(one: dict[str, Any]) -> None:
    text = key_text(one)
    text = text if "|" in text else f"|{text}"

    assert found(text) == [key_text(one)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("payroll/backup@2026-05-29/25", ["nightly|payroll/backup@2026-05-29/25:30"]),
        ("report@2026-05-30", ["nightly|sales/report@2026-05-30/06:00"]),
        ("sales/report@2026-05-29", ["nightly|sales/report@2026-05-29/06:00"]),
        ("night|backup@2026-05-29/21", ["nightly|payroll/backup@2026-05-29/21:55"]),
        ("no_such_network", []),
        ("backup@2026-05-29/22", []),
    ],
)
def test_a_beginning_or_an_end_is_enough(text: str, keys: list[str]) -> None:
    assert found(text) == keys


def test_what_may_mean_several_gives_them_all() -> None:
    assert found("backup@2026-05-29/21:55") == [
        "nightly|payroll/backup@2026-05-29/21:55",
        "payroll/backup@2026-05-29/21:55",
    ]


def test_a_name_in_full_goes_before_one_that_begins_so() -> None:
    assert found("sales/report@2026-05-29/06:00") == ["nightly|sales/report@2026-05-29/06:00"]


@pytest.mark.parametrize("text", ["", "@2026-05-29", "nightly|", "backup@tomorow", "backup@29/21"])
def test_what_names_no_network_or_no_day_is_refused(text: str) -> None:
    with pytest.raises(CommandUsage):
        read_key(text)


def test_nothing_is_asked_of_starts_that_are_not_there() -> None:
    nobody: Iterator[dict[str, Any]] = iter(())

    assert meant(read_key("backup"), nobody) == []
