"""Definitions are applied all or none, and runs find what they are pinned to."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.errors.definitions import (
    DefinitionsRefused,
    NamesWouldMove,
    NothingToApply,
)

from tests.services.controller.applied import ANN, HELLO, QUEUE, Desk, opened, told


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as store:
        yield Desk(tmp_path, store)


def problems(error: pytest.ExceptionInfo[DefinitionsRefused]) -> list[str]:
    return [getattr(one, "code", "") for one in error.value.problems]


def test_a_folder_is_applied_with_the_names_of_its_folders(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.write("payroll/emea/queues.yml", QUEUE)

    plan = desk.apply()

    assert told(plan) == ["created network hello", "created queue payroll/emea/backup"]
    assert plan.edition == desk.definitions.current() == 1
    assert list(desk.definitions.queues()) == ["payroll/emea/backup"]


def test_a_single_file_counts_its_folders_from_the_root_of_its_project(desk: Desk) -> None:
    desk.write("ansible.cfg", "")
    desk.write("payroll/hello.yml", HELLO)

    plan = desk.apply("payroll/hello.yml")

    assert told(plan) == ["created network payroll/hello"]


def test_nothing_is_changed_by_a_plan(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)

    plan = desk.definitions.plan([desk.folder])

    assert told(plan) == ["created network hello"]
    assert desk.definitions.current() == 0
    assert desk.definitions.networks() == ()


def test_applying_the_same_again_makes_no_edition(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.apply()

    plan = desk.apply()

    assert told(plan) == ["unchanged network hello"]
    assert plan.edition == desk.definitions.current() == 1


def test_a_change_makes_a_new_version_and_leaves_the_others_alone(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.write("queue.yml", QUEUE)
    desk.apply()
    desk.write("queue.yml", QUEUE.replace("2", "3"))

    plan = desk.apply()

    assert told(plan) == ["unchanged network hello", "changed queue backup"]
    assert [row.version for row in desk.definitions.versions("queue", "backup")] == [2, 1]
    assert [row.version for row in desk.definitions.versions("network", "hello")] == [1]


def test_any_error_refuses_everything_and_every_problem_is_told_with_its_place(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.write("bad.yml", "kind: network\nname: bad\nflow:\n  - wait_foor: 1s\n")
    desk.write("worse.yml", "kind: queue\nname: worse\nlimit: many\n")

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply()

    assert len(refused.value.problems) == 2
    assert f"{desk.folder}/bad.yml:4:5: flow[0]:" in str(refused.value)
    assert f"{desk.folder}/worse.yml:3:8: limit:" in str(refused.value)
    assert desk.definitions.current() == 0


def test_a_file_of_ours_that_is_no_yaml_is_not_passed_over(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.write("broken.yml", "kind: network\nname: broken\nflow: [\n")

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply()

    assert problems(refused) == ["yaml_syntax"]


def test_files_of_others_are_passed_over(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.write("site.yml", "- hosts: all\n  tasks: []\n")
    desk.write("pod.yml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n")

    plan = desk.apply()

    assert told(plan) == ["created network hello"]
    assert plan.passed_over == 2


def test_a_file_that_was_named_must_hold_something(desk: Desk) -> None:
    desk.write("vars.yml", "colour: red\n")

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply("vars.yml")

    assert problems(refused) == ["no_document"]


def test_a_path_at_which_there_is_nothing_is_refused(desk: Desk) -> None:
    with pytest.raises(NothingToApply, match="there is no file or folder"):
        desk.apply("nowhere")


def test_a_name_that_stands_in_two_folders_names_both_files(desk: Desk) -> None:
    desk.write("a/hello.yml", HELLO)
    desk.write("b/hello.yml", HELLO)
    desk.apply("a")

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply("b")

    assert problems(refused) == ["duplicate_document"]
    assert f"{desk.folder}/a/hello.yml" in str(refused.value)
    assert f"{desk.folder}/b/hello.yml" in str(refused.value)


def test_a_part_of_an_applied_folder_keeps_its_names(desk: Desk) -> None:
    desk.write("payroll/hello.yml", HELLO)
    desk.apply()
    desk.write("payroll/hello.yml", HELLO.replace("1s", "2s"))

    by_folder = desk.definitions.plan([desk.folder / "payroll"])
    by_file = desk.definitions.plan([desk.folder / "payroll/hello.yml"])

    assert told(by_folder) == told(by_file) == ["changed network payroll/hello"]


def test_a_folder_around_an_applied_one_moves_names_only_when_told_to_prune(desk: Desk) -> None:
    desk.write("payroll/hello.yml", HELLO)
    desk.apply("payroll")

    with pytest.raises(NamesWouldMove, match="network hello would be payroll/hello"):
        desk.apply()
    plan = desk.apply(prune=True)

    assert told(plan) == ["created network payroll/hello", "removed network hello"]
    assert desk.definitions.networks() == ("payroll/hello",)


def test_a_file_that_vanished_is_kept_until_somebody_prunes(desk: Desk) -> None:
    gone = desk.write("hello.yml", HELLO)
    desk.write("queue.yml", QUEUE)
    desk.apply()
    gone.unlink()

    kept = desk.apply()
    pruned = desk.apply(prune=True)

    assert kept.kept == (str(gone),)
    assert kept.edition == 1
    assert told(pruned) == ["unchanged queue backup", "removed network hello"]
    assert desk.definitions.networks() == ()


def test_a_folder_that_vanished_can_be_pruned(desk: Desk) -> None:
    desk.write("payroll/hello.yml", HELLO).unlink()
    desk.write("payroll/hello.yml", HELLO)
    desk.apply("payroll")
    (desk.folder / "payroll/hello.yml").unlink()
    (desk.folder / "payroll").rmdir()

    plan = desk.apply("payroll", prune=True)

    assert told(plan) == ["removed network hello"]


def test_what_others_need_cannot_be_pruned(desk: Desk) -> None:
    needed = desk.write("hello.yml", HELLO)
    desk.write("outer.yml", "kind: network\nname: outer\nflow:\n  - network: hello\n")
    desk.apply()
    needed.unlink()

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply(prune=True)

    assert problems(refused) == ["unknown_network"]
    assert "outer" in str(refused.value)


def test_a_removed_document_comes_back_with_the_next_version(desk: Desk) -> None:
    file = desk.write("hello.yml", HELLO)
    desk.write("queue.yml", QUEUE)
    desk.apply()
    file.unlink()
    desk.apply(prune=True)
    desk.write("hello.yml", HELLO)

    desk.apply()

    versions = desk.definitions.versions("network", "hello")
    assert [(row.version, row.removed) for row in versions] == [(3, False), (2, True), (1, False)]


def test_an_error_elsewhere_that_was_there_before_is_a_warning(desk: Desk) -> None:
    playbook = desk.write("a/site.yml", "- hosts: all\n  tasks: []\n")
    desk.write("a/hello.yml", "kind: network\nname: hello\nflow:\n  - playbook: site.yml\n")
    desk.apply("a")
    playbook.unlink()
    desk.write("b/queue.yml", QUEUE)

    plan = desk.apply("b")

    assert told(plan) == ["created queue backup"]
    assert [(one.code, one.is_error) for one in plan.warnings] == [("missing_playbook", False)]


def test_every_apply_is_kept_with_who_and_why(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.apply()

    rows = desk.store.read(lambda tx: tx.audits.page(before=None, limit=10))

    assert [(row.act, row.by, row.reason) for row in rows] == [("apply", "ann", "test")]
    assert json.loads(rows[0].after) == {"edition": 1, "created": ["network hello"]}


def test_a_file_that_got_another_name_takes_its_documents_along(desk: Desk) -> None:
    file = desk.write("hello.yml", HELLO)
    desk.apply()
    file.rename(desk.folder / "greeting.yml")

    plan = desk.apply()

    assert told(plan) == ["changed network hello"]
    assert plan.kept == ()
    assert [one.path for one in plan.documents] == [f"{desk.folder}/greeting.yml"]


def test_a_document_that_is_doubled_by_a_file_that_is_gone_is_told_how_to_go_on(
    desk: Desk,
) -> None:
    file = desk.write("all.yml", f"{HELLO}---\n{QUEUE}")
    desk.apply()
    file.unlink()
    desk.write("hello.yml", HELLO)

    with pytest.raises(DefinitionsRefused, match="say --prune"):
        desk.apply()
    plan = desk.apply(prune=True)

    assert told(plan) == ["changed network hello", "removed queue backup"]


def test_what_is_not_applied_yet_is_told_as_such(desk: Desk) -> None:
    desk.write("ansible.cfg", "")
    desk.write("office.yml", "kind: calendar\nname: office\nweek: {open: [mon]}\n")
    desk.write("hello.yml", HELLO + "calendar: office\n")

    with pytest.raises(DefinitionsRefused, match="Apply the file or folder that holds it"):
        desk.apply("hello.yml")
    plan = desk.apply("hello.yml", "office.yml")

    assert told(plan) == ["created network hello", "created calendar office"]


def test_a_wait_for_a_network_that_is_removed_is_warned_of(desk: Desk) -> None:
    file = desk.write("hello.yml", HELLO)
    flow = "  - wait_network: {network: hello, timeout: 1h}\n"
    desk.write("outer.yml", f"kind: network\nname: outer\nflow:\n{flow}")
    desk.apply()

    plan = desk.definitions.remove("network", "hello", by=ANN)

    assert [one.code for one in plan.warnings] == ["unknown_network"]
    assert file.exists()


def test_an_edit_in_the_controller_is_not_undone_without_a_word(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()
    desk.definitions.put("queue", "backup", QUEUE.replace("2", "3"), by=ANN)

    plan = desk.apply()
    again = desk.apply()

    assert told(plan) == ["changed queue backup"]
    assert [one.code for one in plan.warnings] == ["edit_taken_back"]
    assert again.warnings == ()


def test_a_file_whose_last_document_was_removed_here_can_be_applied_again(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE + "---\n" + HELLO)
    desk.apply()
    desk.definitions.remove("queue", "backup", by=ANN)
    desk.definitions.remove("network", "hello", by=ANN)

    plan = desk.apply()

    assert told(plan) == ["created queue backup", "created network hello"]
    assert plan.warnings == ()


def test_an_edit_that_reached_the_disk_is_no_edit_any_more(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()
    desk.definitions.put("queue", "backup", QUEUE.replace("2", "3"), by=ANN)
    desk.write("queue.yml", QUEUE.replace("2", "3"))
    same = desk.apply()
    desk.write("queue.yml", QUEUE.replace("2", "4"))

    plan = desk.apply()

    assert told(same) == ["unchanged queue backup"]
    assert plan.warnings == ()
