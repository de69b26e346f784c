import math
from collections.abc import Mapping
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import is_trusted_as_template, trust_as_template
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.errors.execution import ValueTooDeep
from jobnet.execution.unsafe_text import unsafe_yaml
from jobnet.ids import HostName

from tests.execution.building import PYTHON, Finished, Project, run_all

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["0644", "yes", "2026-05-29", "1e3", "~", "<<", "=", "null", "{{ x }}", "{% x %}", "#jinja2:x"]
)
KEYS = TEXTS
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


@given(value=VALUES)
@settings(max_examples=300, deadline=None)
def test_ansible_reads_the_value_that_was_written(value: object) -> None:
    loaded = load(value)

    assert loaded == value
    assert kinds(loaded) == kinds(value)


@given(value=VALUES)
@settings(max_examples=300, deadline=None)
def test_no_text_that_could_hold_a_template_is_trusted(value: object) -> None:
    trusted = [text for text in texts(load(value)) if is_trusted_as_template(text)]

    assert not [text for text in trusted if set(text) & set("{}#%[](|")]


def test_a_number_beyond_all_numbers_stays_one() -> None:
    assert math.isnan(load(math.nan))
    assert load([math.inf, -math.inf]) == [math.inf, -math.inf]


def test_half_a_character_becomes_the_mark_for_one() -> None:
    assert load("a\ud800b") == "a\ufffdb"


def test_a_value_nested_without_end_is_refused() -> None:
    value: list[Any] = []
    value.append(value)

    with pytest.raises(ValueTooDeep):
        unsafe_yaml(value)


def load(value: object) -> Any:  # noqa: ANN401
    text = trust_as_template(f"value: {unsafe_yaml(value)}\n")
    return DataLoader().load(text)["value"]


def kinds(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: kinds(item) for key, item in value.items()}
    if isinstance(value, list):
        return [kinds(item) for item in value]
    return next(k for k in (bool, int, float, str, type(None)) if isinstance(value, k))


def texts(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [t for pair in value.items() for one in pair for t in texts(one)]
    if isinstance(value, list):
        return [t for item in value for t in texts(item)]
    return [value] if isinstance(value, str) else []


# Each door through which a value of a run can reach Ansible, with the same attack.


@pytest.fixture(scope="module")
def attacked(shared_project: Project) -> tuple[Project, dict[str, Finished]]:
    project = shared_project
    attack = "{{ lookup('pipe', 'touch " + str(project.root / "attacked") + "') }}"
    header = "#jinja2: variable_start_string:'[%', variable_end_string:'%]'\n" + attack.replace(
        "{{", "[%"
    ).replace("}}", "%]")
    handed = {
        "params": {"text": attack, attack: "key", "items_": [attack, header, {attack: attack}]},
        "parts": {"load": {"outputs": {"said": attack}, "message": attack}},
        "failed": {"message": attack, "hosts": [attack], "part": attack},
        "event": {"data": {"text": attack}},
        "operating_day": attack,
        "customer": attack,
    }
    tasks = """
- debug: {msg: "{{ params.text }} {{ params.items_ }} {{ params }} {{ customer }}"}
- debug: {var: parts.load.outputs.said}
- debug: {msg: "{{ failed.message }}{{ failed.hosts | join }}{{ event.data.text }}"}
- command: {argv: [echo, "{{ operating_day }}"]}
- set_fact: {again: "{{ params.text }}"}
- debug: {msg: "{{ again }} {{ from_host }} {{ params.items_ | map('string') | list }}"}
- debug: {msg: "{{ item }}"}
  loop: "{{ params.items_ }}"
- copy: {content: "{{ params.items_[1] }}", dest: "DEST"}
- assert: {that: "params.text == from_host.said"}
- set_stats: {data: {text: "{{ again }}"}}
""".replace("DEST", str(project.root / "written"))
    host_vars = {HostName(name): {"from_host": {"said": attack}} for name in ("h1", "h2")}
    playbook = "- hosts: h1\n  gather_facts: false\n  tasks:\n" + tasks.replace("\n", "\n  ")
    given: dict[str, Any] = {"handed_over": handed, "host_vars": host_vars}
    orders = {
        "play": project.play(tasks, part="a", **given),
        "playbook": project.playbook(playbook, part="b", **given),
        "hosts": project.play("- debug:", hosts=attack, part="c"),
        "limit": project.playbook(playbook, limit=attack, part="d", **given),
        "environment": project.play("- debug:", environment={"X": attack}, part="e"),
    }
    return project, run_all(project, orders)


@pytest.mark.parts
def test_no_value_of_a_run_is_ever_executed(attacked: tuple[Project, dict[str, Finished]]) -> None:
    project, _ = attacked

    assert not (project.root / "attacked").exists()


@pytest.mark.parts
@pytest.mark.parametrize("name", ["play", "playbook"])
def test_the_job_sees_the_value_as_text(
    attacked: tuple[Project, dict[str, Finished]], name: str
) -> None:
    _, ends = attacked

    result = ends[name].result

    assert result.is_normal, result.message
    assert str(result.outputs["text"]).startswith("{{ lookup('pipe', 'touch")


@pytest.mark.parts
def test_the_attack_works_where_a_value_is_trusted(project: Project) -> None:
    target = project.root / "attacked"
    attack = "{{ lookup('pipe', 'touch " + str(target) + "') }}"
    trusted = f'text: "{attack}"\n'

    run_all(project, {"a": project.play("- debug: {var: text}", variables=trusted)})

    assert target.exists()


@pytest.mark.parts
def test_the_projects_own_names_win_over_those_of_the_run(project: Project) -> None:
    project.file("group_vars/all.yml", "run: mine\n")
    project.file(
        "hosts.ini",
        f"h1 ansible_connection=local ansible_python_interpreter={PYTHON}\n"
        "[all:vars]\nparams=own\n",
    )
    text = """
- hosts: h1,localhost
  gather_facts: false
  connection: local
  tasks:
    - assert: {that: ["run == 'mine'", "params == 'own'", "jobnet.params.day == 7", "parts == {}"]}
      when: inventory_hostname == 'h1'
    - assert: {that: ["jobnet.params.day == 7", "parts == {}"]}
"""
    order = project.playbook(text, handed_over={"params": {"day": 7}, "run": "r-1", "parts": {}})

    result = run_all(project, {"job": order})["job"].result

    assert result.is_normal, result.message


@pytest.mark.parts
def test_in_a_generated_play_the_authors_vars_win(project: Project) -> None:
    order = project.play(
        "- assert: {that: [\"customer == 'own'\", 'params.a == 1']}",
        variables="customer: own\n",
        handed_over={"customer": "of the run", "params": {"a": 1}},
    )

    finished = run_all(project, {"job": order})["job"]

    assert finished.result.is_normal, finished.result.message
    assert "duplicate" not in finished.output
