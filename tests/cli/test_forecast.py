"""Forecasts and what-ifs on the command line: of files without a controller, and of one."""

import json
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jobnet.cli.entry import run
from jobnet.pictures.pages import LINES_MAX, html_page

from tests.cli.at_controller import Desk
from tests.services.controller.office import now

PRESS = """
kind: queue
name: press
limit: 1
---
kind: network
name: first
hosts: db
queue: press
flow:
  - {id: work, ansible.builtin.command: "true"}
---
kind: network
name: second
hosts: db
queue: press
late_end: "01:25"
flow:
  - {id: work, ansible.builtin.command: "true"}
---
kind: schedule
name: nightly
networks: [first, second]
timezone: UTC
rules:
  - {at: ["01:00"]}
"""
TOMORROW = ("--from", "tomorrow", "--to", "47h")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.setenv("TZ", "UTC")
    (tmp_path / "ansible.cfg").touch()
    (tmp_path / "press.yml").write_text(dedent(PRESS), encoding="utf-8")
    return ("--project", str(tmp_path), *TOMORROW)


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = run(arguments)
    said = capsys.readouterr()
    return status, said.out + said.err


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401 - JSON
    status, out = typed(capsys, *arguments, "-o", "json")
    assert status in {0, 3}, out
    return json.loads(out)


def first_night(found: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the runs of the first night by network."""
    day = found["items"][0]["operating_day"]
    return {one["network"]: one for one in found["items"] if one["operating_day"] == day}


def test_a_forecast_of_files_assumes_a_minute_and_says_so(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = typed(capsys, "forecast", *project)

    assert status == 0
    assert "a minute is assumed: first/work, second/work" in told
    assert "queue limit (press runs 1 at most), behind first-" in told


def test_given_durations_count_and_show_what_is_late(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--duration", "first:work=20m", "--duration", "second:work=10m")

    night = first_night(document(capsys, "forecast", *project, *given))

    assert night["first"]["usual"]["ended"].endswith("T01:20:00Z")
    assert night["second"]["usual"]["ended"].endswith("T01:30:00Z")
    assert [one["kind"] for one in night["second"]["risks"]] == ["late_end"]


def test_the_chain_that_decides_the_end_of_a_run_is_shown(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    name = first_night(document(capsys, "forecast", *project))["second"]["run"]

    status, told = typed(capsys, "forecast", *project, "--path", name)

    assert status == 0
    assert "before its deadline" in told
    assert f"queue limit, until {name.replace('second', 'first')}/work ended" in told


def test_a_whatif_that_misses_a_deadline_has_a_status_of_its_own(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = typed(capsys, "whatif", *project, "--delay", "first:work=30m")

    assert status == 3
    assert "missed: late end" in told
    assert "deadlines newly missed" in told


def test_starts_are_moved_skipped_and_added_by_the_runs_they_begin(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    night = first_night(document(capsys, "forecast", *project))
    names = {network: one["run"] for network, one in night.items()}
    at = f"{night['first']['operating_day']}T03:00+00:00"
    changes = (
        "--skip",
        names["first"],
        "--move",
        f"{names['second']}=02:00",
        "--add",
        f"first={at}",
    )

    found = document(capsys, "whatif", *project, *changes)

    ends = {one["run"]: one["after"] and one["after"]["ended"][11:16] for one in found["items"]}
    assert ends[names["first"]] is None
    assert ends[names["second"]] == "02:01"
    assert "03:01" in ends.values()


def test_a_move_may_be_relative_and_other_limits_may_be_asked_together(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    name = first_night(document(capsys, "forecast", *project))["second"]["run"]
    more = ("--limit", "press=2", "--network-limit", "first=1", "--resource", "tape=1")

    found = document(capsys, "whatif", *project, "--move", f"{name}=+30m", *more)

    moved = next(one for one in found["items"] if one["run"] == name)
    assert moved["after"]["ended"][11:16] == "01:31"


def test_a_forecast_is_drawn_as_a_picture_and_as_a_page_that_fetches_nothing(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    svg, page = tmp_path / "night.svg", tmp_path / "night.html"

    status, told = typed(
        capsys, "forecast", *project, "--gantt", "--svg", str(svg), "--html", str(page)
    )

    assert status == 0
    assert "Warning" in told or "Normal" in told
    drawn = ET.fromstring(svg.read_text(encoding="utf-8"))  # noqa: S314 - our own picture
    assert drawn.get("role") == "img"
    assert "second" in svg.read_text(encoding="utf-8")
    written = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in written
    assert "<script" not in written
    assert "http-equiv" in written


def test_a_page_escapes_what_it_is_told_and_is_bounded() -> None:
    lines = ["<script>alert(1)</script>"] * (LINES_MAX + 3)

    page = html_page("<b>", "<svg/>", lines)

    assert "<script>" not in page
    assert "<title>&lt;b&gt;</title>" in page
    assert "... and 3 more" in page


@pytest.mark.parametrize(
    "arguments",
    [
        ("whatif",),
        ("whatif", "--limit", "press"),
        ("whatif", "--limit", "press=many"),
        ("whatif", "--limit", "nothing=1"),
        ("whatif", "--delay", "first=soon"),
        ("whatif", "--factor", "first=twice"),
        ("whatif", "--factor", "first=nan"),
        ("whatif", "--lose", "nowhere"),
        ("whatif", "--skip", "nothing"),
        ("whatif", "--add", "nobody=2h"),
        ("forecast", "--path", "nobody"),
        ("forecast", "--duration", "first=1m"),
        ("forecast", "--duration", "first:nothing=1m"),
        ("forecast", "--from", "never"),
    ],
)
def test_what_names_nothing_is_refused(
    project: tuple[str, ...], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    status, told = typed(capsys, arguments[0], *project, *arguments[1:])

    assert status in {1, 2}
    assert told.startswith("jobnet: ")


@pytest.mark.parts
def test_a_controller_forecasts_its_plan(at: Desk) -> None:
    day = (now() + timedelta(days=2)).date()
    at.say("plan", "add", "night", f"{day}T02:00+00:00")
    span = ("--from", f"{day}T00:00+00:00", "--to", f"{day}T12:00+00:00")

    found = at.type("forecast", *span, "-o", "json").document
    later = at.type("whatif", *span, "--delay", "night=30m")

    (one,) = found["items"]
    assert one["network"] == "night"
    assert "asks and waits" in one["usual"]["endless"][0]
    assert later.status == 0
    assert "1 runs would go otherwise" in later.out
