import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.bounds import OUTPUT_HEAD_BYTES_MAX, OUTPUT_TAIL_BYTES_MAX
from jobnet.execution.processes import program_of

from tests.execution.building import Finished, Project, run, run_all

# Prints from inside Ansible's main process, where nothing else bounds it.
FLOOD = """
import os
from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "flood"
    def v2_playbook_on_task_start(self, task, is_conditional):
        line = b"%s\\n" * %d
        for number in range(MEBIBYTES):
            data = b"x" * 1023 + b"\\n"
            data = data * 1024
            while data:
                data = data[os.write(1, data):]
"""


@pytest.fixture
def peak() -> Iterator[list[int]]:
    """The largest resident memory, in KiB, of any supervisor while the test runs."""
    found = [0]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            for entry in Path("/proc").iterdir():
                if entry.name.isdigit() and "jobnet.execution.supervisor" in program_of(
                    int(entry.name)
                ):
                    found[0] = max(found[0], resident(int(entry.name)))

    thread = threading.Thread(target=watch)
    thread.start()
    yield found
    stop.set()
    thread.join()


def resident(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in text.splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) if lines else 0


def flooded(project: Project, mebibytes: int) -> Finished:
    code = FLOOD.replace("MEBIBYTES", str(mebibytes)).replace('        line = b"%s\\n" * %d\n', "")
    project.file("callback_plugins/flood.py", code)
    return run(project, project.play("- debug: {msg: done}"), seconds=280)


def assert_flood_was_bounded(finished: Finished, peak: list[int], mebibytes: int) -> None:
    kept = (finished.folder / "stdout").stat().st_size
    head_and_tail = OUTPUT_HEAD_BYTES_MAX + OUTPUT_TAIL_BYTES_MAX
    assert finished.result.is_normal, finished.result.message
    assert "bytes were cut here" in finished.output
    assert "PLAY RECAP" in finished.output
    assert kept <= head_and_tail + 2 * 1024 * 1024
    assert peak[0] < 150 * 1024
    assert size_of(finished.folder) < head_and_tail + (40 * 1024 * 1024)
    assert mebibytes * 1024 * 1024 > 2 * head_and_tail


def filling(times: int) -> str:
    """A task that prints 60 kB so many times."""
    return (
        f'- debug: {{msg: "{{{{ \'x\' * 60000 }}}}"}}\n  loop: "{{{{ range({times}) | list }}}}"\n'
    )


def size_of(folder: Path) -> int:
    return sum(p.lstat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


@pytest.mark.parts
def test_a_flood_of_output_is_bounded_in_memory_and_on_disk(
    project: Project, peak: list[int]
) -> None:
    before = resident(os.getpid())

    finished = flooded(project, 100)

    assert_flood_was_bounded(finished, peak, 100)
    assert resident(os.getpid()) - before < 120 * 1024


@pytest.mark.long
def test_a_job_that_prints_a_gibibyte_is_bounded_too(project: Project, peak: list[int]) -> None:
    finished = flooded(project, 1024)

    assert_flood_was_bounded(finished, peak, 1024)


@pytest.mark.parts
def test_events_without_end_leave_no_files_behind(project: Project) -> None:
    project.file("ansible.cfg", "[defaults]\ninventory = hosts.ini\nverbosity = 1\n")
    big = '- debug: {msg: "{{ \'x\' * 60000 }}"}\n  loop: "{{ range(250) | list }}"\n'

    finished = run(project, project.play(big))

    left = list((finished.folder / "runner").rglob("*.json"))
    assert finished.result.is_normal
    assert left == []
    assert "PLAY RECAP" in finished.output


@pytest.mark.parts
@pytest.mark.parametrize(
    "size", [10_000_000, pytest.param(50_000_000, marks=pytest.mark.long)], ids=["10MB", "50MB"]
)
def test_a_huge_result_is_cut_visibly(project: Project, size: int) -> None:
    tasks = """
- shell: head -c SIZE /dev/zero | tr '\\0' x
  register: large
- debug: {msg: after}
"""

    order = project.play(tasks.replace("SIZE", str(size)), keeps_host_vars=True)
    finished = run(project, order, seconds=120)

    result = finished.result
    assert result.is_normal, result.message
    assert "outputs" in result.cuts
    assert len(repr(result)) < 300_000
    assert size_of(finished.folder) < 40 * 1024 * 1024


@pytest.mark.parts
def test_a_full_disk_ends_clearly_and_never_normally(tmp_path: Path) -> None:
    limit = 1_500_000
    script = f"""
import resource, sys
from pathlib import Path
from tests.execution.conftest import make_project
from tests.execution.building import run
project = make_project(Path({str(tmp_path)!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
tasks = {filling(60)!r}
result = run(project, project.play(tasks)).result
print(result.end, result.is_normal, result.exit_code, result.message)
"""

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert JobEnd.ENDED in done.stdout
    assert "False" in done.stdout
    assert "no space left in" in done.stdout


@pytest.mark.parts
@pytest.mark.root
def test_a_spool_on_a_full_file_system_ends_clearly(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    spool_root = tmp_path / "small"
    spool_root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(spool_root)]
    subprocess.run(mount, check=True, timeout=10)
    try:
        root = tmp_path / "project"
        root.mkdir()
        project = Project(root=root, spool_root=spool_root)
        project.file("hosts.ini", "h1 ansible_connection=local\n")
        project.file("ansible.cfg", "[defaults]\ninventory = hosts.ini\n")
        orders = {
            "fills": project.play(filling(80), part="a"),
            "finds_none": project.play("- debug:", part="b"),
        }
        ends = run_all(project, orders, at_once=1)
    finally:
        subprocess.run(["umount", "-l", str(spool_root)], check=True, timeout=10)

    assert not ends["fills"].result.is_normal
    assert "no space left in" in ends["fills"].result.message
    assert ends["finds_none"].result.end is JobEnd.FAILED_TO_START
    assert "no space left in" in ends["finds_none"].result.message
