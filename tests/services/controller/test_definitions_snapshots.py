"""Runs go by the project as it stood when their network was applied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.definition import PlaybookJob, UnitJob
from jobnet.ids import EditionId, NetworkName
from jobnet.machine.project_copies import ProjectCopies, remove_copy
from jobnet.services.controller.definitions import Definitions

from tests.machine.test_project_copies import git
from tests.services.controller.applied import ANN, HELLO, Desk, opened

PLAYED = "kind: network\nname: played\nflow:\n  - playbook: site.yml\n"
PLAYED_NAME = NetworkName("payroll/played")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as store:
        desk = Desk(tmp_path, store)
        desk.definitions = anew(desk, tmp_path / "home")
        yield desk


def anew(desk: Desk, home: Path) -> Definitions:
    return Definitions(desk.store, home=home, projects=ProjectCopies(home))


def commit(desk: Desk, *, begin: bool = False) -> None:
    if begin:
        git(desk.folder, "init", "--quiet")
    git(desk.folder, "add", ".")
    git(desk.folder, "commit", "--quiet", "--allow-empty", "-m", "x")


def playbook_of(desk: Desk, edition: EditionId) -> Path:
    (part,) = desk.definitions.bundle(edition, PLAYED_NAME).network.flow
    assert isinstance(part.body, UnitJob)
    assert isinstance(part.body.content, PlaybookJob)
    return Path(part.body.content.path)


def test_a_run_goes_by_the_commit_that_was_applied(desk: Desk) -> None:
    playbook = desk.write("payroll/site.yml", "- hosts: all\n  tasks: []\n")
    desk.write("payroll/played.yml", PLAYED)
    commit(desk, begin=True)
    first = desk.apply().edition
    playbook.write_text("- hosts: web\n  tasks: []\n", encoding="utf-8")
    commit(desk)
    second = desk.apply().edition

    texts = [playbook_of(desk, one).read_text(encoding="utf-8") for one in (first, second)]
    network = desk.definitions.bundle(first, PLAYED_NAME).network

    assert (first, second) == (1, 2)
    assert ["all" in text for text in texts] == [True, False]
    assert Path(network.project_root, "payroll/site.yml") == playbook_of(desk, first)
    (stand,) = desk.definitions.projects_of(first, PLAYED_NAME)
    assert (stand.root, stand.is_copied, stand.changed) == (str(desk.folder), True, ())


def test_a_commit_beside_the_definitions_is_a_change_of_the_project(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    commit(desk, begin=True)
    desk.apply()
    desk.write("roles/x/tasks/main.yml", "- debug:\n")
    commit(desk)

    changed = desk.apply()
    again = desk.apply()

    assert (changed.changes, changed.projects) == ((), (str(desk.folder),))
    assert (again.projects, again.edition) == ((), changed.edition)


def test_a_copy_that_was_removed_is_there_again_when_it_is_asked_for(
    desk: Desk, tmp_path: Path
) -> None:
    desk.write("payroll/site.yml", "- hosts: all\n  tasks: []\n")
    desk.write("payroll/played.yml", PLAYED)
    commit(desk, begin=True)
    edition = desk.apply().edition
    place = playbook_of(desk, edition)
    for copy in (tmp_path / "home/snapshots").iterdir():
        remove_copy(copy)

    assert not place.exists()
    assert playbook_of(desk, edition) == place
    assert place.exists()


def test_without_a_commit_it_is_told_what_changed_since(desk: Desk) -> None:
    playbook = desk.write("payroll/site.yml", "- hosts: all\n  tasks: []\n")
    desk.write("payroll/played.yml", PLAYED)
    edition = desk.apply().edition

    (before,) = desk.definitions.projects_of(edition, PLAYED_NAME)
    playbook.write_text("[]", encoding="utf-8")
    (after,) = desk.definitions.projects_of(edition, PLAYED_NAME)

    assert (before.is_copied, before.changed) == (False, ())
    assert (after.is_copied, after.changed) == (False, ("payroll/site.yml",))
    assert playbook_of(desk, edition) == playbook


def test_a_plan_makes_no_copy(desk: Desk, tmp_path: Path) -> None:
    desk.write("hello.yml", HELLO)
    commit(desk, begin=True)

    plan = desk.definitions.plan([desk.folder])

    assert plan.edition == desk.definitions.current() == 0
    assert not (tmp_path / "home").exists()


def test_problems_name_the_authors_files_and_not_the_copy(desk: Desk) -> None:
    file = desk.write("hello.yml", HELLO)
    commit(desk, begin=True)
    edition = desk.apply().edition

    network = desk.definitions.bundle(edition, NetworkName("hello")).network

    assert network.position.file == str(file)


def test_a_run_can_say_by_which_files_it_goes_and_whether_they_have_changed(desk: Desk) -> None:
    playbook = desk.write("payroll/site.yml", "- hosts: all\n  tasks: []\n")
    desk.write("payroll/played.yml", PLAYED)
    live = desk.apply().edition
    commit(desk, begin=True)
    copied = desk.apply().edition
    playbook.write_text("[]", encoding="utf-8")

    stands = [
        stand
        for edition in (live, copied)
        for stand in desk.definitions.projects_of(edition, PLAYED_NAME)
    ]

    assert [one.root for one in stands] == [str(desk.folder)] * 2
    assert [one.changed for one in stands] == [("payroll/site.yml",), ()]
    assert [bool(one.snapshot.commit) for one in stands] == [False, True]


def test_a_run_goes_by_the_projects_of_the_networks_that_it_calls_too(
    desk: Desk, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    (other / "tools").mkdir(parents=True)
    calls = "kind: network\nname: caller\nflow:\n  - network: tools/called\n  - network: hello\n"
    desk.write("caller.yml", calls)
    desk.write("hello.yml", HELLO)
    called = HELLO.replace("hello", "called")
    (other / "tools/called.yml").write_text(called, encoding="utf-8")
    edition = desk.definitions.apply([desk.folder, other], by=ANN).edition

    caller, alone = (
        [stand.root for stand in desk.definitions.projects_of(edition, NetworkName(name))]
        for name in ("caller", "tools/called")
    )

    assert caller == [str(desk.folder), str(other)]
    assert alone == [str(other)]


def test_a_copy_that_cannot_be_made_again_is_not_said_to_be_there(
    desk: Desk, tmp_path: Path
) -> None:
    desk.write("hello.yml", HELLO)
    commit(desk, begin=True)
    edition = desk.apply().edition
    remove_copy(tmp_path / "home/snapshots")
    remove_copy(desk.folder / ".git")

    (stand,) = desk.definitions.projects_of(edition, NetworkName("hello"))

    assert stand.snapshot.copy
    assert (stand.is_copied, stand.changed) == (False, None)


def test_without_anybody_who_looks_at_projects_nothing_is_claimed(
    desk: Desk, tmp_path: Path
) -> None:
    desk.write("hello.yml", HELLO)
    desk.definitions = Definitions(desk.store, home=tmp_path / "home")
    edition = desk.apply().edition

    (stand,) = desk.definitions.projects_of(edition, NetworkName("hello"))

    assert (stand.root, stand.is_copied, stand.changed) == (str(desk.folder), False, None)
