"""What there is to be had: the definitions, and above them what was set at run time."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from jobnet.definition import Network, Overlap, Queue
from jobnet.ids import NetworkName, OperatorName
from jobnet.ports.store.queues import SettingRow
from jobnet.services.controller.limits import Defined, Settings, limits_of, next_change

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
NAME = NetworkName("night")
DEFINED = Defined(
    queues={"tapes": Queue(name="tapes", limit=2, priority=10)},
    networks={NAME: Network(name=NAME, flow=(), limit=3, overlap=Overlap.SKIP)},
)


def settings(*given: tuple[str, str, str, str], until: datetime | None = None) -> Settings:
    return {
        (kind, name, field): SettingRow(
            kind=kind,
            name=name,
            field=field,
            value=value,
            by=OperatorName("bob"),
            at=NOON,
            reason="a flood",
            until=until,
        )
        for kind, name, field, value in given
    }


def test_without_settings_the_definitions_count() -> None:
    limits = limits_of(DEFINED, {}, now=NOON, jobs_max=8)

    assert limits.queues == DEFINED.queues
    assert (limits.networks[NAME].limit, limits.jobs_max) == (3, 8)
    assert (limits.standstill, dict(limits.suspended), dict(limits.resources)) == ("", {}, {})


def test_a_setting_stands_above_its_definition() -> None:
    limits = limits_of(
        DEFINED,
        settings(
            ("queue", "tapes", "limit", "5"),
            ("queue", "tapes", "is_held", "true"),
            ("queue", "tapes", "priority", "0"),
            ("network", "night", "limit", "1"),
            ("resource", "tape", "capacity", "4"),
        ),
        now=NOON,
    )

    queue = limits.queues["tapes"]
    assert (queue.limit, queue.is_held, queue.priority) == (5, True, 0)
    assert limits.networks[NAME].limit == 1
    assert limits.resources == {"tape": 4}


def test_a_limit_can_be_taken_away() -> None:
    limits = limits_of(DEFINED, settings(("queue", "tapes", "limit", "null")), now=NOON)

    assert limits.queues["tapes"].limit is None


@pytest.mark.parametrize("value", ["", "{", "nonsense", json.dumps("many"), "true"])
def test_a_value_that_is_none_counts_for_nothing(value: str) -> None:
    given = settings(
        ("resource", "tape", "capacity", value),
        ("network", "night", "is_suspended", f"[{value}]"),
        ("network", "night", "limit", value),
        ("queue", "tapes", "limit", value),
    )

    limits = limits_of(DEFINED, given, now=NOON)

    assert (dict(limits.resources), dict(limits.suspended)) == ({}, {})
    assert (limits.queues["tapes"].limit, limits.networks[NAME].limit) == (2, 3)


def test_a_setting_counts_until_its_time_and_the_next_is_told() -> None:
    hour = timedelta(hours=1)
    given = settings(("queue", "tapes", "limit", "9"), until=NOON + hour)

    before = limits_of(DEFINED, given, now=NOON + hour - timedelta(microseconds=1))
    after = limits_of(DEFINED, given, now=NOON + hour)

    assert (before.queues["tapes"].limit, after.queues["tapes"].limit) == (9, 2)
    assert next_change(given, NOON) == NOON + hour
    assert next_change(given, NOON + hour) is None


def test_what_is_suspended_says_by_whom_and_why() -> None:
    given = settings(("network", "night", "is_suspended", "true"))
    stand = settings(("everything", "", "is_suspended", "true"))

    assert limits_of(DEFINED, given, now=NOON).suspended == {
        NAME: "network night is suspended by bob: a flood"
    }
    assert limits_of(DEFINED, stand, now=NOON).standstill == (
        "everything is suspended by bob: a flood"
    )


def test_a_queue_that_was_only_set_at_run_time_has_no_other_limits() -> None:
    limits = limits_of(DEFINED, settings(("queue", "new", "is_held", "true")), now=NOON)

    assert limits.queues["new"] == Queue(name="new", is_held=True)
