"""Unit jobs: the keys are sorted, the play is Ansible's own text, nothing is rendered."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jobnet.definition import Part, PlaybookJob, PlayJob, UnitJob

from tests.project.written import NETWORKS, flow_of, network, part, problems, read


def job(found: Part) -> UnitJob:
    assert isinstance(found.body, UnitJob)
    return found.body


def play(found: Part) -> PlayJob:
    content = job(found).content
    assert isinstance(content, PlayJob)
    return content


def keywords(found: Part) -> Any:  # noqa: ANN401 - a play as plain data
    return yaml.safe_load(play(found).keywords)


def only(folder: Path, item: str, **more: str) -> Part:
    (found,) = flow_of(folder, item, **more)
    return found


MODULE = """
- name: Say it
  hosts: db
  ansible.builtin.command: echo hi
  register: said
  become: true
  vars: {a: 1}
  loop: [1, 2]
  with_items: [3]
  serial: 1
  strategy: free
  handlers: [{name: tell, debug: {}}]
  notify: tell
  on_error: continue
  timeout: 90
  owner: me
"""


def test_a_module_is_a_task_with_its_keywords_and_a_play_with_the_others(tmp_path: Path) -> None:
    found = only(tmp_path, MODULE)

    assert keywords(found) == {
        "gather_facts": False,
        "serial": 1,
        "strategy": "free",
        "handlers": [{"name": "tell", "debug": {}}],
        "tasks": [
            {
                "name": "Say it",
                "ansible.builtin.command": "echo hi",
                "register": "said",
                "become": True,
                "vars": {"a": 1},
                "loop": [1, 2],
                "with_items": [3],
                "notify": "tell",
            }
        ],
    }
    assert play(found).hosts is not None
    assert play(found).summary == "command: echo hi"
    assert found.errors.timeout is not None
    assert found.errors.timeout.total_seconds() == 90


def test_text_for_ansible_is_not_touched(tmp_path: Path) -> None:
    item = """
    - ansible.builtin.file:
        path: "{{ lookup('pipe', 'id') }}"
        mode: 0644
        force: yes
        when_text: 22:00
        secret: !unsafe '{{ x }}'
    """

    text = play(only(tmp_path, item)).keywords

    assert "path: \"{{ lookup('pipe', 'id') }}\"" in text
    assert "mode: 0644\n" in text
    assert "force: yes\n" in text
    assert "when_text: 22:00\n" in text
    assert "secret: !unsafe '{{ x }}'\n" in text


def test_what_is_inherited_comes_before_what_is_given(tmp_path: Path) -> None:
    head = "become: true\nvars: {a: net, b: net}\ntags: [net]\nenvironment: {X: net}\n"
    flow = """
    - block:
        - {name: One, tasks: [{debug: {}}], vars: {a: own}, tags: own, environment: {X: own}}
      vars: {b: block, c: block}
      become: false
      hosts: db
      when: ansible_os_family == 'Debian'
    """

    found = part(flow_of(tmp_path, flow, head=head), "one")

    assert yaml.safe_load(play(found).variables) == {"a": "own", "b": "block", "c": "block"}
    assert keywords(found) == {
        "gather_facts": True,
        "become": False,
        "tags": ["net", "own"],
        "environment": [{"X": "net"}, {"X": "own"}],
        "tasks": [{"block": [{"debug": {}}], "when": "ansible_os_family == 'Debian'"}],
    }
    hosts = play(found).hosts
    assert hosts is not None
    assert hosts.text == "db"


def test_a_role_takes_vars_and_conditions(tmp_path: Path) -> None:
    found = only(tmp_path, "- {role: greet, vars: {g: 1}, when: x is defined, become: true}")

    assert keywords(found) == {
        "gather_facts": False,
        "become": True,
        "roles": [{"role": "greet", "when": "x is defined"}],
    }
    assert play(found).variables == "g: 1\n"
    assert play(found).summary == "role: greet"


def test_a_playbook_is_run_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "p.yml").write_text("[]")
    item = """
    - playbook: sub/../sub/p.yml
      vars: {mode: 0644, t: "{{ params.x }}"}
      tags: [a]
      skip_tags: b
      become_user: root
      check_mode: yes
      forks: 3
    """

    found = only(tmp_path, item, head="become: yes\ntags: [never]\nparams: {x: {default: 1}}\n")

    content = job(found).content
    assert isinstance(content, PlaybookJob)
    assert content.path == str(tmp_path / "sub" / "p.yml")
    assert content.extra_vars == 'mode: 0644\nt: "{{ params.x }}"\n'
    assert (content.tags, content.skip_tags) == (("a",), ("b",))
    assert (content.become, content.become_user, content.forks) == (True, "root", 3)
    assert job(found).check_mode is True
    assert job(found).reads_parts is None


FACTS = {
    "{msg: x}": False,
    "{msg: '{{ ansible_host }}'}": False,
    "{msg: '{{ ansible_check_mode }}'}": False,
    "{msg: '{{ ansible_python_interpreter }}'}": False,
    "{msg: '{{ ansible_facts.os }}'}": True,
    "{msg: '{{ ansible_memtotal_mb }}'}": True,
    "{msg: '{{ ansible_date_time.date }}'}": True,
}


@pytest.mark.parametrize(("arguments", "gathers"), FACTS.items())
def test_facts_are_gathered_where_the_text_names_one(
    tmp_path: Path, arguments: str, *, gathers: bool
) -> None:
    assert keywords(only(tmp_path, f"- debug: {arguments}"))["gather_facts"] is gathers


def test_facts_are_gathered_when_asked_for(tmp_path: Path) -> None:
    assert keywords(only(tmp_path, "- {debug: {}, gather_facts: yes}"))["gather_facts"] is True


READS = {
    "'{{ parts.a.outputs.x }} {{ parts[\"b\"].state }}'": ("a", "b"),
    "'{{ jobnet.parts.a.outputs.x }}'": ("a",),
    "'{{ hostvars.parts.x }}'": (),
    "'{{ parts | length }}'": None,
    "'{{ parts[name] }}'": None,
    "'no such word'": (),
    "'/srv/parts.list'": (),
    "'{{ parts.a.state }} of parts.csv'": ("a",),
}


@pytest.mark.parametrize(("text", "expected"), READS.items())
def test_a_job_says_which_parts_it_reads(
    tmp_path: Path, text: str, expected: tuple[str, ...] | None
) -> None:
    flow = (
        f"- {{id: a, wait_for: 1s}}\n- {{id: b, wait_for: 1s}}\n- {{id: c, debug: {{msg: {text}}}}}"
    )

    assert job(part(flow_of(tmp_path, flow), "c")).reads_parts == expected


COLLISIONS = {
    "- wait_for: 10m": "WaitFor",
    "- wait_for: '{{ operating_day }}'": "WaitFor",
    "- wait_for: {port: 22}": "UnitJob",
    "- wait_for: port=22 timeout=3": "UnitJob",
    "- {wait_for: 10m, hosts: web}": "UnitJob",
    "- {notify: {to: a@b.c, message: x}}": "Notify",
    "- {command: x, notify: tell, handlers: [{name: tell, debug: {}}]}": "UnitJob",
    "- block: [{debug: {}}]": "Block",
    "- tasks: [{block: [{debug: {}}]}]": "UnitJob",
    "- {action: command echo}": "UnitJob",
    "- {ansible.builtin.ping: {}}": "UnitJob",
    "- {our_own_module: {}}": "UnitJob",
}


@pytest.mark.parametrize(("item", "kind"), COLLISIONS.items())
def test_keys_that_mean_two_things_are_told_apart(tmp_path: Path, item: str, kind: str) -> None:
    assert type(only(tmp_path, item).body).__name__ == kind


CONDITIONS = {
    "operating_day == '2026-05-29'": (True, None),
    "false": (True, None),
    "params.x == 1 and parts.c is defined": (True, None),
    "ansible_facts.os == 'x'": (False, "ansible_facts.os == 'x'"),
    "inventory_hostname in groups.web and params.x": (
        False, "inventory_hostname in groups.web and params.x"),
    "params.x is community.general.fine": (False, "params.x is community.general.fine"),
    "[params.x == 1, said.rc == 0]": (True, "said.rc == 0"),
}  # fmt: skip


@pytest.mark.parametrize(("when", "expected"), CONDITIONS.items())
def test_a_condition_is_asked_by_who_knows_its_names(
    tmp_path: Path, when: str, expected: tuple[bool, str | None]
) -> None:
    item = f"- {{id: c, command: x, when: {when if when[0] == '[' else repr(when)}}}"

    found = only(tmp_path, item, head="params: {x: {type: int, default: 1}}\n")

    task = keywords(found)["tasks"][0]
    assert (found.when is not None, task.get("when")) == expected


def test_inventories_are_absolute_and_host_lists_stay(tmp_path: Path) -> None:
    item = "- {debug: {}, inventory: [../inv, 'a,b,', '/etc/x', 'i/{{ params.x }}']}"

    found = only(tmp_path, item, head="params: {x: {default: 1}}\n")

    assert [one.text for one in job(found).inventory] == [
        str(tmp_path.parent / "inv"),
        "a,b,",
        "/etc/x",
        f"{tmp_path}/i/{{{{ params.x }}}}",
    ]


TYPE = """
kind: network
name: net
vars: {net: 1}
flow:
  - {id: x, job: measure, hosts: web, args: {path: "{{ p }}", share: 0644}, become: true}
