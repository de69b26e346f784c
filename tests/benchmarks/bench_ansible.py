"""Measures unit jobs, warm and cold, against plain ansible-runner and ansible-playbook.

All ways of a row run in turns, round after round, so that a load of the machine meets all of
them; ratios of one row may be compared, seconds of two machines or rows may not. Nothing fails
for being slow: a goal that was missed is printed.
"""

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median

from tests.benchmarks import ansible_ways as ways
from tests.benchmarks.warm_shim import measure_shims
from tests.execution.ssh_host import ssh_host

COMMAND = "- command: 'true'"
DEBUG = "- debug: {msg: hello}"
PARTS = 100
REFERENCE = "ansible-runner, cold"
THROUGHPUT_JOBS = 24

Samples = Mapping[str, list[float]]


def main(arguments: list[str]) -> int:
    """Print the rows that were asked for; return 1 where a job did not succeed."""
    options = options_of(arguments)
    say(
        f"ansible-core {version('ansible-core')}, ansible-runner {version('ansible-runner')}, "
        f"Python {platform.python_version()}, {cpu_count()} cores, "
        f"load {getloadavg()[0]:.1f}, {options.rounds} rounds",
    )
    try:
        with ways.bench() as at:
            for name in options.rows:
                ROWS[name](at, options.rounds)
            say("", f"started: {at.warm.warmth()}")
    except ways.Broken as error:
        say(f"Stopped: {error}")
        return 1
    return 0


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each way runs")
    parser.add_argument("--shim", action="store_true", help="only: a shim against a fork")
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="which rows; all")
    options = parser.parse_args(arguments)
    options.rounds = max(1, options.rounds)
    options.rows = ["shim"] if options.shim else options.rows or list(ROWS)
    return options


def command(at: ways.Bench, rounds: int) -> None:
    """One job with a module, on this machine."""
    row("one `command` job, local", single(at, COMMAND, rounds), goal=9.0)


def debug(at: ways.Bench, rounds: int) -> None:
    """One job that only Ansible's controller side works for."""
    row("one controller-only job (`debug`)", single(at, DEBUG, rounds), goal=9.0)


def ssh(at: ways.Bench, rounds: int) -> None:
    """One job on an SSH host of this machine, which shares its cores."""
    with far_host(at) as far:
        row("one `command` job over SSH", single(far, COMMAND, rounds), goal=3.5)


def network(at: ways.Bench, rounds: int) -> None:
    """Many unit jobs in a chain against one playbook with the same tasks."""
    tasks = "\n".join(COMMAND for _ in range(PARTS))
    parts = "".join(f"  - {{id: p{n}, command: 'true'}}\n" for n in range(PARTS))
    text = f"kind: network\nname: chain\nhosts: {at.hosts}\nflow:\n{parts}"
    file = at.project.file("chain.yml", text)
    playbook = f"one cold playbook, {PARTS} tasks"

    def play() -> float:
        with tempfile.TemporaryDirectory(prefix="jobnet-bench-") as state:
            program = [sys.executable, "-P", "-m", "jobnet", "play", file.name, "-q"]
            command_line = ["env", f"XDG_STATE_HOME={state}", *program]
            return ways.timed(lambda: ways.succeed(command_line, at))

    measured = in_turns(
        {
            playbook: ways.by_ansible_playbook(at, tasks),
            f"`jobnet play`, {PARTS} unit jobs": play,
        },
        rounds,
    )
    row(f"a network of {PARTS} unit jobs", measured, reference=playbook, goal=1.0)


def throughput(at: ways.Bench, rounds: int) -> None:
    """Controller-only jobs per second, so many at once."""
    say("", f"jobs per second, controller-only (goal: 16, {THROUGHPUT_JOBS} jobs a sample)")
    rates: dict[str, list[float]] = {}
    for _ in range(rounds):
        for at_once in (1, 2, 4):
            found = ways.many(at, DEBUG, jobs=THROUGHPUT_JOBS, at_once=at_once, is_warm=True)
            rates.setdefault(f"Jobnet warm, {at_once} at once", []).append(found)
        found = ways.many(at, DEBUG, jobs=4, at_once=2, is_warm=False)
        rates.setdefault("Jobnet cold, 2 at once", []).append(found)
    for name, found_all in rates.items():
        say(f"  {name:<34} {median(found_all):8.1f}   best {max(found_all):6.1f}")


