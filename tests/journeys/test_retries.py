"""A job that fails on some hosts is tried again on those alone, with real Ansible."""

from pathlib import Path

import pytest

from tests.journeys.playing import new_project

pytestmark = pytest.mark.journey

NETWORK = """\
kind: network
name: night
params: {room: {type: path}}
flow:
  - name: Load
    hosts: web
    shell: >-
      echo x >> {{ params.room }}/{{ inventory_hostname }};
      test {{ inventory_hostname }} = h1 -o
      $(wc -l < {{ params.room }}/{{ inventory_hostname }}) -ge 2
    retry: {count: 2, delay: 1s, hosts: failed}
"""


def test_only_the_failed_host_is_tried_again_and_its_last_result_counts(tmp_path: Path) -> None:
    project = new_project(tmp_path)

    played = project.play(NETWORK, "-e", f"room={tmp_path}")

    assert played.track["state"] == "normal", played.said
    assert played.part("load")["attempt"] == 2
    assert {name: host["rc"] for name, host in played.part("load")["hosts"].items()} == {
        "h1": 0,
        "h2": 0,
    }
    assert (tmp_path / "h1").read_text() == "x\n"
    assert (tmp_path / "h2").read_text() == "x\nx\n"
