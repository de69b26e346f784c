"""Plays of every kind, each cold and warm: nothing that can be seen may differ."""

import pytest

from tests.execution.building import Project
from tests.execution.warm.differential import Both, Jobs, Side, both

pytestmark = pytest.mark.parts

GOOD_AND_BAD = """
- hosts: h1:h2
  gather_facts: false
  tasks:
    - command: sh -c 'id -u; id -G; umask; pwd; locale 2>/dev/null || true'
      register: who
    - set_stats: {data: {who: "{{ who.stdout_lines }}"}}
    - set_stats: {data: {mine: "{{ inventory_hostname }}"}, per_host: true}
    - debug: {msg: "{{ query('env', 'SOME', 'LC_ALL', 'HOME', 'TZ') }}"}
    - debug: {msg: "{{ lookup('pipe', 'pwd; umask; ulimit -a; date +%Z') }}"}
    - command: sh -c 'echo $SAID'
      environment: {SAID: "{{ who.rc }} from the task"}
    - command: "false"
      when: inventory_hostname == 'h2'
    - fail: {msg: only one is left}
      ignore_errors: true
    - block:
        - fail: {msg: rescued}
      rescue:
        - debug: {msg: "after {{ ansible_failed_result.msg }}"}
      always:
        - debug: {msg: "grüße ☃"}
- hosts: nowhere
  gather_facts: false
  tasks:
    - ping:
"""
FLOW = """
- import_playbook: other.yml
- hosts: h1:h2
  gather_facts: false
  serial: 1
  force_handlers: true
  handlers:
    - name: told
      debug: {msg: handled}
    - name: heard
      listen: somebody
      debug: {msg: "heard {{ inventory_hostname }}"}
  roles:
    - role: worker
      vars: {given: by the play}
  tasks:
    - copy:
        content: "{{ inventory_hostname }}\\n"
        dest: "{{ playbook_dir }}/out-{{ inventory_hostname }}"
        mode: "0640"
      notify: [told, somebody]
    - copy: {src: unicode-ü.txt, dest: "{{ playbook_dir }}/copied"}
    - template: {src: page.j2, dest: "{{ playbook_dir }}/page"}
    - include_tasks: more.yml
      loop: [1, 2]
      loop_control: {loop_var: turn}
    - include_role: {name: worker, tasks_from: second}
    - command: sleep 0.1
      async: 30
      poll: 0
      register: later
    # How often it is asked must not depend on the machine's load.
    - shell: while ! grep -q '"rc"' {{ later.results_file }}; do sleep 0.1; done
      no_log: true
    - async_status: {jid: "{{ later.ansible_job_id }}"}
      no_log: true
    - shell: exit 3
      register: r
      retries: 2
      delay: 0.1
      until: r.rc == 0
- hosts: h1
  strategy: free
  gather_facts: false
  tasks:
    - debug: {msg: free}
    - meta: end_play
"""
# Each look at a job that has not ended yet is an event; how many there are is a matter of load.
POLLED = """
- command: echo polled
  async: 300
  poll: 1
  register: it
- debug: {msg: "{{ it.stdout }}"}
"""
OUTPUT = """
- debug: {msg: a line that is long enough to show how wide the terminal is, in the stars}
- command: sh -c 'echo out; echo err >&2; exit 4'
  register: r
  failed_when: false
- debug: {var: r.rc}
- ping:
"""


def plays(project: Project) -> Jobs:
    project.file("ansible.cfg", CONFIGURED)
    project.file("hosts.ini", project.root.joinpath("hosts.ini").read_text() + UNREACHABLE)
    project.file("other.yml", "- hosts: h1\n  gather_facts: false\n  tasks:\n    - ping:\n")
    project.file("more.yml", "- debug: {msg: 'turn {{ turn }}'}\n")
    project.file("files/unicode-ü.txt", "grüße\n")
    project.file("templates/page.j2", "{{ ansible_managed | default('') }} {{ groups.local }}\n")
    project.file("roles/worker/tasks/main.yml", "- debug: {msg: '{{ given }} {{ mine }}'}\n")
    project.file("roles/worker/tasks/second.yml", "- debug: {msg: '{{ mine }}'}\n")
    project.file("roles/worker/defaults/main.yml", "mine: default\n")
    project.file("group_vars/all.yml", "given: by the group\n")
    environment = {"SOME": "of the part", "TZ": "Asia/Tokyo"}
    yield project.playbook(GOOD_AND_BAD, part="good", environment=environment)
    yield project.playbook(FLOW, name="flow.yml", part="flow")
    yield project.play(OUTPUT, part="width")
    yield project.play("- ping:", hosts="far:h1", part="unreachable")
    yield project.play("- ping:\n- nonsense_module:", part="unknown")
    yield project.playbook("- hosts: [\n", name="broken.yml", part="broken")
    yield project.playbook("- hosts: h1\n  vars_prompt: [{name: who}]\n  tasks: []\n", part="asks")
    yield project.play(OUTPUT, part="checked", check=True, diff=True)
    yield project.play(POLLED, part="polled")


CONFIGURED = """
[defaults]
inventory = hosts.ini
forks = 1
callbacks_enabled = ansible.builtin.junit, ansible.builtin.tree
display_args_to_stdout = true
[callback_tree]
directory = tree
"""
UNREACHABLE = """
[far]
far ansible_host=127.0.0.1 ansible_port=1 ansible_connection=ssh
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("plays"), plays)


def test_plays_of_every_kind_are_the_same_cold_and_warm(ran: Both) -> None:
    ran.assert_all_same(but="polled")


def test_a_task_that_is_polled_ends_the_same_cold_and_warm(ran: Both) -> None:
    cold, warm = (told(side, "polled") for side in (ran.cold, ran.warm))

    assert cold == warm
    assert ("runner_on_ok", "debug", "polled") in warm


def told(side: Side, part: str) -> list[tuple[str, str, str | None]]:
    """Return event, task and message of all that a job told, but for looks at what goes on."""
    (number,) = (n for n, job in enumerate(side.jobs) if job.folder.name == f"{part}.1")
    events = side.picture(number)["events"]
    return [
        (event["event"], data.get("task", ""), data.get("res", {}).get("msg"))
        for event in events
        if (data := event.get("event_data")) and event["event"] != "runner_on_async_poll"
    ]


def test_all_of_them_were_warm(ran: Both) -> None:
    ran.assert_all_warm()
