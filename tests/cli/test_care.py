"""Care of what a controller keeps, on the command line."""

from pathlib import Path

import pytest
from jobnet.cli.entry import run

from tests.cli.at_controller import Desk


def test_nothing_goes_that_is_not_old(at: Desk) -> None:
    at.started()

    told = at.type("prune", "--dry-run", "-o", "json")
    done = at.say("prune", "night", "--older-than", "30d")

    assert told.document["runs"] == 0
    assert done.startswith("0 runs have gone: 0 entries of journals,\n")


@pytest.mark.parametrize("older_than", ["soon", "12h", "-3d", "9" * 99 + "d"])
def test_an_age_that_is_none_is_a_mistake_in_typing(at: Desk, older_than: str) -> None:
    refused = at.type("prune", "--older-than", older_than)

    assert refused.status == 2
    assert "jobnet prune" in refused.err


def test_the_days_of_a_network_are_set_and_taken_back(at: Desk) -> None:
    said = [at.say("network", "keep", "night", days) for days in ("30", "30", "none", "none")]

    assert said == ["Done.\n", "Nothing has changed.\n"] * 2


@pytest.mark.parametrize("days", ["many", "0", "99999", "1.5"])
def test_other_days_are_refused(at: Desk, days: str) -> None:
    assert at.type("network", "keep", "night", days).status in {1, 2}


def test_a_network_that_nobody_applied_is_refused(at: Desk) -> None:
    assert "nobody" in at.type("prune", "nobody").err
    assert "nobody" in at.type("network", "keep", "nobody", "3").err


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JOBNET_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_database_is_made_checked_and_rebuilt(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = [run(["db", word]) for word in ("upgrade", "upgrade", "check", "rebuild")]

    lines = capsys.readouterr().out.splitlines()
    assert status == [0, 0, 0, 0]
    assert lines[0].startswith("The tables went from nothing to main_")
    assert lines[1:] == [
        "The tables were up to date already.",
        "The database is sound; 0 runs were replayed.",
        "Nothing was wrong.",
    ]
    assert (home / "controller" / "jobnet.sqlite3").exists()


def test_a_database_that_is_not_there_is_not_made_by_looking_at_it(
    home: Path, tmp_path: Path
) -> None:
    for words in (["db", "check"], ["db", "rebuild"], ["backup", str(tmp_path / "a.tar")]):
        assert run(words) == 1

    assert not (home / "controller").exists()
    assert not (tmp_path / "a.tar").exists()


def test_a_backup_is_restored_into_the_home_of_this_process(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["db", "upgrade"])
    backup = str(tmp_path / "a.tar.gz")

    made = run(["backup", backup])
    over = run(["restore", backup])
    monkeypatch.setenv("JOBNET_HOME", str(tmp_path / "new"))
    done = run(["restore", backup])
    check = run(["db", "check"])

    said = capsys.readouterr()
    assert (made, over, done, check) == (0, 1, 0, 0)
    assert f"{home} is not empty" in said.err
    assert "jobs would run twice" in said.out
