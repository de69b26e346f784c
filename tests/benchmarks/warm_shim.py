"""Measures what starts cost inside a process that has Ansible loaded: shims against a fork.

A shim is a small program that ansible-runner would start in place of ``ansible-playbook`` and
that asks a server to do the work: it costs its own start and the server's fork. A fork alone
is what Jobnet's supervisor does.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NOTHING_IN_C = "int main(void) { return 0; }\n"
# What a shim in Python needs at the least.
PYTHON_SHIM = "import socket"
INSIDE = """
import gc, json, os, sys, time
from jobnet.execution.warm.preload import preload
preload()
gc.collect()
gc.freeze()
programs, rounds = json.loads(sys.argv[1]), int(sys.argv[2])

def start(command):
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        if command:
            os.execv(command[0], command)
        os._exit(0)
    os.waitpid(pid, 0)
    return time.perf_counter() - began

samples = {name: [] for name in programs}
for _ in range(rounds):
    for name, command in programs.items():
        samples[name].append(start(command))
print("samples", json.dumps(samples))
"""


def measure_shims(rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each kind of start, in turns; C only where a compiler is."""
    with tempfile.TemporaryDirectory(prefix="jobnet-bench-") as folder:
        programs: dict[str, list[str]] = {"a fork, no program": []}
        if compiled := _compiled(Path(folder)):
            programs["a fork, then a shim in C"] = [compiled]
        python = [sys.executable, "-I", "-S", "-c"]
        programs["a fork, then a shim in Python"] = [*python, PYTHON_SHIM]
        done = subprocess.run(
            [sys.executable, "-P", "-c", INSIDE, json.dumps(programs), str(rounds)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    answer = next(line for line in done.stdout.splitlines() if line.startswith("samples "))
    samples: dict[str, list[float]] = json.loads(answer.removeprefix("samples "))
    return samples


def _compiled(folder: Path) -> str | None:
    """Return the smallest program that this machine can compile, or None."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, program = folder / "shim.c", folder / "shim"
    source.write_text(NOTHING_IN_C)
    command = [compiler, "-O2", "-o", str(program), str(source)]
    done = subprocess.run(command, capture_output=True, check=False)
    return None if done.returncode else str(program)
