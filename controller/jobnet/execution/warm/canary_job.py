"""Says what the canary does, and what must come of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jobnet.execution.end import AttemptEnd
from jobnet.execution.environment import (
    ARTIFACTS_VARIABLE,
    CALLBACK_FOLDER,
    MARK_VARIABLE,
    RECORDS_VARIABLE,
)
from jobnet.execution.manifest import Manifest
from jobnet.execution.prepare import PreparedJob
from jobnet.execution.records import RecordReader
from jobnet.execution.settings import ansible_program
from jobnet.execution.spool import (
    ARTIFACTS,
    EVENTS,
    MANIFEST,
    RECORDS,
    RESULT,
    Spool,
    make_spool,
    write_whole,
)

_INVENTORY: Final = (
    'canary ansible_connection=local ansible_python_interpreter="{{ ansible_playbook_python }}"\n'
)
_PLAYBOOK: Final = """
- name: canary
  hosts: canary
  gather_facts: false
  strategy: ansible.builtin.linear
  any_errors_fatal: false
  vars: {ansible_become: false}
  tasks:
    - name: sum
      ansible.builtin.set_fact: {sum: "{{ [19, 23] | sum }}"}
    - name: say
      ansible.builtin.debug: {msg: "the sum is {{ sum }}"}
    - name: run
      ansible.builtin.command: {argv: [echo, "{{ sum }}"]}
      environment: {JOBNET_CANARY: sings}
      register: run
    - block:
        - name: fail
          ansible.builtin.fail: {msg: "ran {{ run.stdout }}"}
      rescue:
        - name: rescue
          ansible.builtin.debug: {msg: "rescued from {{ ansible_failed_result.msg }}"}
"""
_EVENTS: Final = (
    ("playbook_on_start", None),
    ("playbook_on_play_start", None),
    ("runner_on_ok", "sum"),
    ("runner_on_ok", "say"),
    ("runner_on_ok", "run"),
    ("runner_on_failed", "fail"),
    ("runner_on_ok", "rescue"),
    ("playbook_on_stats", None),
)
_MESSAGES: Final = {"say": "the sum is 42", "rescue": "rescued from ran 42"}


def canary_job(folder: Path, environment: Mapping[str, str], project_root: str) -> PreparedJob:
    """Return the canary, prepared in ``folder`` as a job of this project and environment."""
    (folder / "hosts.ini").write_text(_INVENTORY)
    playbook = folder / "canary.yml"
    playbook.write_text(_PLAYBOOK)
    spool = make_spool(folder / "spool")
    manifest = Manifest(
        program=ansible_program("ansible-playbook"),
        arguments=(f"--inventory={folder / 'hosts.ini'}", str(playbook)),
        working_folder=project_root,
        pattern="canary",
        kill_grace_seconds=1.0,
        is_single_task=False,
        empty_hosts_ok=False,
        keeps_host_vars=False,
    )
    write_whole(spool[MANIFEST], manifest.to_text())
    own = {
        MARK_VARIABLE: spool.mark,
        RECORDS_VARIABLE: str(spool[RECORDS]),
        ARTIFACTS_VARIABLE: str(spool[ARTIFACTS]),
    }
    return PreparedJob(spool=spool, manifest=manifest, environment={**environment, **own})


def neutral_environment(ours: Mapping[str, str], root: Path) -> dict[str, str]:
    """Return an environment in which Ansible has its defaults and no plugins of anybody.

    Ansible has each default that lies in its home parsed as a literal of Python, which warns of
    any ``-2if`` in the path: the name of a temporary folder must not decide about warm starts.
    """
    (root / "ansible.cfg").write_text("[defaults]\n")
    kept = {k: v for k, v in ours.items() if not k.startswith("ANSIBLE_")}
    own = {
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACK_FOLDER),
        "ANSIBLE_CONFIG": str(root / "ansible.cfg"),
        "ANSIBLE_HOME": str(root / "ansible"),
        "ANSIBLE_REMOTE_TMP": str(root / "tmp"),  # the user may have no home
        "ANSIBLE_SHOW_CUSTOM_STATS": "False",
        "LC_ALL": "C.UTF-8",
        "PYTHONWARNINGS": "ignore",
    }
    return {**kept, **own}


def difference(spool: Spool) -> str:
    """Return what is not as it must be of a canary that has ended, or ""."""
    try:
        end = AttemptEnd.from_text(spool[RESULT].read_text())
        events = [json.loads(line) for line in spool[EVENTS].read_text().splitlines()]
    except (OSError, ValueError, TypeError):
        return "left no result that can be read"
    if end.ansible_rc != 0 or end.was_killed or end.prompt or end.trouble or end.unended:
        return f"ended with {end.trouble or end.prompt or f'exit status {end.ansible_rc}'}"
    wanted = {name for name, _ in _EVENTS}
    told = tuple((e["event"], _task_of(e)) for e in events if e.get("event") in wanted)
    if told != _EVENTS:
        return f"told other events: {', '.join(str(task or event) for event, task in told)[:200]}"
    messages = {_task_of(e): _message_of(e) for e in events if e["event"] == "runner_on_ok"}
    if any(messages[task] != message for task, message in _MESSAGES.items()):
        return f"said {messages.get('rescue')!r:.100}"
    if not any(record["kind"] == "end" for record in RecordReader(spool[RECORDS]).new_records()):
        return "left no records"
    return ""


def _task_of(event: Mapping[str, Any]) -> str | None:
    is_of_task = str(event["event"]).startswith("runner_on")
    return event.get("event_data", {}).get("task") if is_of_task else None


def _message_of(event: Mapping[str, Any]) -> object:
    return event.get("event_data", {}).get("res", {}).get("msg")
