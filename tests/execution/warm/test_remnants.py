"""What a job leaves in memory: a later job of the same server must find nothing of it there."""

import secrets

import pytest

from tests.execution.building import Project
from tests.execution.warm.differential import run_one
from tests.execution.warm.test_many import server_of, warm_runner

pytestmark = pytest.mark.parts

# Looks through all memory of its own process for words of this kind.
SCAN = """
import re

WORD = re.compile(rb'remnan[t]-[a-z]+-[0-9a-f]{32}')

def scan():
    found = set()
    with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb') as memory:
        for line in maps:
            place, rights = line.split()[:2]
            start, end = (int(each, 16) for each in place.split('-'))
            if 'r' not in rights or '[v' in line:
                continue
            memory.seek(start)
            for word in WORD.findall(memory.read(end - start)):
                found.add(word.decode())
    return sorted(found)
"""
LOOKUP = (
    SCAN
    + """
from ansible.plugins.lookup import LookupBase

class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return [scan()]
"""
)
MODULE = (
    SCAN
    + """
import os
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule(argument_spec={'word': {'type': 'str'}})
parent = os.path.basename(os.readlink('/proc/%d/exe' % os.getppid()))
module.exit_json(words=scan(), is_warm='python' in parent)
"""
)
TASKS = """
- debug: {msg: "{{ lookup('env', 'SECRET') | length }}"}
- debug: {msg: "{{ lookup('scan') | to_json }}"}
"""


JOBS_MAX = 20


def word(kind: str) -> str:
    return f"remnant-{kind}-{secrets.token_hex(16)}"


def test_a_later_job_finds_nothing_of_the_environment_of_an_earlier_one_in_its_memory(
    project: Project,
) -> None:
    project.file("lookup_plugins/scan.py", LOOKUP)
    mine, others = word("mine"), [word("others") for _ in range(3)]

    with warm_runner(project) as runner:
        for number, other in enumerate(others):
            given = {"SECRET": other, f"SECRET_{number}": other * 50}
            run_one(runner, project.play("- ping:", part=f"o{number}", environment=given))
        server = server_of(runner)
        finished = run_one(runner, project.play(TASKS, part="mine", environment={"SECRET": mine}))
        counts = dict(runner._starter.counts)
        assert server_of(runner) == server

    assert counts == {"warm": 4}
    assert mine in finished.output
    assert not [other for other in others if other in finished.output]


def test_a_later_module_finds_nothing_of_an_earlier_one_in_its_memory(project: Project) -> None:
    project.file("library/scan.py", MODULE)
    mine, others = word("mine"), [word("others") for _ in range(JOBS_MAX)]

    with warm_runner(project) as runner:
        for number, other in enumerate(others):  # the first one only starts the module server
            run = run_one(runner, project.play(scanning(other), part=f"o{number}"))
            if number and "warm True" in run.output:
                break
        finished = run_one(runner, project.play(scanning(mine), part="mine"))

    assert "warm True" in finished.output
    assert mine in finished.output
    assert not [other for other in others if other in finished.output]


def scanning(word: str) -> str:
    """A module that is given a word and then looks for words in its memory."""
    said = "warm {{ it.is_warm }} {{ it.words | to_json }}"
    return f"- scan: {{word: {word}}}\n  register: it\n- debug: {{msg: '{said}'}}"
