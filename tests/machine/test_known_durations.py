"""Knowing how long things took changes nothing, and needs no home."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.ids import NetworkName
from jobnet.machine import HistoryFile
from jobnet.machine.known_durations import KnownDurations

NIGHT = NetworkName("night")


def test_what_earlier_runs_took_is_known(tmp_path: Path) -> None:
    HistoryFile(tmp_path / "history.sqlite3").remember(NIGHT, [("load", timedelta(minutes=5))])

    known = KnownDurations(str(tmp_path))

    assert known.usual(NIGHT, "load") == timedelta(minutes=5)
    assert known.usual(NIGHT, "other") is None


def test_nothing_is_made_or_remembered(tmp_path: Path) -> None:
    known = KnownDurations(str(tmp_path / "home"))

    known.remember(NIGHT, [("load", timedelta(minutes=5))])

    assert known.usual(NIGHT, "load") is None
    assert not (tmp_path / "home").exists()


def test_without_a_home_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)

    assert KnownDurations("").usual(NetworkName("no-such-network"), "load") is None
    assert KnownDurations("~nobody-of-this-name/x").usual(NIGHT, "load") is None


def test_a_home_that_may_not_be_looked_into_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refuse)

    assert KnownDurations(str(tmp_path)).usual(NIGHT, "load") is None
