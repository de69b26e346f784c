"""Fixtures: an empty project with two local hosts, and an SSH host without root."""

from pathlib import Path

import pytest

from tests.execution.building import PYTHON, Project

INVENTORY = f"""
[local]
h1
h2
[local:vars]
ansible_connection=local
ansible_python_interpreter={PYTHON}
"""


def make_project(folder: Path) -> Project:
    """Make a project in the folder, with its spools beside it."""
    root = folder / "project"
    root.mkdir()
    project = Project(root=root, spool_root=folder / "spool")
    project.file("ansible.cfg", "[defaults]\ninventory = hosts.ini\n")
    project.file("hosts.ini", INVENTORY)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of its own for one test."""
    return make_project(tmp_path)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project for the jobs that a module's tests share."""
    return make_project(tmp_path_factory.mktemp("shared"))
