"""Plants secrets under ``no_log`` and looks for them in everything that a job leaves."""

from pathlib import Path

import pytest
from jobnet.execution.spool import PROJECT

from tests.execution.building import Finished, Project, run_all

pytestmark = pytest.mark.parts

# The secret is made inside the job, so it stands nowhere but in what the job gives.
SECRET = "QWJiYWNhZGFicmE"
MADE = "{{ 'QWJiYWNh' ~ 'ZGFicmE' }}"
TASKS = f"""
- command: echo "{MADE}"
  no_log: true
  register: hidden
- set_stats: {{data: {{leak: "{MADE}", map: {{inner: "{MADE}"}}}}}}
  no_log: true
- set_stats: {{data: {{leak_of_host: "{MADE}"}}, per_host: true}}
  no_log: true
- set_fact: {{fact: "{MADE}"}}
  no_log: true
- command: echo "{{{{ item }}}}"
  loop: ["{MADE}", other]
  no_log: true
  loop_control: {{label: one}}
- command: sh -c 'echo "{MADE}"; exit 3'
  no_log: true
  ignore_errors: true
- fail: {{msg: "{MADE}"}}
  no_log: true
  ignore_errors: true
- debug: {{msg: "{MADE}"}}
  no_log: true
- block:
    - command: sh -c 'echo "{MADE}"; exit 4'
      no_log: true
  rescue:
    - debug: {{msg: rescued}}
- shell: exit 5
  environment: {{PASSWORD: "{MADE}"}}
  no_log: true
"""
VERBOSE = """
[defaults]
inventory = hosts.ini
verbosity = 3
show_custom_stats = true
"""


@pytest.fixture(scope="module")
def finished(shared_project: Project) -> Finished:
    project = shared_project
    project.file("ansible.cfg", VERBOSE)
    environment = {"TOKEN": SECRET}
    order = project.play(TASKS, keeps_host_vars=True, environment=environment)
    return run_all(project, {"job": order})["job"]


def test_no_file_of_the_spool_holds_a_secret(finished: Finished) -> None:
    leaks = [path for path in files_of(finished.folder) if SECRET in readable(path)]

    assert leaks == []


def test_no_report_and_no_result_holds_a_secret(finished: Finished) -> None:
    assert SECRET not in repr(finished.reports)
    assert SECRET not in repr(finished.result)
    assert SECRET not in finished.output


def test_what_is_not_secret_is_still_there(finished: Finished) -> None:
    result = finished.result

    assert result.ansible_rc == 2
    assert "hidden: no_log" in result.message
    assert "rescued" in finished.output
    assert result.outputs == {}
    assert result.host_vars == {}


def files_of(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(found) > 5
    return [path for path in found if PROJECT not in path.relative_to(folder).parts]


def readable(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
