"""What a document of kind project says for the networks below its folder."""

from pathlib import Path

import pytest
from jobnet.definition import Network
from jobnet.errors.project import DefinitionRefused
from jobnet.project import bundle, lint, read_file, read_project, select_network

NET = "kind: network\nname: net\nflow: [{wait_for: 1s}]\n"


def network(folder: Path, files: dict[str, str], *, at: str = "x/y/net.yml") -> Network:
    for name, text in {"ansible.cfg": "", at: NET, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    reading = read_file(folder / at)
    return bundle(reading, select_network(reading)).network


def project(warm: str = "", *, name: str = "p") -> str:
    return f"kind: project\nname: {name}\n" + (f"warm: {warm}\n" if warm else "")


@pytest.mark.parametrize(
    ("files", "warm"),
    [
        ({}, None),
        ({"p.yml": project("off")}, False),
        ({"x/p.yml": project("off"), "p.yml": project("on")}, False),
        ({"x/p.yml": project(), "p.yml": project("off")}, False),
        ({"x/z/p.yml": project("off")}, None),
        ({"x/y/z/p.yml": project("off")}, None),
        ({"p.yml": "kind: project\nname: p\nwarm: off\nfolder: x/y\n"}, False),
    ],
)
def test_the_nearest_folder_that_says_something_counts(
    tmp_path: Path, files: dict[str, str], *, warm: bool | None
) -> None:
    assert network(tmp_path, files).placement.warm is warm


def test_the_network_s_own_word_comes_first(tmp_path: Path) -> None:
    files = {"p.yml": project("off"), "x/y/net.yml": NET + "warm: on\n"}

    assert network(tmp_path, files).placement.warm is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: project\nname: p\nwrm: off\n", "`wrm` is not known here"),
        ("kind: project\nname: p\nwarm: perhaps\n", "perhaps"),
        (project("on") + "---\n" + project("off", name="q"), "Another project document holds"),
    ],
)
def test_a_network_does_not_run_by_a_project_that_cannot_be_understood(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(DefinitionRefused, match=said):
        network(tmp_path, {"p.yml": text})


def test_two_projects_of_one_folder_are_told_once_by_lint(tmp_path: Path) -> None:
    (tmp_path / "ansible.cfg").touch()
    (tmp_path / "p.yml").write_text(project() + "---\n" + project(name="q"))
    (tmp_path / "net.yml").write_text(NET)

    told = lint(read_project([tmp_path]))

    assert [one.code for one in told] == ["two_projects"]
