"""`jobnet play --rerun`, in this process: what runs again, what is refused, what is kept."""

import fcntl
import json
from pathlib import Path

import pytest
from jobnet.cli.entry import run

from tests.cli.conftest import Place

NIGHT = """
kind: network
name: night
params: {good: {type: bool, default: false}, day: {type: str, default: mon}}
outputs: {seen: "{{ parts.first.exit_code }}", day: "{{ params.day }}"}
flow:
  - {id: first, wait_for: 1s}
  - id: pick
    branch:
      cases:
        - {when: params.good, flow: [{id: fine, wait_for: 1s}]}
      else:
        - {id: bad, wait_event: {name: never, timeout: 1m}}
  - {id: last, wait_for: 1s}
"""


@pytest.fixture(autouse=True)
def _here(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.project)


def played(place: Place, *options: str) -> dict[str, object]:
    """Play the night, which fails, and return its document."""
    place.network(NIGHT)
    assert run(["play", "night.yml", "--fast-forward", "-q", *options]) == 4
    return document(place)


def document(place: Place) -> dict[str, object]:
    (folder,) = (place.home / "runs").iterdir()
    found: dict[str, object] = json.loads((folder / "result.json").read_text())
    return found


def kinds(place: Place) -> list[str]:
    (folder,) = (place.home / "runs").iterdir()
    entries = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    assert [entry["position"] for entry in entries] == list(range(1, len(entries) + 1))
    return [entry["kind"] for entry in entries]


def again(*options: str) -> int:
    return run(["play", "night.yml", "--fast-forward", "-q", *options])


def test_a_failed_run_goes_on_in_its_own_folder_and_journal(place: Place) -> None:
    before = played(place)

    status = again("--from", "pick", "-e", "good=yes")

    after = document(place)
    assert status == 0
    assert after["run"] == before["run"]
    assert after["outputs"] == {"seen": 0, "day": "mon"}
    assert kinds(place).count("RunReopened") == 1
    assert kinds(place).count("RunEnded") == 2


def test_another_case_of_the_branch_is_taken(place: Place) -> None:
    played(place)

    status = again("--from", "pick", "--case", "pick=1")

    assert status == 0
    states = {part["key"]: part["state"] for part in document(place)["parts"]}  # type: ignore[attr-defined]
    assert (states["fine"], states["bad"]) == ("normal", "bypassed")


def test_a_run_can_be_named_and_its_file_be_left_out(place: Place) -> None:
    name = str(played(place)["run"])

    status = run(["play", "--rerun", name, "--case", "pick=1", "-q", "--fast-forward"])

    assert status == 0
    assert document(place)["run"] == name


def test_a_second_rerun_goes_on_from_the_first(place: Place) -> None:
    played(place)
    assert again("--rerun", "@last", "--only", "last") == 4

    status = again("--from", "pick", "--case", "pick=1")

    assert status == 0
    assert kinds(place).count("RunReopened") == 2


def test_comments_in_the_text_change_nothing(place: Place) -> None:
    played(place)
    place.network(NIGHT + "# nothing new\n")

    status = again("--from", "pick", "--case", "pick=1")

    assert status == 0


def test_a_definition_that_has_changed_is_refused_and_taken_with_current(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    played(place)
    place.network(NIGHT.replace("id: last, wait_for: 1s", "id: last, wait_for: 2s"))

    refused = again("--failed")
    unconfirmed = again("--from", "pick", "--case", "pick=1", "--current")
    status = again("--from", "pick", "--case", "pick=1", "--current", "--yes")

    said = capsys.readouterr().err
    assert (refused, unconfirmed, status) == (1, 1, 0)
    assert "has changed since run" in said
    assert "(night.yml)" in said
    assert "5 parts are mapped by their id" in said
    assert "Commented" in kinds(place)
    assert again("--only", "last") == 0


def test_a_part_that_has_run_may_not_go_away(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    played(place)
    place.network(NIGHT.replace("  - {id: first, wait_for: 1s}\n", "").replace("first", "pick"))

    status = again("--failed", "--current", "--yes")

    assert status == 1
    assert "night:first is not there any more" in capsys.readouterr().err
    assert kinds(place).count("RunReopened") == 0


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (["--from", "nobody"], 1, "this run has no such part"),
        (["--warning"], 1, "no part is warning"),
        (["--failed", "--only", "last"], 2, "only one can be given"),
        (["--failed", "-C"], 2, "--check cannot be changed"),
        (["--failed", "--case", "pick"], 2, "write PART=1"),
        (["--failed", "--case", "pick=0"], 2, "write PART=1"),
        (["--from", "pick", "--case", "pick=9"], 1, "it has no case 'case8'"),
        (["--failed", "--hosts", "a,,b"], 2, "names of hosts"),
        (["--rerun", "nigth-2"], 1, "There is no run 'nigth-2'"),
        (["--rerun", "../.."], 1, "There is no run"),
        (["--case", "pick=1"], 2, "belongs to a rerun"),
    ],
)
def test_a_rerun_that_makes_no_sense_touches_nothing(
    place: Place,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    status: int,
    says: str,
) -> None:
    before = played(place)
    lines = len(kinds(place))

    got = again(*options)

    assert (got, len(kinds(place))) == (status, lines)
    assert says in capsys.readouterr().err
    assert document(place) == before


def test_a_network_without_a_run_has_nothing_to_run_again(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.network(NIGHT)

    status = again("--failed")

    assert status == 1
    assert "There is no run of 'night'" in capsys.readouterr().err


def test_a_run_that_another_process_plays_is_left_alone(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    played(place)
    (folder,) = (place.home / "runs").iterdir()
    with (folder / "journal.jsonl").open("a") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)

        status = again("--failed")

    assert status == 1
    assert "is being played by another process" in capsys.readouterr().err


def test_a_run_that_was_cut_off_is_refused_and_says_so(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    played(place)
    (folder,) = (place.home / "runs").iterdir()
    journal: Path = folder / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:-1]) + lines[-1][:20])

    status = again("--failed")

    assert status == 1
    assert "was cut off before its end" in capsys.readouterr().err
    whole = journal.read_text()
    assert "".join(lines).startswith(whole)
    assert whole.endswith("}\n")  # and no half of what one step had decided
