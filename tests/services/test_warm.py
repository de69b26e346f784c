"""Whose word counts on whether a job may start warm."""

from pathlib import Path

import pytest
from jobnet.ids import PartKey

from tests.services.playing import Stage

PING = "hosts: web, ansible.builtin.ping: {}"
HEAD = "kind: network\nname: night\ninventory: 'web,'\n"


@pytest.mark.parametrize(
    ("text", "warm"),
    [
        (f"flow: [{{id: a, {PING}}}]", True),
        (f"flow: [{{id: a, {PING}, warm: off}}]", False),
        (f"flow: [{{id: a, {PING}, warm: false}}]", False),
        ("flow: [{id: a, hosts: web, tasks: [{ping: }], warm: no}]", False),
        ("flow: [{id: a, hosts: web, role: r, warm: off}]", False),
        ("flow: [{id: a, playbook: p.yml, warm: off}]", False),
        ("flow: [{id: a, hosts: web, job: j, warm: off}]", False),
        (f"warm: off\nflow: [{{id: a, {PING}}}]", False),
        (f"warm: off\nflow: [{{id: a, {PING}, warm: on}}]", True),
        (f"warm: on\nflow: [{{id: a, {PING}, warm: off}}]", False),
        (f"flow: [{{block: [{{id: a, {PING}}}], warm: off}}]", False),
        (f"warm: off\nflow: [{{block: [{{id: a, {PING}}}], warm: on}}]", True),
        (f"flow: [{{block: [{{block: [{{id: a, {PING}}}], warm: on}}], warm: off}}]", True),
        (f"flow: [{{warm: off, parallel: {{branches: [{{flow: [{{id: a, {PING}}}]}}]}}}}]", False),
    ],
)
def test_the_nearest_word_counts(tmp_path: Path, text: str, *, warm: bool) -> None:
    (tmp_path / "p.yml").write_text("- hosts: web\n")
    (tmp_path / "j.yml").write_text("kind: job_type\nname: j\ntasks: [{ping: }]\n")
    stage = Stage(HEAD + text + "\n", tmp_path)

    stage.play()

    assert [(order.part, order.warm) for order in stage.runner.orders] == [(PartKey("a"), warm)]


@pytest.mark.parametrize(
    ("call", "own", "warm"),
    [("", "", True), ("warm: off", "", False), ("warm: off", "warm: on", True),
     ("warm: on", "warm: off", False)],
)  # fmt: skip
def test_a_called_network_goes_by_its_own_word_first(
    tmp_path: Path, call: str, own: str, *, warm: bool
) -> None:
    (tmp_path / "called.yml").write_text(
        f"kind: network\nname: called\ninventory: 'web,'\n{own}\nflow: [{{{PING}}}]\n"
    )
    flow = f"flow: [{{network: called{', ' + call if call else ''}}}]\n"
    stage = Stage(HEAD + flow, tmp_path)

    stage.play()

    assert [order.warm for order in stage.runner.orders] == [warm]


@pytest.mark.parametrize(
    ("project", "own", "warm"),
    [("", "", True), ("warm: off", "", False), ("warm: off", "warm: on", True),
     ("warm: on", "warm: off", False)],
)  # fmt: skip
def test_a_project_document_holds_where_its_networks_say_nothing(
    tmp_path: Path, project: str, own: str, *, warm: bool
) -> None:
    (tmp_path / "project.yml").write_text(f"kind: project\nname: payroll\n{project}\n")
    stage = Stage(f"{HEAD}{own}\nflow: [{{{PING}}}]\n", tmp_path)

    stage.play()

    assert [order.warm for order in stage.runner.orders] == [warm]


def test_looks_at_files_of_hosts_go_by_it_too(tmp_path: Path) -> None:
    wait = "{id: got, wait_file: {hosts: web, path: /in/x, timeout: 1s}, on_error: continue}"
    stage = Stage(f"{HEAD}warm: off\nflow: [{wait}]\n", tmp_path)

    stage.play()

    assert stage.runner.orders
    assert not any(order.warm for order in stage.runner.orders)
