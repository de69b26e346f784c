"""The scenarios that a use case brings along hold, and lint has nothing to say of its files."""

from pathlib import Path

import pytest
from jobnet.cli.entry import run

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs/pictures/watch-shop.svg"
WATCH = ROOT / "playbooks/monitoring_services"


def test_the_scenarios_of_the_watch_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")

    status = run(
        ["simulate", str(WATCH / "watch_shop.yml"), "--expect", str(WATCH / "scenarios.yml")]
    )

    assert capsys.readouterr().out.endswith("6 scenarios, 0 did not hold.\n")
    assert status == 0


def test_lint_has_nothing_to_say_of_the_watch(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["lint", "--no-inventory", "--strict", str(WATCH)])

    assert capsys.readouterr().err.endswith(" 0 errors, 0 warnings.\n")
    assert status == 0


def test_the_picture_of_the_watch_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["graph", str(WATCH / "watch_shop.yml")])

    drawn_now = capsys.readouterr().out
    assert status == 0
    assert PICTURE.read_text(encoding="utf-8").rstrip() == drawn_now.rstrip()
