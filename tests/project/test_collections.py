"""A missing collection or module is told before anything runs, with what to install."""

from pathlib import Path

import pytest
from jobnet.definition import PlayJob, UnitJob
from jobnet.project import bundle, read_file, select_network

from tests.project.written import NETWORKS, problems


def installed(folder: Path, *modules: str, collection: str = "community/sap_libs") -> None:
    plugins = folder / "ansible_collections" / collection / "plugins" / "modules"
    plugins.mkdir(parents=True)
    for name in modules:
        (plugins / f"{name}.py").touch()


def sap(folder: Path) -> Path:
    (folder / "ansible.cfg").touch()
    file = folder / "sap_command.yml"
    file.write_text((NETWORKS / "sap_command.yml").read_text())
    return file


def test_an_sap_command_without_its_collection_says_what_to_install(tmp_path: Path) -> None:
    (problem,) = read_file(sap(tmp_path)).problems

    assert "flow[0].job: The job type `sap_operation` has problems of its own" in str(problem)
    assert "The collection `community.sap_libs` is not installed" in str(problem)
    assert "`ansible-galaxy collection install community.sap_libs`" in str(problem)
    assert "`pip install ansible`" in str(problem)


def test_an_sap_command_is_a_job_that_runs_sapcontrol(tmp_path: Path) -> None:
    installed(tmp_path / "collections", "sap_control_exec")
    reading = read_file(sap(tmp_path))

    (part,) = bundle(reading, select_network(reading)).network.flow

    assert isinstance(part.body, UnitJob)
    assert isinstance(part.body.content, PlayJob)
    assert "community.sap_libs.sap_control_exec:" in part.body.content.keywords
    assert part.body.content.variables.startswith("system: PRD\noperation: month_end\n")


def test_a_module_that_its_collection_lacks_is_told(tmp_path: Path) -> None:
    installed(tmp_path / "collections", "acme_start", "acme_stop", collection="acme/tools")

    assert not problems(tmp_path, "- acme.tools.acme_stop: {}")
    (only,) = problems(tmp_path, "- tasks: [{block: [{acme.tools.acme_stp: {}}]}]")

    assert "flow[0].tasks[0].block[0]: The collection `acme.tools` has no module" in only
    assert "Did you mean `acme.tools.acme_stop`?" in only


@pytest.mark.parametrize("by", ["environment", "configuration"])
def test_configured_places_are_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    installed(tmp_path / "else", "go", collection="acme/tools")
    monkeypatch.delenv("ANSIBLE_CONFIG", raising=False)
    monkeypatch.delenv("ANSIBLE_COLLECTIONS_PATH", raising=False)
    assert "is not installed" in problems(tmp_path, "- acme.tools.go: {}")[0]

    if by == "environment":
        monkeypatch.setenv("ANSIBLE_COLLECTIONS_PATH", f"/nowhere:{tmp_path}/else")
    else:
        (tmp_path / "ansible.cfg").write_text("[defaults]\ncollections_path = else\n")

    assert not problems(tmp_path, "- acme.tools.go: {}")


def test_a_routed_module_is_fine(tmp_path: Path) -> None:
    installed(tmp_path / "collections", "new", collection="acme/tools")
    meta = tmp_path / "collections/ansible_collections/acme/tools/meta"
    meta.mkdir()
    (meta / "runtime.yml").write_text("plugin_routing:\n  modules:\n    old:\n      redirect: x\n")

    assert not problems(tmp_path, "- acme.tools.old: {}")
