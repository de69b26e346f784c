"""A run shows which files it goes by, and which of them have changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.ids import RunId
from jobnet.machine.project_copies import ProjectCopies

from tests.machine.test_project_copies import git
from tests.rest.serving import ASK, Served, served


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "office", projects=ProjectCopies(tmp_path / "home")) as found:
        yield found


def project_of(found: Served) -> Path:
    folder = found.office.folder / "project"
    folder.mkdir(exist_ok=True)
    return folder


def test_a_run_names_the_commit_that_it_goes_by(at_work: Served) -> None:
    folder = project_of(at_work)
    (folder / "networks.yml").write_text(ASK, encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    at_work.apply(ASK)
    run = at_work.client.start()
    (folder / "site.yml").write_text("- hosts: all\n", encoding="utf-8")

    shown = at_work.client.shown(f"/runs/{run}/project")

    assert shown["run"] == run
    assert shown["items"] == [
        {
            "root": str(folder),
            "commit": git(folder, "rev-parse", "HEAD").strip(),
            "is_dirty": False,
            "is_copied": True,
            "detail": "",
            "changed": [],
            "changed_count": 0,
        }
    ]


def test_the_journal_of_a_run_says_what_it_goes_by(at_work: Served) -> None:
    folder = project_of(at_work)
    (folder / "networks.yml").write_text(ASK, encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    commit = git(folder, "rev-parse", "HEAD").strip()[:12]
    at_work.apply(ASK)

    run = at_work.client.start()

    first = at_work.office.store.read(lambda tx: tx.runs.entries(RunId(run), 0))[0]
    assert f"edition 1; {folder}: commit {commit}" in first.payload


def test_a_run_that_goes_by_live_files_names_those_that_have_changed(at_work: Served) -> None:
    folder = project_of(at_work)
    (folder / "site.yml").write_text("first", encoding="utf-8")
    at_work.apply(ASK)
    run = at_work.client.start()
    address = at_work.client.shown(f"/runs/{run}")["related"]["project"].removeprefix("/api/v1")

    (before,) = at_work.client.shown(address)["items"]
    (folder / "site.yml").write_text("second", encoding="utf-8")
    (after,) = at_work.client.shown(address)["items"]

    assert (before["is_copied"], before["changed"]) == (False, [])
    assert (after["changed"], after["changed_count"]) == (["site.yml"], 1)
    assert "git" in after["detail"]


def test_of_many_files_that_have_changed_some_are_named_and_all_are_counted(
    at_work: Served,
) -> None:
    at_work.apply(ASK)
    run = at_work.client.start()
    for number in range(60):
        (project_of(at_work) / f"{number:03}.yml").touch()

    (project,) = at_work.client.shown(f"/runs/{run}/project")["items"]

    assert project["changed"] == [f"{number:03}.yml" for number in range(50)]
    assert project["changed_count"] == 60


def test_a_copy_that_is_lost_with_its_commit_is_told(at_work: Served, tmp_path: Path) -> None:
    folder = project_of(at_work)
    (folder / "networks.yml").write_text(ASK, encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    at_work.apply(ASK)
    run = at_work.client.start()
    (tmp_path / "home/snapshots").rename(tmp_path / "lost")
    (folder / ".git").rename(tmp_path / "lost.git")

    (project,) = at_work.client.shown(f"/runs/{run}/project")["items"]

    assert (project["is_copied"], project["changed"], project["changed_count"]) == (
        False,
        None,
        None,
    )
    assert project["detail"] == "the copy is gone and cannot be made again"


def test_the_project_of_a_run_that_there_is_not_is_refused(controller: Served) -> None:
    answer = controller.client.get("/runs/nobody/project")

    assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found")
