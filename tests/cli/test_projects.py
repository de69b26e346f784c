"""A run says on the command line which files it goes by."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jobnet.cli.project_lines import project_lines
from jobnet.machine.project_copies import ProjectCopies

from tests.cli.at_controller import Desk, desk
from tests.machine.test_project_copies import git

COMMIT = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d"
COPIED = {
    "root": "/srv/shop",
    "commit": COMMIT,
    "is_dirty": False,
    "is_copied": True,
    "detail": "",
    "changed": [],
    "changed_count": 0,
}
LIVE = {**COPIED, "commit": "", "is_copied": False}
NO_GIT = "not a git repository (or any of the parent directories): .git"
SEVEN = [f"{number}.yml" for number in range(7)]


@pytest.fixture
def looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    projects = ProjectCopies(tmp_path / "home")
    with desk(tmp_path, monkeypatch, capsys, projects=projects) as sitting:
        yield sitting


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (COPIED, " at 1a2b3c4"),
        (LIVE, ": live files, unchanged since apply"),
        ({**LIVE, "detail": NO_GIT}, ": live files (not a git repository), unchanged since apply"),
        (
            {**LIVE, "commit": COMMIT, "is_dirty": True, "detail": "2 files differ"},
            ": live files beside 1a2b3c4 (2 files differ), unchanged since apply",
        ),
        (
            {**LIVE, "changed": SEVEN[:2], "changed_count": 2},
            ": live files, 2 changed since apply: 0.yml, 1.yml",
        ),
        (
            {**LIVE, "changed": SEVEN, "changed_count": 7},
            ": live files, 7 changed since apply: 0.yml, 1.yml, 2.yml, 3.yml, 4.yml and 2 more",
        ),
        (
            {**LIVE, "changed": None, "changed_count": None},
            ": live files, whether changed since apply is not known",
        ),
        (
            {**LIVE, "changed": ["a\x1b[2J\nb"], "changed_count": 1},
            ": live files, 1 changed since apply: a b",
        ),
    ],
)
def test_a_project_is_told_in_one_line(project: Mapping[str, Any], said: str) -> None:
    assert list(project_lines([project])) == [f"project  /srv/shop{said}"]


def test_a_run_that_is_shown_names_its_project(looking: Desk) -> None:
    live = looking.started()
    looking.write("- hosts: all\n", "site.yml")
    told = looking.say("run", "show", live)
    git(looking.project, "init", "--quiet")
    git(looking.project, "add", ".")
    git(looking.project, "commit", "--quiet", "-m", "first")
    looking.say("apply", ".", "--base", str(looking.project))
    copied = looking.started()

    shown = looking.say("run", "show", copied)
    document = looking.type("run", "show", copied, "-o", "json").document

    commit = git(looking.project, "rev-parse", "HEAD").strip()
    assert f"project  {looking.project}: live files (not a git repository)" in told
    assert "1 changed since apply: site.yml" in told
    assert f"project  {looking.project} at {commit[:7]}\n" in shown
    assert [project["commit"] for project in document["project"]] == [commit]
