"""A play whose modules run warm gives the events, results and files of a stock play."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.execution.warm_modules.serving import PYTHON, Warm, command

pytestmark = pytest.mark.parts

PLAY = """
- hosts: all
  gather_facts: false
  vars: {greeting: grüß dich}
  tasks:
    - ansible.builtin.ping:
    - ansible.builtin.command: printf '%s' "{{ greeting }}"
      register: said
    - ansible.builtin.shell: echo "$0 $HOME"; pwd; exit 3
      ignore_errors: true
    - ansible.builtin.set_fact: {heard: "{{ said.stdout }}"}
    - ansible.builtin.template: {src: t.j2, dest: "{{ out }}/t", mode: "0640"}
    - ansible.builtin.copy: {content: "{{ heard }}", dest: "{{ out }}/c"}
    - ansible.builtin.file: {path: "{{ out }}/d", state: directory}
    - ansible.builtin.stat: {path: "{{ out }}/c"}
      register: seen
    - ansible.builtin.debug: {var: seen.stat.checksum}
    - ansible.builtin.command: printenv COLOUR
      environment: {COLOUR: blue}
    - ansible.builtin.command: "true"
      async: 60
      poll: 1
    - ansible.builtin.script: s.sh words
    - ansible.builtin.raw: echo raw
    - own_module: {a: 1}
    - old_module: a=1
    - ansible.builtin.command: echo {{ item }}
      loop: [1, 2]
      no_log: true
    - ansible.builtin.command: sleep 20
      timeout: 1
      ignore_errors: true
    - ansible.builtin.command: "false"
      check_mode: true
    - ansible.builtin.fail: {msg: end}
"""
NOTING = """
import json, os
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, 'aggregate', 'noting'
    def _note(self, kind, result):
        with open(os.environ['NOTES'], 'a') as file:
            entry = [str(result.host), result.task.get_name(), kind, result.result]
            file.write(json.dumps(entry, default=str) + '\\n')
    def v2_runner_on_ok(self, result): self._note('ok', result)
    def v2_runner_on_failed(self, result, ignore_errors=False): self._note('failed', result)
    def v2_runner_on_skipped(self, result): self._note('skipped', result)
    def v2_runner_item_on_ok(self, result): self._note('item', result)
"""
OWN = """
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.own_words import WORDS
from ansible.module_utils.errors import WHO
module = AnsibleModule(argument_spec=dict(a=dict(type='int')))
module.exit_json(words=WORDS, who=WHO, a=module.params['a'])
"""


def make_project(folder: Path) -> None:
    """Write a project with modules of its own, one of which hides ansible-core's."""
    import ansible.module_utils.errors as stock_errors  # noqa: PLC0415

    (folder / "ansible.cfg").write_text("[defaults]\n")
    (folder / "play.yml").write_text(PLAY, encoding="utf-8")
    (folder / "callback_plugins").mkdir()
    (folder / "callback_plugins" / "noting.py").write_text(NOTING)
    (folder / "t.j2").write_text("{{ greeting }} {{ inventory_hostname }}\n")
    (folder / "s.sh").write_text("#!/bin/sh\necho script $1\n")
    (folder / "library").mkdir()
    (folder / "library" / "own_module.py").write_text(OWN)
    (folder / "library" / "old_module.py").write_text(
        f'#!{PYTHON}\nimport sys\nprint(\'{{"changed": false, "old": true}}\')\n'
    )
    (folder / "module_utils").mkdir()
    (folder / "module_utils" / "own_words.py").write_text("WORDS = 'ours'\n")
    errors = Path(str(stock_errors.__file__)).read_text()
    (folder / "module_utils" / "errors.py").write_text(errors + "\nWHO = 'project'\n")


def play(folder: Path, out: Path, channel: int | None, *more: str) -> tuple[int, Any, list[str]]:
    """Run the play and return its status, its results and the commands of the stock path."""
    out.mkdir()
    log = out.with_suffix(".log")
    variables = {"out": str(out), "ansible_connection": "local"}
    variables["ansible_python_interpreter"] = PYTHON
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.execution.warm_modules.play"),
            *(str(channel or "none"), str(log), "-i", "h1,"),
            *("-e", json.dumps(variables), *more, str(folder / "play.yml")),
        ],
        env={
            **os.environ,
            "ANSIBLE_PIPELINING": "True",
            "NOTES": str(out.with_suffix(".notes")),
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "PYTHONPATH": f"{Path.cwd()}:{Path.cwd() / 'controller'}",
        },
        pass_fds=[] if channel is None else [channel],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )
    notes = out.with_suffix(".notes")
    text = notes.read_text() if notes.exists() else done.stdout + done.stderr
    text = re.sub(r"ansible-tmp-[0-9.-]+|_payload_[a-z0-9_]{8}", "T", text)
    results = [steady(json.loads(line)) for line in text.replace(str(out), "OUT").splitlines()]
    commands = log.read_text().splitlines() if log.exists() else []
    return done.returncode, sorted(results, key=str), commands


def steady(value: Any) -> Any:  # noqa: ANN401
    """Return results without instants, durations and names that are drawn."""
    if isinstance(value, dict):
        moving = {"start", "end", "delta", "duration", "id", "ansible_job_id", "results_file"}
        moving |= {
            "atime",
            "mtime",
            "ctime",
            "inode",
            "uuid",
            "src",
            "exception",
            "_original_basename",
            "version",
        }
        return {k: steady(v) for k, v in value.items() if k not in moving}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return (
        re.sub(r"j\d{8,}\.\d+|\d{9,}\.\d+-\d+-\d+", "J", value) if isinstance(value, str) else value
    )


def test_a_play_gives_the_same_and_most_of_it_runs_warm(warm: Warm, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    make_project(project)
    path = f"{Path.cwd()}:{Path.cwd() / 'controller'}"
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = path
    try:
        warm.make_ready()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before

    stock = play(project, tmp_path / "stock", None)
    ours = play(project, tmp_path / "ours", warm.servers.channel)

    assert ours[0] == stock[0] == 2
    assert len(ours[1]) == len(stock[1]) >= 18
    mine, theirs = (
        json.dumps(side[1], indent=1, sort_keys=True).splitlines() for side in (ours, stock)
    )
    differing = [f"{a} != {b}" for a, b in zip(mine, theirs, strict=True) if a != b]
    assert not differing, "; ".join(differing)
    assert stock[2].count(command(PYTHON)) >= 10
    assert command(PYTHON) not in ours[2], "every plain payload was served warm"
    assert any("COLOUR=blue" in c for c in ours[2]), "environment: takes the stock path"
    assert any("async_wrapper" in c for c in ours[2]), "async takes the stock path"
    assert len(stock[2]) - len(ours[2]) >= 10
    for name in ("t", "c"):
        theirs_file, file = tmp_path / "stock" / name, tmp_path / "ours" / name
        assert file.read_bytes() == theirs_file.read_bytes()
        assert file.stat().st_mode == theirs_file.stat().st_mode


def test_verbose_plays_show_the_stock_path(warm: Warm, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "ansible.cfg").write_text("[defaults]\n")
    (project / "play.yml").write_text("- {hosts: all, gather_facts: false, tasks: [{ping: }]}\n")

    (project / "callback_plugins").mkdir()
    (project / "callback_plugins" / "noting.py").write_text(NOTING)

    _, _, commands = play(project, tmp_path / "out", warm.servers.channel, "-vvv")

    assert commands.count(command(PYTHON)) == 1
