"""The demo hosts of use case 1 for tests: three SSH hosts with a shop and its database."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

CLONE = Path(__file__).resolve().parents[1]
PROJECT = CLONE / "playbooks" / "monthly_backup"
INVENTORY = CLONE / "inventories" / "backup_demo"
PROGRAMS = Path(sys.executable).parent
SECONDS_MAX = 150
ORDERS = 5000

sys.path.insert(0, str(PROJECT))

from machines import faults, lifecycle  # noqa: E402 -- beside the playbooks, not installed
from machines.places import Place  # noqa: E402
from machines.processes import marked  # noqa: E402

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHosts:
    """Running hosts and the ways to use them."""

    place: Place
    scratch: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment in which Ansible and Jobnet find these hosts."""
        mail = self.place.ports()["mail"]
        return {
            **os.environ,
            "ANSIBLE_HOME": str(self.scratch / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "JOBNET_DEMO": str(self.place.folder),
            "JOBNET_HOME": str(self.scratch / "jobnet"),
            "JOBNET_SMTP_URL": f"smtp://127.0.0.1:{mail}",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *command: str | Path, cwd: Path = PROJECT) -> Done:
        """Run one of the virtual environment's programs to its end."""
        program, *rest = map(str, command)
        with subprocess.Popen(
            [str(PROGRAMS / program), *rest],
            cwd=cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                output, errors = process.communicate(timeout=SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.terminate()
                output, errors = _last_words(process)
                message = f"{program} did not end within {SECONDS_MAX} s:\n{output}\n{errors}"
                raise AssertionError(message) from None
        return Done(process.args, process.returncode, output, errors)

    def playbook(self, name: str | Path, *arguments: str) -> Done:
        """Run a playbook of the use case with plain ``ansible-playbook``."""
        return self.run("ansible-playbook", name, *arguments)

    def job(self, name: str, service: str = "shop") -> Done:
        """Run the tasks of a job type with plain ``ansible-playbook``."""
        documents = yaml.safe_load_all((PROJECT / "services.yml").read_text("utf-8"))
        tasks = next(one["tasks"] for one in documents if one["name"] == name)
        play = {"hosts": "ap", "gather_facts": False, "vars": {"service": service}, "tasks": tasks}
        file = self.scratch / f"{name}.yml"
        file.write_text(yaml.safe_dump([play], sort_keys=False), "utf-8")
        return self.playbook(file)

    def ssh(self, host: str, command: str, *, text: str = "") -> Done:
        """Run ``command`` on a host with the OpenSSH client."""
        return subprocess.run(
            ["ssh", "-F", str(self.place.ssh_config), host, command],
            input=text,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )

    def folder(self, host: str) -> Path:
        """Return the folder in which all of a host's files lie."""
        demo = self.place.read()
        assert demo is not None
        return Path(demo.ground) / host

    def postgres_processes(self, host: str) -> list[int]:
        """Return the pids of all PostgreSQL processes of a host."""
        return [one.pid for one in marked(self.folder(host)) if one.name() == "postgres"]

    def break_(self, fault: str) -> None:
        """Plant a fault; the next reset removes it."""
        faults.plant(self.place, fault)

    def orders(self) -> int | None:
        """Return how many orders the application serves; None if it does not serve."""
        url = f"http://127.0.0.1:{self.place.ports()['shop']}/orders/count"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return int(json.load(answer)["orders"])
        except (OSError, ValueError):
            return None

    def reset(self) -> None:
        """Undo all faults and bring the shop up if it is not."""
        faults.repair_all(self.place)
        if self.orders() == ORDERS and self.ssh("bk1", "test ! -e tmp/scratch").returncode == 0:
            return
        for done in (self.playbook("start_db.yml"), self.job("start_service")):
            assert done.returncode == 0, done.stdout + done.stderr
        assert self.orders() == ORDERS


def _last_words(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return what a process says when it was asked to end; kill it if it does not."""
    try:
        return process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate(timeout=30)


@contextmanager
def demo_hosts(scratch: Path) -> Iterator[DemoHosts]:
    """Start hosts of one's own in ``scratch``; end and delete them afterwards."""
    place = Place(folder=scratch / "demo")
    (scratch / "ansible").mkdir(parents=True)
    try:
        lifecycle.bring_up(place, lambda _: None)
        yield DemoHosts(place=place, scratch=scratch)
    finally:
        lifecycle.remove(place)
