"""What there is to be had changes within a forecast: settings run out, windows open and close."""

import json
from datetime import datetime, timedelta

from jobnet.definition import Queue
from jobnet.engine import Limits
from jobnet.ids import NetworkName, OperatorName
from jobnet.ports.store.queues import SettingRow
from jobnet.schedules import WindowAction
from jobnet.schedules.windows import WindowSpan, WindowTargets
from jobnet.services.controller.forecasting.limits_ahead import limits_ahead, uncounted
from jobnet.services.controller.limits import Defined, Settings

from tests.engine.building import NOON

LAST = NOON + timedelta(hours=12)
DEFINED = Defined(queues={"sap": Queue(name="sap", limit=4)}, networks={})


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def ahead(*windows: WindowSpan, settings: Settings | None = None) -> dict[float, Limits]:
    """Return what there is, by the hours after noon from which on it counts."""
    found = limits_ahead(DEFINED, settings or {}, windows, now=NOON, last=LAST, jobs_max=None)
    return {(at - NOON).total_seconds() / 3600: limits for at, limits in found}


def window(first: float, last: float, **targets: object) -> WindowSpan:
    action = targets.pop("action", WindowAction.HOLD)
    return WindowSpan(
        window="patching",
        first=hours(first),
        last=hours(last),
        action=action,  # type: ignore[arg-type]
        targets=WindowTargets(**targets),  # type: ignore[arg-type]
    )


def test_a_setting_counts_until_it_runs_out() -> None:
    row = SettingRow(
        kind="queue",
        name="sap",
        field="limit",
        value=json.dumps(1),
        by=OperatorName("ann"),
        at=NOON,
        reason="",
        until=hours(2),
    )

    found = ahead(settings={("queue", "sap", "limit"): row})

    assert {at: limits.queues["sap"].limit for at, limits in found.items()} == {0: 1, 2: 4}


def test_a_window_closes_its_queue_and_opens_it_again() -> None:
    found = ahead(window(1, 3, queues=("sap",)))

    held = {at: limits.queues["sap"].is_held for at, limits in found.items()}
    assert held == {0: False, 1: True, 3: False}
    assert found[3].queues["sap"].limit == 4


def test_a_window_suspends_its_networks_or_everything() -> None:
    found = ahead(window(-1, 2, networks=("pay",)), window(4, 5))

    assert found[0].suspended == {NetworkName("pay"): "window patching"}
    assert found[2].suspended == {}
    assert {at: bool(limits.standstill) for at, limits in found.items()} == {
        0: False,
        2: False,
        4: True,
        5: False,
    }


def test_a_window_that_lasts_beyond_the_forecast_ends_all_the_same() -> None:
    found = ahead(window(11, 20, queues=("sap",)))

    assert {at: limits.queues["sap"].is_held for at, limits in found.items()} == {
        0: False,
        11: True,
        20: False,
    }


def test_windows_on_hosts_and_those_that_skip_are_told_of_and_not_counted() -> None:
    on_hosts = window(1, 2, hosts="db")
    skipping = window(1, 2, queues=("sap",), action=WindowAction.SKIP)
    warning = window(1, 2, nodes=("east",), action=WindowAction.WARN)

    assert list(ahead(on_hosts, skipping, warning)) == [0]
    assert len(list(uncounted([on_hosts]))) == len(list(uncounted([skipping]))) == 1
    assert list(uncounted([warning])) == []
