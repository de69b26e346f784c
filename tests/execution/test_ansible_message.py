import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.ansible_message import (
    inventory_trouble,
    is_empty_limit,
    why_ansible_stopped,
)
from jobnet.ports.jobs import PlaybookFile

from tests.execution.building import Finished, Project, run_all

VAULT = "$ANSIBLE_VAULT;1.1;AES256\n6162\n"
TWO_HOSTS = "- hosts: all\n  gather_facts: false\n  tasks: [{debug: }]\n"


@pytest.fixture(scope="module")
def ends(shared_project: Project) -> dict[str, Finished]:
    project = shared_project
    project.file("secret.yml", VAULT)
    reads_vault = TWO_HOSTS + "  vars_files: [secret.yml]\n"
    asks = TWO_HOSTS + "  vars_prompt: [{name: customer, prompt: Who}]\n"
    bad_inventory = str(project.file("bad.yml", "a: [b"))
    missing = PlaybookFile(path=str(project.root / "nope.yml"))
    fine = PlaybookFile(path=str(project.file("fine.yml", TWO_HOSTS)))
    ask_become = {"ANSIBLE_BECOME_ASK_PASS": "1"}
    orders = {
        "unknown_module": project.play("- no_such_module: {}", part="a"),
        "no_host": project.play("- debug:", hosts="nobody", part="b"),
        "empty_ok": project.play("- debug:", hosts="nobody", part="c", empty_hosts_ok=True),
        "missing_playbook": project.order(missing, part="d"),
        "missing_role": project.play("- debug:", more="roles: [nope]\n", part="e"),
        "broken_yaml": project.playbook("- hosts: [", name="broken.yml", part="f"),
        "broken_jinja": project.play('- debug: {msg: "{{ foo( }}"}', part="g"),
        "jinja_in_hosts": project.playbook('- hosts: "{{ x"', name="hosts.yml", part="h"),
        "vault": project.playbook(reads_vault, name="vault.yml", part="i"),
        "limit": project.playbook(TWO_HOSTS, name="fine.yml", limit="nobody", part="j"),
        "vars_prompt": project.playbook(asks, name="asks.yml", part="k"),
        "answered": project.playbook(asks, name="asks.yml", extra_vars="customer: x", part="l"),
        "pause": project.play("- pause: {prompt: Go on}", part="m"),
        "timed_pause": project.play("- pause: {seconds: 1}", part="n"),
        "debugger": project.play("- command: 'false'\n  debugger: on_failed", part="o"),
        "become": project.order(fine, environment=ask_become, part="p"),
        "bad_inventory": project.play("- debug:", inventory=(bad_inventory,), part="q"),
        "missing_inventory": project.play("- debug:", inventory=("/nope/hosts",), part="r"),
        "missing_root": project.play("- debug:", project_root="/nope", part="s"),
    }
    return run_all(project, orders)


@pytest.mark.parts
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("unknown_module", "couldn't resolve module/action 'no_such_module'"),
        ("no_host", "no host matched nobody"),
        ("missing_playbook", "nope.yml could not be found"),
        ("missing_role", "the role 'nope' was not found"),
        ("broken_yaml", "YAML parsing failed"),
        ("jinja_in_hosts", "Syntax error in template"),
        ("vault", "no vault secrets found"),
        ("limit", "no host matched nobody"),
        ("vars_prompt", "asks for customer; give it in `vars`, or use a dialog"),
        ("become", "asks for the become password"),
        ("bad_inventory", "Failed to parse inventory"),
        ("missing_inventory", "The inventory '/nope/hosts' does not exist"),
        ("missing_root", "The project folder '/nope' does not exist"),
    ],
)
def test_a_job_without_a_started_play_says_why(
    ends: dict[str, Finished], name: str, message: str
) -> None:
    result = ends[name].result

    assert result.end is JobEnd.FAILED_TO_START
    assert message in result.message
    assert result.exit_code is None
    assert not result.is_normal


@pytest.mark.parts
def test_the_message_names_file_line_and_column(ends: dict[str, Finished]) -> None:
    message = ends["broken_yaml"].result.message

    assert message.endswith("broken.yml:2:1)")


@pytest.mark.parts
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("broken_jinja", "Syntax error in template"),
        ("pause", "asks for an answer to '[pause] Go on:'"),
        ("debugger", "asks for a debugger command"),
    ],
)
def test_a_job_that_stops_in_a_task_ended_abnormally(
    ends: dict[str, Finished], name: str, message: str
) -> None:
    result = ends[name].result

    assert result.end is JobEnd.ENDED
    assert not result.is_normal
    assert message in result.message


@pytest.mark.parts
@pytest.mark.parametrize("name", ["answered", "timed_pause"])
def test_what_needs_no_keyboard_is_no_prompt(ends: dict[str, Finished], name: str) -> None:
    assert ends[name].result.is_normal


@pytest.mark.parts
def test_no_host_is_normal_where_the_part_allows_it(ends: dict[str, Finished]) -> None:
    result = ends["empty_ok"].result

    assert (result.end, result.is_normal, result.exit_code) == (JobEnd.ENDED, True, 0)
    assert result.hosts == {}


@pytest.mark.parts
def test_a_world_writable_project_is_refused_with_the_reason(project: Project) -> None:
    project.root.chmod(0o777)

    result = run_all(project, {"job": project.play("- debug:")})["job"].result

    assert result.end is JobEnd.FAILED_TO_START
    assert "can be written by every user" in result.message
    assert result.folder == ""


def test_the_last_error_counts_and_its_place_is_added() -> None:
    output = (
        "[ERROR]: first\n\n[WARNING]: w\n[ERROR]: the second\nand its rest\n"
        "Origin: /p/play.yml:3:5\n\n1 - hosts\n"
    )

    assert why_ansible_stopped(output) == "the second and its rest (/p/play.yml:3:5)"


def test_output_without_an_error_gives_no_reason() -> None:
    assert why_ansible_stopped("PLAY [x]\nok: [h1]\n") == ""


def test_a_wrapped_sentence_about_hosts_is_recognised() -> None:
    assert is_empty_limit("pattern and/or --limit leaves us with no\nhosts to target.")


def test_an_unreadable_inventory_is_found_among_warnings() -> None:
    output = "[WARNING]: Unable to parse /x as an inventory source\nmore\n"

    assert inventory_trouble(output) == "Unable to parse /x as an inventory source"
