"""Becoming another user with the real ``sudo`` and a password, cold and warm.

The account, its password and its right are made in a copy of /etc that only the program of
this test sees; the machine's own accounts stay as they are.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.execution.building import Project
from tests.execution.warm.differential import Jobs
from tests.execution.warm.plain_user import OWNER, STRANGER, started, told

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can make the account"),
    pytest.mark.skipif(shutil.which("sudo") is None, reason="sudo is not installed"),
]

PASSWORD = "open-sesame"
HASHED = (
    "$6$jobnettests$tVlJKiPcAgIRL9kv1O8Veg8mXY1WwImNvGJPPwS2B"
    ".wKA2kwQuQloAtL2FvZSBUo20oIRgq8DSxDBehQspXpK0"
)
ACCOUNTS = f"""
cp -a /etc {{folder}}/etc
cd {{folder}}/etc
echo 'jobnet-test:x:{OWNER}:{OWNER}::{{folder}}/home:/bin/sh' >> passwd
echo 'jobnet-other:x:{STRANGER}:{STRANGER}::{{folder}}/other:/bin/sh' >> passwd
echo 'jobnet-test:{HASHED}:20000:0:99999:7:::' >> shadow
echo 'jobnet-test ALL=(ALL) ALL' >> sudoers
echo 'Defaults timestamp_timeout=0' >> sudoers
mount --bind . /etc
cd "$OLDPWD"
"""
BECOMING = """
- shell: echo "I am $(id -un), and $SUDO_USER was I"
  become: true
  register: first
- shell: echo again $(id -un); cat
  args: {stdin: some input}
  become: true
  become_user: jobnet-other
  register: second
- ping:
  become: true
- debug: {msg: "{{ first.stdout }}; {{ second.stdout_lines | join(' with ') }}"}
"""
BECOMING_ROOT = """
- shell: echo still $(id -un)
  become: true
  register: it
- debug: {msg: "{{ it.stdout }}"}
"""
SECONDS_MAX = 280
PLAYING = """
import json, sys
from pathlib import Path
from tests.execution.warm.differential import both
from tests.execution.warm.test_sudo import jobs
from jobnet.execution.warm.canary import Canary

Canary().settle()
ran = both(Path(sys.argv[1]), jobs)
print(json.dumps({
    'starts': ran.warm.starts,
    'codes': {job.folder.name: job.result.exit_code for job in ran.warm.jobs},
    'differences': [line for n in range(len(ran.cold.jobs)) for line in ran.different(n)],
    'outputs': {job.folder.name: job.output for job in ran.warm.jobs},
}))
"""


def jobs(project: Project) -> Jobs:
    """Jobs whose password is right, wrong, missing, in a file, and then right on a terminal."""
    password = project.file("password", PASSWORD)

    def becoming(part: str, said: str | None, tasks: str = BECOMING, **environment: str) -> Jobs:
        variables = "" if said is None else f"ansible_become_password: {said}\n"
        yield project.play(tasks, variables=variables, part=part, environment=environment)

    yield from becoming("right", PASSWORD)
    yield from becoming("wrong", "nothing")
    yield from becoming("none", None)
    yield from becoming("file", None, ANSIBLE_BECOME_PASSWORD_FILE=str(password))
    yield from becoming("none-again", None)
    yield from becoming("no-pipe", PASSWORD, BECOMING_ROOT, ANSIBLE_PIPELINING="False")


@pytest.fixture(scope="module")
def ran() -> Iterator[dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="jobnet-sudo-"))
    folder.chmod(0o755)
    for name, owner in (("home", OWNER), ("other", STRANGER)):
        (folder / name / ".ansible" / "tmp").mkdir(parents=True)
        for path in (folder / name, *(folder / name).rglob("*")):
            os.chown(path, owner, owner)
    home, before = folder / "home", ACCOUNTS.format(folder=folder)
    try:
        with started(OWNER, PLAYING, str(home), home=home, before=before) as process:
            yield json.loads(told(process))
            process.communicate(timeout=SECONDS_MAX)
    finally:
        shutil.rmtree(folder)


def test_jobs_that_become_somebody_by_sudo_are_the_same_cold_and_warm(ran: dict[str, Any]) -> None:
    assert ran["starts"] == {"warm": 6}
    assert ran["differences"] == []


def test_sudo_lets_in_who_knows_the_password_and_nobody_else(ran: dict[str, Any]) -> None:
    assert {name for name, code in ran["codes"].items() if code == 0} == {
        "right.1",
        "file.1",
        "no-pipe.1",
    }
    said = "I am root, and jobnet-test was I; again jobnet-other with some input"
    assert said in ran["outputs"]["right.1"]
    assert said in ran["outputs"]["file.1"]
    assert "still root" in ran["outputs"]["no-pipe.1"]
