"""Definitions are applied all or none, and runs find what they are pinned to."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from jobnet.errors.controller import NetworkNotApplied
from jobnet.errors.definitions import (
    DefinitionsRefused,
    NamesWouldMove,
    NothingToApply,
    PathRefused,
    TooMuchApplied,
)
from jobnet.errors.storage import EditionOvertaken
from jobnet.ids import EditionId, NetworkName
from jobnet.ports.store import Store, Transaction
from jobnet.services.controller import apply_plan, gathering
from jobnet.services.controller.definitions import Definitions

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


def test_a_playbook_that_is_named_is_a_network_of_one_part(desk: Desk) -> None:
    desk.write("ansible.cfg", "")
    desk.write("site.yml", "- hosts: all\n  tasks:\n    - ansible.builtin.ping:\n")

    plan = desk.apply("site.yml")
    again = desk.apply()

    assert told(plan) == ["created network site"]
    assert told(again) == ["unchanged network site"]
    assert len(desk.definitions.bundle(plan.edition, NetworkName("site")).network.flow) == 1


def test_a_name_that_stands_in_two_folders_names_both_files(desk: Desk) -> None:
    desk.write("a/hello.yml", HELLO)
    desk.write("b/hello.yml", HELLO)
    desk.apply("a")

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply("b")

    assert problems(refused) == ["duplicate_document"]
    assert f"{desk.folder}/a/hello.yml" in str(refused.value)
    assert f"{desk.folder}/b/hello.yml" in str(refused.value)


def test_folders_that_are_applied_apart_share_their_names(desk: Desk) -> None:
    desk.write("shared/queue.yml", QUEUE)
    desk.write("payroll/pay.yml", HELLO.replace("hello", "pay") + "queue: backup\n")
    desk.apply("shared")

    plan = desk.apply("payroll")
    bundle = desk.definitions.bundle(plan.edition, NetworkName("pay"))

    assert plan.warnings == ()
    assert list(bundle.queues) == ["backup"]


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


def test_a_run_finds_its_definition_though_files_beside_it_are_gone(desk: Desk) -> None:
    playbook = desk.write("site.yml", "- hosts: all\n  tasks: []\n")
    file = desk.write("hello.yml", "kind: network\nname: hello\nflow:\n  - playbook: site.yml\n")
    plan = desk.apply()
    playbook.unlink()
    file.unlink()

    anew = Definitions(desk.store, home=desk.folder)
    bundle = anew.bundle(plan.edition, NetworkName("hello"))

    assert len(bundle.network.flow) == 1


def test_a_run_goes_by_the_edition_that_it_is_pinned_to(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    first = desk.apply().edition
    desk.write("hello.yml", HELLO + "  - wait_for: 2s\n")
    second = desk.apply().edition

    flows = [
        len(desk.definitions.bundle(one, NetworkName("hello")).network.flow)
        for one in (first, second)
    ]

    assert flows == [1, 2]
    assert desk.definitions.bundle(first, NetworkName("hello")) is desk.definitions.bundle(
        first, NetworkName("hello")
    )


def test_a_network_that_is_not_applied_has_no_bundle(desk: Desk) -> None:
    with pytest.raises(NetworkNotApplied):
        desk.definitions.bundle(EditionId(0), NetworkName("hello"))


def test_a_job_type_whose_playbook_is_gone_breaks_no_run(desk: Desk) -> None:
    desk.write("types.yml", "kind: job_type\nname: t\nplaybook: site.yml\n")
    desk.write("site.yml", "- hosts: all\n  tasks: []\n")
    desk.write("hello.yml", "kind: network\nname: hello\nflow:\n  - job: t\n    hosts: all\n")
    plan = desk.apply()
    (desk.folder / "site.yml").unlink()

    bundle = desk.definitions.bundle(plan.edition, NetworkName("hello"))

    assert len(bundle.network.flow) == 1


def test_every_apply_is_kept_with_who_and_why(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.apply()

    rows = desk.store.read(lambda tx: tx.audits.page(before=None, limit=10))

    assert [(row.act, row.by, row.reason) for row in rows] == [("apply", "ann", "test")]
    assert json.loads(rows[0].after) == {"edition": 1, "created": ["network hello"]}


def test_an_apply_that_was_overtaken_is_made_anew(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.write("other/queue.yml", QUEUE)
    other = Definitions(desk.store, home=desk.folder)
    overtaking = overtaken(desk, lambda: other.apply([desk.folder / "other"], by=ANN))

    plan = Definitions(overtaking, home=desk.folder).apply([desk.folder / "hello.yml"], by=ANN)

    assert plan.edition == 2
    assert desk.definitions.networks() == ("hello",)
    assert list(desk.definitions.queues()) == ["backup"]


def test_an_apply_that_is_overtaken_again_and_again_is_refused(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    limits = iter(range(2, 9))
    other = Definitions(desk.store, home=desk.folder)

    def overtake() -> None:
        text = QUEUE.replace("2", str(next(limits)))
        desk.write("other/queue.yml", text)
        other.apply([desk.folder / "other"], by=ANN)

    overtaking = overtaken(desk, overtake, times=9)

    with pytest.raises(EditionOvertaken):
        Definitions(overtaking, home=desk.folder).apply([desk.folder / "hello.yml"], by=ANN)


def test_texts_are_applied_as_files_below_their_base(desk: Desk) -> None:
    plan = desk.definitions.apply_texts(
        [("payroll/hello.yml", HELLO)], base=str(desk.folder), by=ANN
    )

    assert told(plan) == ["created network payroll/hello"]
    assert plan.documents[0].path == f"{desk.folder}/payroll/hello.yml"
    assert not (desk.folder / "payroll").exists()


def test_texts_without_a_base_belong_to_the_controller(desk: Desk) -> None:
    plan = desk.definitions.apply_texts([("hello.yml", HELLO)], by=ANN)

    bundle = desk.definitions.bundle(plan.edition, NetworkName("hello"))

    assert Path(bundle.network.project_root).is_dir()


def test_texts_that_are_not_given_again_are_kept_until_somebody_prunes(desk: Desk) -> None:
    desk.definitions.apply_texts([("hello.yml", HELLO), ("queue.yml", QUEUE)], by=ANN)

    kept = desk.definitions.apply_texts([("queue.yml", QUEUE)], by=ANN)
    pruned = desk.definitions.apply_texts([("queue.yml", QUEUE)], by=ANN, prune=True)

    assert told(kept) == ["unchanged queue backup"]
    assert told(pruned) == ["unchanged queue backup", "removed network hello"]


HOSTILE = (
    "/etc/x.yml",
    "../x.yml",
    "a/../../x.yml",
    "a//x.yml",
    "./x.yml",
    "",
    "x.txt",
    "a\0.yml",
    "a\n.yml",
    "a\\..\\x.yml",
    "x" * 600 + ".yml",
    "\ud800.yml",
)


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_leads_out_or_is_strange_is_refused(desk: Desk, path: str) -> None:
    with pytest.raises(PathRefused):
        desk.definitions.apply_texts([(path, HELLO)], base=str(desk.folder), by=ANN)

    assert desk.definitions.current() == 0


def test_half_a_character_is_refused(desk: Desk) -> None:
    with pytest.raises(PathRefused, match="half a character"):
        desk.definitions.apply_texts([("hello.yml", HELLO + "# \ud800")], by=ANN)


def test_a_base_that_is_no_folder_is_refused(desk: Desk) -> None:
    for base in ("relative", str(desk.folder / "nowhere")):
        with pytest.raises(NothingToApply):
            desk.definitions.apply_texts([("hello.yml", HELLO)], base=base, by=ANN)


def overtaken(desk: Desk, overtake: Callable[[], object], *, times: int = 1) -> Store:
    """Return a store in which somebody else is faster, some times."""
    return cast(Store, Overtaken(desk.store, overtake, times))


class Overtaken:
    def __init__(self, store: Store, overtake: Callable[[], object], times: int) -> None:
        self._store, self._overtake, self._times = store, overtake, times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def write(self, work: Callable[[Transaction], object]) -> object:
        if self._times:
            self._times -= 1
            self._overtake()
        return self._store.write(work)


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


def test_more_files_than_can_be_kept_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_plan, "FILES_MAX", 1)
    desk.write("a/hello.yml", HELLO)
    desk.write("b/queue.yml", QUEUE)
    desk.apply("a")

    with pytest.raises(TooMuchApplied, match="2 files"):
        desk.apply("b")


def test_a_folder_with_too_many_files_is_refused_rather_than_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "FILES_MAX", 2)
    desk.write("hello.yml", HELLO)
    desk.write("queue.yml", QUEUE)

    with pytest.raises(TooMuchApplied):
        desk.apply()


def test_more_text_and_documents_than_can_be_kept_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("all.yml", f"{HELLO}---\n{QUEUE}")

    for name, limit in (("TEXT_MAX", 20), ("DOCUMENTS_MAX", 1)):
        with monkeypatch.context() as limited:
            limited.setattr(apply_plan, name, limit)
            with pytest.raises(TooMuchApplied):
                desk.apply()

    assert desk.definitions.current() == 0


def test_a_file_that_is_applied_and_cannot_be_read_any_more_is_refused(desk: Desk) -> None:
    file = desk.write("hello.yml", HELLO)
    desk.apply()
    file.write_bytes(b"kind: network\nname: \xff\n")

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply()

    assert problems(refused) == ["not_utf8"]


def test_a_pipe_and_a_circle_of_links_hold_nobody_up(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    os.mkfifo(desk.folder / "pipe.yml")
    (desk.folder / "loop.yml").symlink_to("loop.yml")
    (desk.folder / "around").symlink_to(desk.folder)

    plan = desk.apply()

    assert told(plan) == ["created network hello"]
    assert plan.passed_over == 2


def test_two_who_apply_at_once_both_succeed(desk: Desk) -> None:
    names = [f"{letter}/queue.yml" for letter in "ab"]
    for letter, name in zip("ab", names, strict=True):
        desk.write(name, QUEUE.replace("backup", letter))
    desks = [Definitions(desk.store, home=desk.folder) for _ in names]
    together = threading.Barrier(len(names))

    def apply(number: int) -> None:
        together.wait()
        desks[number].apply([desk.folder / names[number]], by=ANN)

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(apply, range(len(names))))

    assert len(desk.definitions.queues()) == 2
    assert desk.definitions.current() == 2
