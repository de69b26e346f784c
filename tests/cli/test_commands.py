"""The commands, run in this process: what they print and their exit status."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jobnet.cli.app import app
from jobnet.cli.entry import run
from typer.testing import CliRunner

from tests.cli.conftest import Place

WAITS = """
kind: network
name: night
params: {rows: {type: int, default: 1}}
outputs: {rows: "{{ params.rows }}"}
flow:
  - {id: pause, wait_for: 1h}
  - id: ask
    dialog: {message: "Post {{ params.rows }} rows?", choices: {post: 0, reject: 3}}
  - branch:
      cases:
        - when: parts.ask.exit_code == 3
          flow: [{id: again, continue_from: pause, max_times: 1}]
      else: []
"""


@pytest.fixture(autouse=True)
def _here(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.project)


def test_a_network_without_jobs_is_played_to_its_end(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network(WAITS)

    status = run(["play", "night.yml", "--fast-forward", "--answer", "ask=post", "-e", "rows=7"])

    out = capsys.readouterr().out.splitlines()
    assert status == 0
    assert any("pause" in line and "Waiting" in line and "JST" in line for line in out)
    assert any(line.startswith("night of ") and "Normal in " in line for line in out)
    assert out[-2].startswith(f"pieces: {place.home}/runs/night-")
    assert out[-1] == "next:   jobnet play -v night.yml"


def test_json_is_one_document_on_stdout(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.network(WAITS)

    status = run(
        ["play", "night.yml", "--fast-forward", "--at", "2026-05-29T21:55", "-o", "json",
         "--answer", "ask=post", "-e", "rows=7"]
    )  # fmt: skip

    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert status == 0
    assert document["run"] == "night-2026-05-29-2155"
    assert (document["state"], document["operating_day"]) == ("normal", "2026-05-29")
    assert document["started"] == "2026-05-29T12:55:00" + document["started"][19:]
    assert document["zone"] == "Asia/Tokyo"
    assert document["params"] == {"rows": 7}
    assert document["outputs"] == {"rows": 7}
    parts = {part["key"]: part for part in document["parts"]}
    assert list(parts) == ["pause", "ask", "branch_1", "again"]
    assert parts["ask"]["outputs"]["by"] == "ann"
    assert parts["again"]["state"] == "bypassed"
    assert Path(document["journal"]).read_text().count("\n") > 10
    assert json.loads((Path(document["folder"]) / "result.json").read_text()) == document
    assert "Waiting" in captured.err


def test_quiet_shows_nothing_but_the_end(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.network(WAITS)

    run(["play", "night.yml", "-q", "--fast-forward", "--answer", "ask=post"])

    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert captured.err == ""


def test_a_dialog_without_a_terminal_ends_abnormally_with_the_flag_to_use(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network(WAITS)

    status = run(["play", "night.yml", "--fast-forward"])

    assert status == 4
    assert "give --answer ask=post|reject" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["play"], 2, "nothing to play"),
        (["play", "night.yml", "--plai"], 2, "--plain"),
        (["sing"], 2, "No such command 'sing'"),
        (["play", "night.yml", "--at", "noon"], 2, "2026-05-29T21:55"),
        (["play", "night.yml", "--day", "noon"], 2, "2026-05-29"),
        (["play", "night.yml", "-e", "rows"], 2, "key=value"),
        (["play", "night.yml", "-e", "rowz=1"], 1, "rowz"),
        (["play", "night.yml", "-e", "rows=many"], 1, "rows"),
        (["play", "night.yml", "--answer", "ask=maybe"], 2, "ask=post|reject"),
        (["play", "night.yml", "--answer", "pause=x"], 2, "no dialog"),
        (["play", "nothing.yml"], 1, "nothing.yml"),
        (["play", "night.yml:day"], 1, "night"),
        (["play", "."], 1, ""),
        (["schema", "networ"], 2, "did you mean 'network'"),
        (["lint", "nothing.yml"], 1, ""),
    ],
)
def test_a_mistake_is_answered_with_what_to_do_next(
    place: Place,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    says: str,
) -> None:
    place.network(WAITS)

    found = run(arguments)

    captured = capsys.readouterr()
    assert found == status
    assert says in captured.err
    assert "Traceback" not in captured.err
    assert not place.home.exists() or not list(place.home.glob("runs/*"))


def test_a_refusal_is_json_too_where_json_was_asked_for(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network(WAITS)

    run(["play", "night.yml", "-o", "json", "-e", "rowz=1"])

    document = json.loads(capsys.readouterr().out)
    assert document["error"]["code"] == "params_refused"


def test_a_secret_is_neither_journaled_nor_repeated(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network(
        "{kind: network, name: night, params: {pw: {type: secret}}, flow: [{wait_for: 1s}]}"
    )

    status = run(["play", "night.yml", "-e", "pw=hunter2", "-o", "json"])

    captured = capsys.readouterr()
    assert status == 2
    assert "pw of type secret" in captured.err
    assert "hunter2" not in captured.err + captured.out
    assert not place.home.exists()


def test_a_plain_list_of_tasks_is_a_network_too(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network("- {wait_for: 1s}\n- {wait_for: 2s}\n", name="list.yml")

    status = run(["play", "list.yml", "--fast-forward", "--plain"])

    assert status == 0
    assert "list of " in capsys.readouterr().out


def test_a_state_home_that_cannot_be_written_to_is_said(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.network(WAITS)
    monkeypatch.setenv("JOBNET_HOME", "/proc/nowhere")

    assert run(["play", "night.yml"]) == 1
    assert "set JOBNET_HOME to a folder that you may write to" in capsys.readouterr().err


def test_a_bug_is_one_line_that_asks_for_a_report(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.network(WAITS)
    monkeypatch.setattr("jobnet.cli.play_command.read_answers", lambda *_: 1 // 0)

    status = run(["play", "night.yml"])

    err = capsys.readouterr().err
    assert status == 70
    assert err.count("\n") == 1
    assert "ZeroDivisionError" in err


def test_lint_prints_each_problem_where_it_is(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network("kind: network\nname: night\nflow:\n  - {wait_fro: 10m}\n  - {wait_for: 10}\n")

    status = run(["lint", "night.yml"])

    captured = capsys.readouterr()
    assert status == 1
    assert f"{place.project}/night.yml:4:" in captured.out
    assert f"{place.project}/night.yml:5:" in captured.out
    assert "2 errors" in captured.err


def test_lint_of_a_good_folder_is_quiet_and_counts(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network("kind: network\nname: night\nflow: [{wait_for: 10m}]\n")
    (place.project / "play.yml").write_text("- hosts: all\n  tasks: []\n")

    status = run(["lint", "-v", "."])

    captured = capsys.readouterr()
    assert (status, captured.out) == (0, "")
    assert "play.yml: passed over" in captured.err
    assert "1 documents, 0 errors" in captured.err


def test_lint_as_json_gives_every_problem_as_data(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network("kind: network\nname: night\nflow: [{wait_fro: 10m}]\n")

    run(["lint", "-o", "json", "night.yml"])

    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["severity"] == "error"
    assert (problem["line"], problem["file"]) == (3, f"{place.project}/night.yml")


def test_schema_prints_one_kind_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    run(["schema", "network"])
    one = json.loads(capsys.readouterr().out)
    run(["schema"])
    known = json.loads(capsys.readouterr().out)

    assert one["$schema"].startswith("https://json-schema.org/")
    assert known["network"] == one
    assert {"calendar", "queue", "notification", "job_type"} <= set(known)


def test_the_commands_are_those_of_the_help() -> None:
    told = CliRunner().invoke(app, ["--help"])

    assert told.exit_code == 0
    assert all(word in told.output for word in ("play", "lint", "schema", "--version"))


def test_help_answers_at_once(place: Place) -> None:
    began = time.monotonic()
    told = place.run("--help")
    took = time.monotonic() - began

    assert told.returncode == 0
    heavy = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "jobnet", "--help"],
        capture_output=True, text=True, timeout=30, check=True, cwd=place.project,
    ).stderr  # fmt: skip
    for name in ("jobnet.engine", "rich.live", "pydantic", "httpx", "ansible", "ruamel"):
        assert name not in heavy, f"{name} is imported for --help"
    assert took < 3, "0.1 s on an idle machine"


def test_the_version_is_that_of_the_distribution(place: Place) -> None:
    assert place.run("--version").stdout.startswith("jobnet 0.")


def test_output_into_a_closed_pipe_stops_nothing(place: Place) -> None:
    place.network(WAITS)

    typed = f"{sys.executable} -m jobnet play night.yml --fast-forward --answer ask=post"
    told = subprocess.run(
        ["sh", "-c", f"({typed}; echo $? >&2) | true"],
        cwd=place.project,
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert told.stderr == "0\n"
    (folder,) = (place.home / "runs").iterdir()
    assert json.loads((folder / "result.json").read_text())["state"] == "normal"


def test_a_terminal_without_unicode_gets_what_it_can_show(place: Place) -> None:
    place.network("{kind: network, name: night, flow: [{id: a, name: 夜, wait_for: 1s}]}")

    told = place.run(
        "play", "night.yml", "--fast-forward", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )

    assert told.returncode == 0
    assert "night of" in told.stdout
