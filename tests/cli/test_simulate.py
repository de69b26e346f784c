"""``jobnet simulate``: what it prints, what it writes, and its exit status."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.cli.entry import run
from jobnet.ids import NetworkName
from jobnet.machine import HistoryFile

from tests.cli.conftest import SECONDS_MAX, Place
from tests.cli.terminal import Terminal

GUIDE = Path(__file__).resolve().parents[2] / "docs/guides/simulate.md"
BLOCKS = re.findall(r"```(yaml|sh|text)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
NETWORK, SCENARIOS = [text for kind, text in BLOCKS if kind == "yaml"][:2]
COMMAND = next(text for kind, text in BLOCKS if kind == "sh").split()
PRINTED = next(text for kind, text in BLOCKS if kind == "text")
AT = ("--at", "2026-05-29T22:00")
GOOD = ("--duration", "orders=30m", "--answer", "ask=post")


@pytest.fixture(autouse=True)
def _here(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.project)
    place.network(NETWORK)
    (place.project / "scenarios.yml").write_text(SCENARIOS)


def test_the_guide_prints_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(COMMAND[1:])

    assert status == 0
    assert capsys.readouterr().out == PRINTED


def test_the_scenarios_of_the_guide_hold(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["simulate", "night.yml", "--expect", "scenarios.yml"])

    *held, last = capsys.readouterr().out.splitlines()
    assert status == 0
    assert last == "8 scenarios, 0 did not hold."
    assert all(line.endswith(": held") for line in held)


def test_one_that_does_not_hold_is_shown_with_its_track(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.project / "bad.yml").write_text(
        "- {name: fine, given: {at: 2026-05-29T22:00}}\n"
        "- name: broken\n  given: {at: 2026-05-29T22:00}\n"
        "  expect: {state: normal, order: [load, ask]}\n"
    )

    status = run(["simulate", "night.yml", "--expect", "bad.yml"])

    out = capsys.readouterr().out
    assert status == 4
    assert (
        "fine: held\nbroken: did not hold\n  the run: state is abnormal, expected normal\n" in out
    )
    assert out.count("simulated from") == 1
    assert out.endswith("2 scenarios, 1 did not hold.\n")


def test_options_are_given_to_every_scenario_that_does_not_say_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["simulate", "night.yml", "--expect", "scenarios.yml", "--lose", "load"]

    status = run([*command, "-o", "json"])

    document = json.loads(capsys.readouterr().out)
    assert status == 4
    assert [one["held"] for one in document["scenarios"]].count(False) >= 3


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (GOOD, 0),
        ((), 4),
        ((*GOOD, "--fail", "load=1"), 4),
        ((*GOOD, "--fail", "load#1=1"), 0),
        ((*GOOD, "--lose", "load"), 5),
        ((*GOOD, "--fail", "report=1"), 4),
        ((*GOOD, "--fail", "laod=1"), 2),
        ((*GOOD, "--fail", "load"), 2),
        ((*GOOD, "--duration", "load=3"), 2),
        ((*GOOD, "--output", "load=3"), 2),
        ((*GOOD, "--artifact", "load"), 2),
        ((*GOOD, "--answer", "ask=nothing"), 2),
        ((*GOOD, "-e", "n=1"), 1),
        ((*GOOD, "--expect", "none.yml"), 1),
        ((*GOOD, "-o", "json", "--gantt", "svg"), 2),
        ((*GOOD, "--output-file", "/nowhere/night.svg"), 1),
    ],
)
def test_the_exit_status_says_how_it_ended(
    options: tuple[str, ...], expected: int, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["simulate", "night.yml", *AT, *options])

    captured = capsys.readouterr()
    assert status == expected, captured
    assert "Traceback" not in captured.err


def test_a_mistake_in_an_answer_is_told_at_its_scenario(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.project / "bad.yml").write_text(
        "- {}\n- {given: {answer: {ask: psot}}}\n- {given: {params: {x: 1}}}\n"
    )

    status = run(["simulate", "night.yml", "--expect", "bad.yml"])

    told = capsys.readouterr().err
    assert status == 1
    assert "The scenarios have 2 problems; nothing was simulated." in told
    assert "bad.yml:2:3: given: Dialog 'ask' does not offer 'psot'" in told
    assert "bad.yml:3:3: given: Params of night: 'x' is not declared." in told


def test_what_waits_for_ever_and_what_was_not_used_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run(["simulate", "night.yml", *AT, *GOOD, "--fail", "report=1", "--fail", "load#9=1"])

    captured = capsys.readouterr()
    assert status == 4
    assert "report ended abnormal and waits for ever for an operator's decision" in captured.out
    assert captured.err == "warning: fail: load#9 was given and never used\n"


def test_json_is_one_document_with_track_alerts_and_stretches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run(["simulate", "night.yml", *AT, *GOOD, "-o", "json"])

    document = json.loads(capsys.readouterr().out)
    (one,) = document["scenarios"]
    assert status == 0
    assert (document["version"], document["network"], document["held"]) == (1, "night", None)
    assert one["run"]["state"] == "normal"
    assert [part["key"] for part in one["run"]["parts"]] == ["orders", "load", "ask", "report"]
    assert one["run"]["stretches"][0] == {
        "part": "orders",
        "state": "waiting",
        "start": "2026-05-29T20:00:00+00:00",
        "end": "2026-05-29T20:30:00+00:00",
    }
    assert one["run"]["alerts"][0]["alerts"] == ["dialog"]


def test_a_gantt_chart_is_printed_or_written(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["simulate", "night.yml", *AT, *GOOD]
    svg, text = place.project / "night.svg", place.project / "night.txt"

    run([*command, "--gantt", "svg"])
    printed = capsys.readouterr().out
    run([*command, "--output-file", str(svg)])
    shown = capsys.readouterr().out
    run([*command, "--gantt", "text", "--output-file", str(text)])

    assert printed.startswith("<svg ")
    assert svg.read_text() == printed
    assert shown.startswith("night of 2026-05-29, simulated from")
    assert "orders    ......" in text.read_text()


def test_jobs_take_as_long_as_usual_here_but_not_for_a_file(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.home.mkdir()
    history = HistoryFile(place.home / "history.sqlite3")
    history.remember(NetworkName("night"), [("load", timedelta(minutes=20))])
    (place.project / "usual.yml").write_text(
        "given: {at: 2026-05-29T22:00, duration: {orders: 1m}}\nexpect: {by: {load: '22:02'}}"
    )
    command = ["simulate", "night.yml", *AT, *GOOD]

    run(command)
    usual = capsys.readouterr().out
    run([*command, "--no-history"])
    second = capsys.readouterr().out
    held = run(["simulate", "night.yml", "--expect", "usual.yml"])
    not_held = run(["simulate", "night.yml", "--expect", "usual.yml", "--history"])

    assert "22:30:00 - 22:50:00 20m" in usual
    assert "22:30:00 - 22:30:01 1.0s" in second
    assert (held, not_held) == (0, 4)


def test_it_works_without_home_terminal_and_inventory_and_touches_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "night.yml").write_text(NETWORK)
    (tmp_path / "scenarios.yml").write_text(SCENARIOS)
    before = sorted(tmp_path.iterdir())

    done = subprocess.run(
        [sys.executable, "-m", "jobnet", "simulate", "night.yml", "--expect", "scenarios.yml"],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert sorted(tmp_path.iterdir()) == before


def test_names_cannot_speak_to_the_terminal(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network(
        'kind: network\nname: evil\nflow: [{id: tell, send_event: {name: "x"}},'
        ' {id: hold, dialog: {message: "\\e[2J\\ago?", choices: {go: 0}}}]',
        name="evil.yml",
    )

    run(["simulate", "evil.yml", *AT])

    out = capsys.readouterr().out
    assert "go?" in out
    assert "\x1b" not in out
    assert "\a" not in out


def test_a_terminal_gets_colours_and_signs(place: Place) -> None:
    with Terminal(place, "simulate", "night.yml", *AT, *GOOD, "--fail", "load=1") as terminal:
        terminal.wait_for("✘ load")
        terminal.wait_for("░░░█")
        status = terminal.wait()

    assert status == 4
