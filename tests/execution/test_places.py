"""A message of Ansible's names the author's file and line, never the generated play."""

from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.places import as_written
from jobnet.ports.jobs import JobOrder

from tests.execution.building import Project, run_all

NETWORK = """kind: network
name: night
flow:
  - id: first
    hosts: h1
    nosuch.collection.thing: {}
  - id: load
    hosts: h1
    tasks:
      - name: one
        nosuch.collection.thing: {}
"""


@pytest.fixture
def folder(project: Project) -> Path:
    spool = project.root.parent / "spool-of-load"
    (spool / "project" / "networks").mkdir(parents=True)
    (project.root / "networks").mkdir()
    (project.root / "networks" / "night.yml").write_text(NETWORK)
    play = spool / "project" / "networks" / "play.jobnet.yml"
    play.write_text("- hosts: h1\n  tasks:\n    - name: one\n      nosuch.collection.thing: {}\n")
    return spool


def order(project: Project, written_at: str) -> JobOrder:
    networks = str(project.root / "networks")
    return project.play("- ping:", network_folder=networks, written_at=written_at)


def test_a_line_of_the_play_is_the_line_that_the_author_wrote(
    project: Project, folder: Path
) -> None:
    play = folder / "project" / "networks" / "play.jobnet.yml"
    written = project.root / "networks" / "night.yml"

    message = as_written(
        f"couldn't resolve module ({play}:4:7)", order(project, f"{written}:7"), str(folder)
    )

    assert message == f"couldn't resolve module ({written}:11)"


@pytest.mark.parametrize("line", ["", ":1:3", ":99:1"])
def test_what_stands_nowhere_in_the_file_is_at_its_part(
    project: Project, folder: Path, line: str
) -> None:
    play = folder / "project" / "networks" / "play.jobnet.yml"
    written = project.root / "networks" / "night.yml"

    message = as_written(f"bad play {play}{line}", order(project, f"{written}:7"), str(folder))

    assert message in {f"bad play {written}:7", f"bad play {written}:8"}


def test_a_file_that_the_play_includes_is_named_as_it_lies_in_the_project(
    project: Project, folder: Path
) -> None:
    tasks = folder / "project" / "roles" / "r" / "tasks" / "main.yml"

    message = as_written(f"no action ({tasks}:3:5)", order(project, "night.yml:7"), str(folder))

    assert message == f"no action ({project.root}/roles/r/tasks/main.yml:3:5)"


def test_a_part_of_which_nobody_knows_the_place_is_named(project: Project, folder: Path) -> None:
    play = folder / "project" / "play.jobnet.yml"

    assert as_written(f"bad ({play}:1:1)", order(project, ""), str(folder)) == "bad (part job)"
    assert as_written("bad", order(project, ""), str(folder)) == "bad"
    assert as_written("bad", order(project, ""), "") == "bad"


@pytest.mark.parts
def test_an_unknown_module_is_told_where_it_was_written(project: Project) -> None:
    written = project.file(
        "night.yml", "flow:\n  - id: job\n    tasks:\n      - nosuch.one.thing:\n"
    )

    job = project.play("- nosuch.one.thing:", written_at=f"{written}:2")
    finished = run_all(project, {"job": job})["job"]

    assert finished.result.end is JobEnd.FAILED_TO_START
    assert f"{written}:4" in finished.result.message
    assert "play.jobnet.yml" not in finished.result.message