---
kind: job_type
name: measure
params:
  path: {type: path}
  share: {type: int, default: 0o17}
  note: {type: str, required: no}
become: false
tasks: [{command: "df {{ path }}", register: answer}]
outputs: {share: "{{ answer.stdout }}"}
exit_codes: {warning: "1"}
"""


def test_a_job_type_sees_its_params_by_name(tmp_path: Path) -> None:
    found = part(network(tmp_path, TYPE).flow, "x")

    assert play(found).variables == ('net: 1\npath: "{{ p }}"\nshare: 0644\nnote: null\n')
    assert keywords(found) == {
        "gather_facts": False,
        "become": True,
        "tasks": [{"command": "df {{ path }}", "register": "answer"}],
        "post_tasks": [
            {
                "name": "Publish the outputs of the job type",
                "ansible.builtin.set_stats": {"data": {"share": "{{ answer.stdout }}"}},
            }
        ],
    }
    assert found.errors.exit_codes is not None
    assert play(found).job_type == "measure"


BAD_ARGS = {
    "{}": "The job type `measure` needs `path`. Add `path` to `args`.",
    "{path: /, shre: 1}": "The job type `measure` has no param `shre`. Did you mean `share`?",
    "{path: /, share: much}": "'much' is no whole number.",
    "[1]": "A mapping belongs here.",
}


@pytest.mark.parametrize(("args", "expected"), BAD_ARGS.items())
def test_args_are_checked_against_params(tmp_path: Path, args: str, expected: str) -> None:
    text = TYPE.replace('{path: "{{ p }}", share: 0644}', args)

    (problem,) = read(tmp_path, text).problems

    assert expected in str(problem)


@pytest.mark.parametrize("value", ["'{{ x }}'", "!vault x", "!unsafe '{{ x }}'"])
def test_an_arg_that_ansible_renders_is_not_judged(tmp_path: Path, value: str) -> None:
    text = TYPE.replace('{path: "{{ p }}", share: 0644}', f"{{path: /, share: {value}}}")

    found = part(network(tmp_path, text).flow, "x")

    assert f"share: {value}\n" in play(found).variables


def test_a_job_type_with_problems_of_its_own_is_named(tmp_path: Path) -> None:
    text = TYPE.replace("exit_codes:", "exit_cods:")

    found = read(tmp_path, text).problems

    assert [one.code for one in found] == ["broken_job_type", "unknown_key"]


def test_a_play_of_an_example_is_what_the_author_sees() -> None:
    from jobnet.project import read_file  # noqa: PLC0415 - only here

    (found,) = read_file(NETWORKS / "unit_job.yml").networks.values()

    assert play(part(found.flow, "task_list")).keywords.startswith("gather_facts: false\n")
    assert yaml.safe_load(play(part(found.flow, "task_list")).variables) == {"word": "list"}


def test_free_form_arguments_stay_text(tmp_path: Path) -> None:
    assert not problems(tmp_path, "- command: echo a=b c=d")
    assert keywords(only(tmp_path, "- copy: src=a dest=b"))["tasks"] == [{"copy": "src=a dest=b"}]


def test_a_condition_that_ansible_asks_still_tells_which_parts_it_judges(tmp_path: Path) -> None:
    flow = (
        "- {name: Load, hosts: h1, command: 'false'}\n"
        "- name: Repair\n  hosts: h1\n  command: 'true'\n"
        "  when: parts.load.abnormal and inventory_hostname == 'h1'\n"
    )

    _, repair = flow_of(tmp_path, flow)

    assert repair.when is None
    assert isinstance(repair.body, UnitJob)
    assert repair.body.asks_parts == ("load",)
