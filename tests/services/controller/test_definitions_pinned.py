"""Runs find the definitions that they are pinned to, whatever was applied or removed since."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.errors.controller import NetworkNotApplied
from jobnet.ids import EditionId, NetworkName
from jobnet.project import bundle, read_project
from jobnet.services.controller.definitions import Definitions

from tests.engine.building import NOON
from tests.project.written import EXAMPLES, NETWORKS
from tests.services.controller.applied import ANN, HELLO, QUEUE, Desk, opened, told
from tests.services.controller.stores import AtInstant


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as store:
        yield Desk(tmp_path, store)


def test_a_playbook_that_is_named_is_a_network_of_one_part(desk: Desk) -> None:
    desk.write("ansible.cfg", "")
    desk.write("site.yml", "- hosts: all\n  tasks:\n    - ansible.builtin.ping:\n")

    plan = desk.apply("site.yml")
    again = desk.apply()

    assert told(plan) == ["created network site"]
    assert told(again) == ["unchanged network site"]
    assert len(desk.definitions.bundle(plan.edition, NetworkName("site")).network.flow) == 1


def test_folders_that_are_applied_apart_share_their_names(desk: Desk) -> None:
    desk.write("shared/queue.yml", QUEUE)
    desk.write("payroll/pay.yml", HELLO.replace("hello", "pay") + "queue: backup\n")
    desk.apply("shared")

    plan = desk.apply("payroll")
    bundle = desk.definitions.bundle(plan.edition, NetworkName("pay"))

    assert plan.warnings == ()
    assert list(bundle.queues) == ["backup"]


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


def test_a_name_that_is_written_with_escapes_is_found_in_a_new_process(desk: Desk) -> None:
    desk.write("a/hello.yml", HELLO.replace("hello", '"h\\u0065llo"'))
    desk.write(
        "a/x/outer.yml", HELLO.replace("hello", "outer").replace("wait_for: 1s", "network: hello")
    )
    desk.write("hello.yml", HELLO)
    desk.write("list.yml", "- hosts: all\n  tasks: []\n")
    desk.apply()
    plan = desk.apply("list.yml")

    anew = Definitions(desk.store, home=desk.folder)
    outer = anew.bundle(plan.edition, NetworkName("a/x/outer"))
    listed = anew.bundle(plan.edition, NetworkName("list"))

    assert list(outer.networks) == ["a/x/outer", "a/hello"]
    assert list(listed.networks) == ["list"]


def test_what_was_kept_means_what_stands_on_the_disk(desk: Desk) -> None:
    shutil.copytree(NETWORKS, desk.folder, dirs_exist_ok=True)
    (desk.folder / "sap_command.yml").unlink()  # it needs a collection
    edition = desk.apply().edition
    reading = read_project([desk.folder])

    networks = desk.definitions.networks()

    assert len(networks) > len(EXAMPLES) - 5
    for name in networks:
        assert desk.definitions.bundle(edition, name) == bundle(reading, name)


def test_files_of_an_edition_that_no_run_needs_go_after_a_day(desk: Desk) -> None:
    days = iter(range(9))
    store = AtInstant(desk.store, lambda: NOON + timedelta(days=next(days)))
    definitions = Definitions(store, home=desk.folder)
    for limit in "3456":
        desk.write("queue.yml", QUEUE.replace("2", limit))
        definitions.apply([desk.folder], by=ANN)

    editions = [EditionId(number) for number in range(1, 5)]
    files = desk.store.read(lambda tx: [len(tx.editions.files(one)) for one in editions])

    assert files[0] == 0
    assert files[-2:] == [1, 1]
    assert len(definitions.versions("queue", "backup")) == 4