def cancel(at: ways.Bench, rounds: int) -> None:
    """The end of a job in the middle of a command, and what is left of it."""
    say("", "cancel of a running job until its end is told (goal: under 0.6 s, nothing left)")
    asked: dict[str, Callable[[], ways.Cancelled]] = {
        REFERENCE: lambda: ways.cancelled_by_ansible_runner(at),
        "Jobnet, cold": lambda: ways.cancelled_by_jobnet(at, at.cold),
        "Jobnet, warm": lambda: ways.cancelled_by_jobnet(at, at.warm),
    }
    found: dict[str, list[ways.Cancelled]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, ask in asked.items():
            found[name].append(ask())
    for name, ends in found.items():
        seconds = [end.seconds for end in ends]
        left = max(end.left for end in ends)
        say(f"  {name:<34} {median(seconds):8.2f} s  min {min(seconds):6.2f} s  left {left}")


def shim(_at: ways.Bench, rounds: int) -> None:
    """What a program in place of ansible-playbook would cost, against a fork."""
    say("", "a start inside a process that has Ansible loaded")
    for name, seconds in measure_shims(rounds * 10).items():
        say(f"  {name:<34} {median(seconds) * 1000:8.1f} ms min {min(seconds) * 1000:6.1f} ms")


def single(at: ways.Bench, tasks: str, rounds: int) -> Samples:
    """Run one job in each way."""
    return in_turns(
        {
            REFERENCE: ways.by_ansible_runner(at, tasks),
            "ansible-playbook, cold": ways.by_ansible_playbook(at, tasks),
            "Jobnet, cold": ways.by_jobnet(at, tasks, is_warm=False),
            "Jobnet, warm": ways.by_jobnet(at, tasks, is_warm=True),
        },
        rounds,
    )


def in_turns(ways_by_name: Mapping[str, Callable[[], float]], rounds: int) -> Samples:
    """Return the samples of each way; the first turn only warms up and is not kept."""
    samples: dict[str, list[float]] = {name: [] for name in ways_by_name}
    for turn in range(rounds + 1):
        for name, run in ways_by_name.items():
            if turn == 0 and "warm" not in name:
                continue
            seconds = run()
            if turn:
                samples[name].append(seconds)
    return samples


def row(title: str, samples: Samples, *, goal: float, reference: str = REFERENCE) -> None:
    """Print the samples with their ratios; the last one is what the goal is about."""
    say("", title)
    base = samples[reference]
    for name, seconds in samples.items():
        ratio = median(base) / median(seconds)
        line = f"  {name:<34} {median(seconds) * 1000:8.0f} ms min {min(seconds) * 1000:6.0f} ms"
        if name != reference:
            line += f"   1/{ratio:.1f} (of the minima 1/{min(base) / min(seconds):.1f})"
        if name == list(samples)[-1]:
            line += f"   goal 1/{goal:g}: {'reached' if ratio >= goal else 'missed'}"
        say(line)


@contextmanager
def far_host(at: ways.Bench) -> Iterator[ways.Bench]:
    """Give the same project with an inventory of one SSH host."""
    with (
        tempfile.TemporaryDirectory(prefix="jobnet-bench-") as folder,
        ssh_host(Path(folder)) as host,
    ):
        known = at.project.file("known_hosts", host.known())
        at.project.file("far.ini", host.line("far", known))
        yield replace(at, inventory="far.ini", hosts="far")


def say(*lines: str) -> None:
    """Print some lines at once: the rows take minutes."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


Row = Callable[[ways.Bench, int], None]
ROWS: dict[str, Row] = {
    "command": command,
    "debug": debug,
    "ssh": ssh,
    "network": network,
    "throughput": throughput,
    "cancel": cancel,
    "shim": shim,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
