"""Settings that come, go or speak between jobs, and what jobs leave behind."""

import json
import shutil
from pathlib import Path

import pytest

from tests.execution.building import PYTHON, Project
from tests.execution.warm.differential import Both, Jobs, both

pytestmark = pytest.mark.parts

FACTS = """
- setup: {gather_subset: [min]}
  register: gathered
  no_log: true
- debug: {msg: "{{ ansible_facts | length > 5 }} {{ ansible_facts.env.SAID | default('') }}"}
"""
FORGOTTEN = """
- debug: {msg: "{{ ansible_facts.keys() | length > 5 }} {{ lookup('config', 'DEFAULT_FORKS') }}"}
"""
SECRET = "s3cr3t-of-the-part"


def jobs(project: Project) -> Jobs:
    home = project.root / "home"
    home.mkdir()
    environment = {"HOME": str(home), "ANSIBLE_HOME": str(home / ".ansible"), "SECRET": SECRET}
    (project.root / "ansible.cfg").unlink()
    inventory = (str(project.root / "hosts.ini"),)

    def plain(part: str, tasks: str = FORGOTTEN, **more: str) -> Jobs:
        given = {**environment, **more}
        yield project.play(tasks, part=part, environment=given, inventory=inventory)

    yield from plain("no-configuration")
    (home / ".ansible.cfg").write_text("[defaults]\nforks = 7\n")
    yield from plain("at-home")
    cache = (
        f"[defaults]\nforks = 8\nfact_caching = jsonfile\nfact_caching_connection = {home}/facts\n"
    )
    (home / ".ansible.cfg").write_text(cache)
    yield from plain("cached", FACTS, SAID="of the first")
    yield from plain("from-the-cache")
    (home / ".ansible.cfg").unlink()
    yield from plain("gone-again")
    yield from plain("of-the-part", ANSIBLE_FORKS="9")
    (home / ".ansible.cfg").write_text("[defaults]\nlog_path = /proc/no/such\n")
    yield from plain("no-log")
    (home / ".ansible.cfg").unlink()
    home.joinpath(".ansible", "plugins", "doc_fragments").mkdir(parents=True)
    yield from plain("fragments")
    yield from plain("posix", LC_ALL="POSIX", LANG="C")
    shutil.rmtree(home / "facts")  # instants and free memory are among them


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("settings"), jobs)


def test_settings_that_come_and_go_are_the_same_cold_and_warm(ran: Both) -> None:
    ran.assert_all_same()


def test_only_an_ansible_that_speaks_while_it_is_loaded_starts_cold(ran: Both) -> None:
    assert ran.warm.starts == {"warm": len(ran.warm.jobs) - 1, "ansible_speaks": 1}


def test_jobs_and_their_server_leave_no_temporary_folder(ran: Both) -> None:
    folder = ran.warm.project.root / "home" / ".ansible" / "tmp"

    assert list(folder.iterdir()) == []


def of_processes(project: Project) -> Jobs:
    """One job that looks at the processes it comes from."""
    look = project.file("look.py", LOOK)
    environment = {"SECRET": SECRET}
    yield project.play(f"- command: {PYTHON} {look}", part="looks", environment=environment)


# What a module can learn of its ancestors: title, environment, open files.
LOOK = """
import json, os
found, pid = [], os.getpid()
while pid > 1:
    try:
        text = open(f'/proc/{pid}/stat').read()
        parent = int(text[text.rindex(')') + 2:].split()[1])
        title = open(f'/proc/{pid}/cmdline').read()
        name = open(f'/proc/{pid}/comm').read().strip()
        variables = open(f'/proc/{pid}/environ', errors='replace').read().split(chr(0))
    except OSError as error:
        found.append([pid, str(error), '', [], []])
        break
    found.append([pid, ' '.join(title.split(chr(0))).split(), name, variables, []])
    pid = 1 if 'jobnet.execution.supervisor' in title else parent
json.dump(found, open(__file__ + '.json', 'w'))
"""


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("looked"), of_processes)


def ancestors(run: Both, side: str) -> dict[str, tuple[str, list[str]]]:
    """Return command line and environment of Ansible and of its supervisor."""
    project = (run.cold if side == "cold" else run.warm).project
    found = {}
    for _, words, name, variables, _ in json.loads((project.root / "look.py.json").read_text()):
        text = " ".join(words)
        if "ansible-playbook" in text and name.startswith("ansible-playboo"):
            found["ansible"] = (text, variables)
        if "jobnet.execution.supervisor" in text:
            found["supervisor"] = (text, variables)
    return found


@pytest.mark.parametrize("side", ["cold", "warm"])
def test_the_mark_of_a_job_is_in_the_environment_of_its_processes(looked: Both, side: str) -> None:
    job = (looked.cold if side == "cold" else looked.warm).jobs[0]

    found = ancestors(looked, side)

    assert f"JOBNET_JOB={job.folder}" in found["ansible"][1]
    assert str(job.folder) in found["supervisor"][0].split()


def test_a_secret_of_the_part_is_in_no_environment_that_a_warm_process_shows(looked: Both) -> None:
    found = ancestors(looked, "warm")

    assert not [v for _, variables in found.values() for v in variables if SECRET in v]


def test_the_title_of_a_warm_ansible_says_what_it_plays(looked: Both) -> None:
    cold, warm = (ancestors(looked, side)["ansible"][0] for side in ("cold", "warm"))

    cold_words = cold.replace(str(looked.cold.jobs[0].folder), "SPOOL").split()
    warm_words = warm.replace(str(looked.warm.jobs[0].folder), "SPOOL").split()
    assert [Path(word).name for word in warm_words[-2:]] == [
        Path(word).name for word in cold_words[-2:]
    ]
