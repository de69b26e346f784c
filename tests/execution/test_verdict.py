import pytest
from jobnet.engine.results import HostState, JobEnd
from jobnet.execution.end import AttemptEnd
from jobnet.execution.manifest import Manifest
from jobnet.execution.tally import Tally, tally_of
from jobnet.execution.verdict import judge
from jobnet.ids import HostName

from tests.execution.building import Finished, Project, run_all

DEAD_HOST = (
    "dead ansible_host=127.0.0.1 ansible_port=1 ansible_python_interpreter=/usr/bin/python3\n"
)

EXIT_CODES = {
    "one_command": "- shell: exit 3",
    "one_tolerated_command": "- shell: exit 3\n  failed_when: false",
    "many_tolerated": "- shell: exit 3\n  failed_when: false\n- debug:",
    "ignored": "- shell: exit 3\n  ignore_errors: true\n- debug:",
    "rescued": "- block: [{shell: exit 5}]\n  rescue: [{debug: }]",
    "rescue_fails": "- block: [{shell: exit 5}]\n  rescue: [{shell: exit 7}]",
    "rescued_include": "- block: [{include_tasks: fails.yml}]\n  rescue: [{debug: }]",
    "loop": "- shell: exit {{ item }}\n  loop: [1, 4, 2, 0]\n- debug:",
    "signal": "- shell: kill -9 $$",
    "no_rc": "- fail: {msg: said so}",
    "failed_when": "- command: 'true'\n  failed_when: true\n- debug:",
}
HOSTS_OF = {
    "unreachable": ("dead", "- ping:"),
    "ignored_unreachable": ("dead", "- ping:\n  ignore_unreachable: true"),
    "worst_host": ("local", "- shell: exit {{ 3 if inventory_hostname == 'h1' else 9 }}\n- debug:"),
    "one_host_of_two": ("local", "- fail:\n  when: inventory_hostname == 'h2'\n- debug:"),
}


@pytest.fixture(scope="module")
def ends(shared_project: Project) -> dict[str, Finished]:
    project = shared_project
    project.file("fails.yml", "- shell: exit 6\n")
    project.file("hosts.ini", DEAD_HOST + (project.root / "hosts.ini").read_text())
    orders = {name: project.play(tasks, part=name) for name, tasks in EXIT_CODES.items()}
    for name, (hosts, tasks) in HOSTS_OF.items():
        orders[name] = project.play(tasks, hosts=hosts, part=name)
    return run_all(project, orders)


@pytest.mark.parts
@pytest.mark.parametrize(
    ("name", "exit_code", "is_normal"),
    [
        ("one_command", 3, False),
        ("one_tolerated_command", 3, True),
        ("many_tolerated", 0, True),
        ("ignored", 0, True),
        ("rescued", 0, True),
        ("rescue_fails", 7, False),
        ("rescued_include", 0, True),
        ("loop", 4, False),
        ("signal", 137, False),
        ("no_rc", 2, False),
        ("failed_when", 2, False),
        ("unreachable", 4, False),
        ("ignored_unreachable", 0, True),
        ("worst_host", 9, False),
        ("one_host_of_two", 2, False),
    ],
)
def test_the_exit_code_is_the_highest_rc_that_counts_as_failed(
    ends: dict[str, Finished],
    name: str,
    exit_code: int,
    is_normal: bool,  # noqa: FBT001
) -> None:
    result = ends[name].result

    assert (result.end, result.exit_code, result.is_normal) == (
        JobEnd.ENDED,
        exit_code,
        is_normal,
    )


@pytest.mark.parts
def test_each_host_has_its_own_state_and_code(ends: dict[str, Finished]) -> None:
    hosts = ends["worst_host"].result.hosts

    assert {name: (host.state, host.rc) for name, host in hosts.items()} == {
        "h1": (HostState.FAILED, 3),
        "h2": (HostState.FAILED, 9),
    }


@pytest.mark.parts
def test_a_host_that_did_well_is_not_judged_by_another(ends: dict[str, Finished]) -> None:
    hosts = ends["one_host_of_two"].result.hosts

    assert hosts[HostName("h1")].state is HostState.OK
    assert hosts[HostName("h2")].state is HostState.FAILED


@pytest.mark.parts
def test_an_unreachable_host_is_no_unknown_module(ends: dict[str, Finished]) -> None:
    result = ends["unreachable"].result

    assert result.ansible_rc == 4
    assert result.hosts[HostName("dead")].state is HostState.UNREACHABLE
    assert "dead:" in result.message


@pytest.mark.parts
def test_the_message_is_what_the_failed_task_said(ends: dict[str, Finished]) -> None:
    assert ends["no_rc"].result.message == "h1: said so"


def test_rc_0_without_a_complete_record_is_not_normal() -> None:
    tally = tally_of([{"kind": "play"}, {"kind": "task", "task": "t"}])

    verdict = judge(tally, end_of(0), manifest(), "")

    assert not verdict.is_normal
    assert verdict.exit_code == 1
    assert "not complete" in verdict.message


def test_trouble_outside_of_ansible_is_never_normal() -> None:
    tally = tally_of([{"kind": "play"}, {"kind": "end"}])

    verdict = judge(tally, end_of(0, trouble="no space left in /x"), manifest(), "")

    assert not verdict.is_normal
    assert verdict.message == "no space left in /x"


def test_a_kill_is_confirmed_only_when_nothing_is_left() -> None:
    killed = AttemptEnd(ansible_rc=None, duration_seconds=1, was_killed=True)
    survived = AttemptEnd(ansible_rc=None, duration_seconds=1, was_killed=True, unended="7 (sleep)")

    assert judge(Tally(), killed, manifest(), "").end is JobEnd.KILLED
    assert judge(Tally(), survived, manifest(), "").end is JobEnd.LOST


def test_an_end_without_any_play_or_word_names_the_status() -> None:
    verdict = judge(Tally(), end_of(250), manifest(), "")

    assert verdict.end is JobEnd.FAILED_TO_START
    assert "status 250" in verdict.message


def end_of(rc: int | None, *, trouble: str = "") -> AttemptEnd:
    return AttemptEnd(ansible_rc=rc, duration_seconds=1.0, trouble=trouble)


def manifest() -> Manifest:
    return Manifest(
        program="ansible-playbook",
        arguments=("play.yml",),
        working_folder="/",
        pattern="all",
        kill_grace_seconds=1.0,
        is_single_task=False,
        empty_hosts_ok=False,
        keeps_host_vars=False,
    )
