"""Passwords for becoming somebody and for vaults, and that none of them survives its job."""

import os
import subprocess
from pathlib import Path

import pytest
from jobnet.execution.settings import ansible_program

from tests.execution.building import Project
from tests.execution.warm.differential import Both, Jobs, both

pytestmark = pytest.mark.parts

PASSWORD = "open-sesame"
VAULT_PASSWORD = "vault-word"
# What sudo does as far as Ansible can see: it asks on the terminal and reads from it.
SUDO = f"""#!/bin/sh
prompt= user=
while [ $# -gt 0 ]; do
    case $1 in
        -p) prompt=$2; shift 2 ;;
        -u) user=$2; shift 2 ;;
        -n) silent=1; shift ;;
        -*) shift ;;
        *) break ;;
    esac
done
if [ -z "$prompt" ]; then echo "sudo: a password is required" >&2; exit 1; fi
printf %s "$prompt" >&2
read -r given
if [ "$given" != {PASSWORD} ]; then echo "Sorry, try again." >&2; exit 1; fi
BECAME=$user exec "$@"
"""
BECOMING = """
- command: sh -c 'echo became $BECAME'
  become: true
- shell: echo again $BECAME; cat
  args: {stdin: some input}
  become: true
  become_user: somebody
"""
CONFIGURATION = """
[defaults]
inventory = hosts.ini
vault_password_file = vault-password
[privilege_escalation]
become_exe = {root}/sudo
"""
VAULTED = """
- debug: {msg: "the word is {{ hidden }}"}
- copy: {src: encrypted, dest: "{{ lookup('env', 'OUT') }}", mode: "0600"}
- debug: {msg: "{{ lookup('env', 'SECRET') | length }}"}
"""


def encrypted(text: str, password_file: Path) -> str:
    """Return the text in a vault."""
    command = [ansible_program("ansible-vault"), "encrypt", "--vault-password-file"]
    done = subprocess.run(
        [*command, str(password_file), "--output", "-", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    return done.stdout


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> str:
    password = tmp_path_factory.mktemp("vault") / "password"
    password.write_text(VAULT_PASSWORD)
    return encrypted("hidden: the hidden word\n", password)


def jobs_of(vault: str, project: Project) -> Jobs:
    project.file("sudo", SUDO).chmod(0o755)
    project.file("ansible.cfg", CONFIGURATION.format(root=project.root))
    password = project.file("vault-password", VAULT_PASSWORD)
    project.file("host_vars/h1/vault.yml", vault)
    project.file("files/encrypted", vault)
    environment = {"OUT": str(project.root / "decrypted"), "SECRET": "s3cr3t-of-the-part"}

    def becoming(part: str, variables: str) -> Jobs:
        yield project.play(
            BECOMING, hosts="h2", variables=variables, part=part, environment=environment
        )

    yield from becoming("right", f"ansible_become_password: {PASSWORD}\n")
    yield from becoming("wrong", "ansible_become_password: nothing\n")
    yield from becoming("none", "")
    become_file = project.file("become-password", PASSWORD)
    by_file = {**environment, "ANSIBLE_BECOME_PASSWORD_FILE": str(become_file)}
    yield project.play(BECOMING, hosts="h2", part="file", environment=by_file)
    yield from becoming("none-again", "")
    yield project.play(VAULTED, part="vault", environment=environment)
    password.write_text("another word")
    yield project.play(VAULTED, part="other-vault", environment=environment)
    password.unlink()
    yield project.play(VAULTED, part="no-vault", environment=environment)
    ask = {**environment, "ANSIBLE_ASK_VAULT_PASS": "True"}
    yield project.play(VAULTED, part="asks", environment=ask)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, vault: str) -> Both:
    return both(tmp_path_factory.mktemp("secrets"), lambda project: jobs_of(vault, project))


def test_jobs_with_passwords_are_the_same_cold_and_warm(ran: Both) -> None:
    ran.assert_all_same()


def test_passwords_did_what_they_are_for(ran: Both) -> None:
    codes = {job.folder.name: job.result.exit_code for job in ran.warm.jobs}

    assert {name for name, code in codes.items() if code == 0} == {"right.1", "file.1", "vault.1"}


def test_all_jobs_with_passwords_were_warm(ran: Both) -> None:
    ran.assert_all_warm()
