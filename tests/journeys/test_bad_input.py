"""Bad input ends with a clear error, at the right place, and nothing is lost or left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.playing import Project, new_project, processes_with, wait_until

pytestmark = pytest.mark.journey

REFUSED, USAGE, ABNORMAL = 1, 2, 4


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def network(flow: str, head: str = "") -> str:
    """Return a network around a flow that is indented by two."""
    return f"kind: network\nname: night\n{head}flow:\n{flow}"


@pytest.mark.parametrize(
    ("flow", "state", "says"),
    [
        pytest.param(
            "  - {name: Load, shell: 'echo table orders is missing >&2; exit 7', hosts: h1}",
            "abnormal",
            "h1: non-zero return code: table orders is missing",
            id="a command that fails",
        ),
        pytest.param(
            "  - {name: Load, command: 'true', hosts: nosuch}",
            "failed_to_start",
            "no host matched nosuch",
            id="a pattern without hosts",
        ),
        pytest.param(
            "  - name: Load\n    command: 'true'\n    hosts: far\n    inventory: 'far,'\n"
            "    vars: {ansible_host: 127.0.0.1, ansible_port: 1}",
            "abnormal",
            "Connection refused",
            id="an unreachable host",
        ),
        pytest.param(
            "  - {name: Load, pause: {prompt: Really}, hosts: h1}",
            "abnormal",
            "give it in `vars`, or use a dialog",
            id="a prompt",
        ),
        pytest.param(
            "  - {name: Load, debug: {msg: '{{ broken( }}'}, hosts: h1}",
            "abnormal",
            "Syntax error in template",
            id="broken Jinja inside a task",
        ),
        pytest.param(
            "  - name: Load\n    hosts: h1\n    debug: {msg: '{{ secret }}'}\n    vars:\n"
            "      secret: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n"
            "        66386439653236336462626566653063\n        3964\n",
            "abnormal",
            "no vault secrets found",
            id="a vault without a password",
        ),
    ],
)
def test_a_job_that_cannot_be_done_ends_with_the_reason(
    project: Project, flow: str, state: str, says: str
) -> None:
    played = project.play(network(flow))

    assert played.status == ABNORMAL
    assert played.part("load")["state"] == state
    assert says.lower() in played.part("load")["message"].lower()


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        pytest.param(
            "  - {name: Load, no.such.module: {x: 1}, hosts: h1}",
            "The collection `no.such` is not installed",
            id="an unknown module",
        ),
        pytest.param(
            "  - {name: Load, playbook: nowhere.yml}", "nowhere.yml", id="a missing playbook"
        ),
        pytest.param("  - wait_until: '{{ broken( }}'", "unexpected '}'", id="broken Jinja"),
        pytest.param(
            "  - branch:\n      cases:\n        - when: true\n"
            "          flow: [{id: inside, wait_for: 1s}]\n"
            "  - {continue_from: inside, max_times: 3, interval: 1s}",
            "inside",
            id="a jump into a branch",
        ),
        pytest.param(
            "  - {id: load, wait_for: 1s}\n  - {id: load, wait_for: 1s}",
            "Another part has the id `load`",
            id="two parts of one id",
        ),
        pytest.param("  - {wait_untill: '22:00'}", "wait_until", id="a misspelt part"),
    ],
)
def test_a_definition_that_cannot_be_played_is_refused_before_anything_starts(
    project: Project, flow: str, says: str
) -> None:
    played = project.play(network(flow))

    assert played.status == REFUSED
    assert says in played.said
    assert "night.yml:" in played.said
    assert played.track["error"]["code"] == "definition_refused"


@pytest.mark.parametrize(
    "condition",
    [
        "9**(9**9) > 1",
        "('a' * 10**10) == 'x'",
        "range(100000) | map('string') | map('length') | map('string') | list | length > 0",
    ],
)
def test_an_expression_that_would_cost_too_much_ends_its_part_at_once(
    project: Project, condition: str
) -> None:
    flow = f'  - id: judge\n    branch:\n      cases:\n        - when: "{condition}"\n'
    flow += "          flow: [{wait_for: 1s}]\n"

    played = project.play(network(flow))

    assert played.status in {REFUSED, ABNORMAL}
    assert played.seconds < 10, "the whole command, start of the interpreter included"
    assert "bits" in played.said or "limit" in played.said


ATTACK = "{{ lookup('pipe', 'touch stolen') }}"

DOORS = {
    "a param": (
        network(
            "  - {name: Load, debug: {msg: '{{ params.word }}'}, hosts: h1}",
            "params: {word: {type: str}}\n",
        ),
        ("-e", f"word={ATTACK}"),
    ),
    "an output of another job": (
        network(
            "  - name: Say\n    hosts: h1\n    tasks:\n"
            '      - set_fact: {word: !unsafe "' + ATTACK.replace('"', '\\"') + '"}\n'
            "      - set_stats: {data: {word: '{{ word }}'}}\n"
            "  - {name: Load, debug: {msg: '{{ parts.say.outputs.word }}'}, hosts: h1}"
        ),
        (),
    ),
    "the answer of a dialog": (
        network(
            "  - id: ask\n    dialog:\n      message: Which?\n      choices: {go: 0}\n"
            "      form: {word: {type: str}}\n"
            "  - {name: Load, debug: {msg: '{{ parts.ask.outputs.word }}'}, hosts: h1}"
        ),
        ("--answer", "ask=go", "--answer", f"ask.word={ATTACK}"),
    ),
    "an item of a for-each": (
        network(
            "  - for_each:\n      items: '{{ params.words }}'\n      as: word\n"
            "      key: \"'one'\"\n      flow:\n"
            "        - {name: Load, debug: {msg: '{{ word }}'}, hosts: h1}",
            "params: {words: {type: list}}\n",
        ),
        ("-e", f'words=["{ATTACK}"]'),
    ),
    "the data of an event": (
        network(
            "  - {send_event: {name: go, data: {word: '{{ params.word }}'}, keep: 1h}}\n"
            "  - {id: got, wait_event: {name: go, timeout: 10s}}\n"
            "  - {name: Load, debug: {msg: '{{ parts.got.outputs.data.word }}'}, hosts: h1}",
            "params: {word: {type: str}}\n",
        ),
        ("-e", f"word={ATTACK}"),
    ),
    "the message of a failure": (
        network(
            "  - block:\n      - name: Say\n        hosts: h1\n"
            '        fail: {msg: !unsafe "' + ATTACK.replace('"', '\\"') + '"}\n'
            "    rescue:\n"
            "      - {name: Load, debug: {msg: '{{ failed.message }}'}, hosts: h1}"
        ),
        (),
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_template_that_comes_from_outside_is_text_at_every_door(
    project: Project, door: str
) -> None:
    text, options = DOORS[door]

    played = project.play(text, *options)

    assert played.track["state"] == "normal", played.said
    assert not list(project.folder.rglob("stolen"))
    stdouts = [path.read_text("utf-8") for path in played.home.rglob("stdout")]
    assert any("lookup('pipe', 'touch stolen')" in text for text in stdouts)


JUDGED = network(
    "  - {name: Ping, hosts: h1, command: 'true'}\n"
    "  - id: judge\n    branch:\n      cases:\n        - when: parts.ping.exit_code == 0\n"
    "          flow: [{id: good, wait_for: 1s}]\n"
    "      else: [{id: bad, wait_for: 1s}]"
)


def test_in_check_mode_an_exit_code_that_nobody_knows_is_not_guessed(project: Project) -> None:
    played = project.play(JUDGED, "--check")

    assert played.part("judge")["state"] == "abnormal"
    assert "give it with --answer ping=0" in played.part("judge")["message"]


def test_in_check_mode_an_assumed_exit_code_decides_the_branch(project: Project) -> None:
    played = project.play(JUDGED, "--check", "--answer", "ping=3")

    assert played.part("good")["state"] == "bypassed"
    assert played.part("bad")["state"] == "normal"


def test_a_dialog_without_a_terminal_ends_the_run_and_says_what_to_give(
    project: Project,
) -> None:
    flow = "  - {id: ask, dialog: {message: Post it?, choices: {post: 0, reject: 1}}}"

    played = project.play(network(flow))

    assert played.status == ABNORMAL
    assert "--answer ask=post" in played.said
    assert "Post it?" in played.said


def test_event_data_of_50_megabytes_is_refused_with_the_limit(project: Project) -> None:
    project.write("big.json", '{"word": "' + "x" * 50_000_000 + '"}')
    flow = "  - {id: tell, send_event: {name: go, data: {word: '{{ params.word }}'}}}"

    played = project.play(network(flow, "params: {word: {type: str}}\n"), "-e", "@big.json")

    assert played.status == USAGE
    assert "larger than" in played.said


def prints(megabytes: int) -> str:
    """Return a network with one job that prints so much, in tasks of five megabytes."""
    tasks = "      - debug: {msg: \"{{ 'x' * 5000000 }}\"}\n" * (megabytes // 5)
    return network(f"  - name: Load\n    hosts: h1\n    tasks:\n{tasks}")


@pytest.mark.parametrize(
    "megabytes", [150, pytest.param(1_000, marks=pytest.mark.long, id="a gigabyte")]
)
def test_a_job_that_prints_very_much_leaves_a_bounded_marked_output(
    project: Project, megabytes: int
) -> None:
    played = project.play(prints(megabytes))

    assert played.track["state"] == "normal", played.said
    left = sum(path.stat().st_size for path in played.home.rglob("*") if path.is_file())
    assert left < 100_000_000
    (stdout,) = played.home.rglob("stdout")
    assert "bytes were cut here" in stdout.read_text("utf-8")


def test_a_job_that_never_ends_is_killed_by_its_timeout_and_leaves_no_process(
    project: Project,
) -> None:
    flow = "  - {name: Load, command: sleep 86397, hosts: h1, timeout: 2s, kill_grace: 1s}"

    played = project.play(network(flow))

    assert played.status == ABNORMAL
    assert played.part("load")["message"] == "killed: its time was up"
    assert processes_with("86397") == []


def test_a_play_that_is_killed_hard_takes_its_jobs_with_it(project: Project) -> None:
    network_file = project.write(
        "night.yml", network("  - {name: Load, command: sleep 86396, hosts: h1}")
    )
    play = subprocess.Popen(
        [sys.executable, "-m", "jobnet", "play", network_file.name],
        cwd=project.folder,
        env={**os.environ, "JOBNET_HOME": str(project.folder / "home")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    wait_until(lambda: any("sleep" in line for line in processes_with("86396")))

    play.kill()
    play.wait(timeout=30)

    wait_until(lambda: processes_with("86396") == [])


def test_a_project_that_everybody_may_write_to_is_refused_with_the_reason(
    project: Project,
) -> None:
    project.folder.chmod(0o777)
    flow = "  - {name: Load, command: 'true', hosts: h1}"

    played = project.play(network(flow))

    assert played.part("load")["state"] == "failed_to_start"
    assert "can be written by every user" in played.part("load")["message"]
