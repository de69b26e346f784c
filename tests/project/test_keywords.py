"""The tables of Ansible's keywords are those of the installed ansible-core."""

import pkgutil

import ansible.modules
import pytest
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from jobnet.project import keywords


def names(table: dict[str, object]) -> set[str]:
    return set(table)


def test_keywords_are_those_of_ansible() -> None:
    play, task, block = (set(one.fattributes) for one in (Play, Task, Block))

    assert play == keywords.PLAY_KEYWORDS
    assert task | {"local_action"} == keywords.TASK_KEYWORDS
    assert play & task == keywords.PLAY_AND_TASK
    assert block - play == keywords.BLOCK_ONLY


def test_modules_are_those_of_ansible() -> None:
    found = {one.name for one in pkgutil.iter_modules(ansible.modules.__path__)}

    public = {name for name in found if not name.startswith("_")}
    assert public - {"async_wrapper"} == keywords.BUILTIN_MODULES


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ansible_memtotal_mb", True),
        ("ansible_env", True),
        ("ansible_host", False),
        ("ansible_ssh_user", False),
        ("ansible_become_password", False),
        ("ansible_winrm_scheme", False),
        ("ansible_play_hosts", False),
        ("ansible_perl_interpreter", False),
        ("ansible_facts", True),
        ("other", False),
    ],
)
def test_a_word_is_a_fact_or_not(word: str, *, expected: bool) -> None:
    assert keywords.gathers(word) is expected
