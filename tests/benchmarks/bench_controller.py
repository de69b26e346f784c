"""Measures the controller: durable parts, start-up, memory, hand-over, many runs, long lists.

Everything goes through the real services and a real database; jobs end at once in this process, so
that what is measured is Jobnet and not Ansible. References run beside it: a bare SQLite commit per
part, and a bare subprocess. Goals are printed and never asserted; that nothing is lost is.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import psutil
from jobnet.engine.states import State, has_ended
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.machine.web_server import WebServer, listen, url_of
from jobnet.ports.store import WaitKind
from jobnet.ports.store.outputs import OutputPiece
from jobnet.rest.app import create_app
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.controller import Controller
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.events import EventWish
from jobnet.services.controller.starts import StartWish

from tests.benchmarks.controlled import SLOTS, controller

BOB = OperatorName("bob")
CHAIN = 50
FAN = 200
OPEN_RUNS = 500
ENDED_RUNS = 100_000
SECONDS_MAX = 60.0


def say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201


def applied(made: Controller, folder: Path, text: str) -> None:
    project = folder / "project"
    project.mkdir(exist_ok=True)
    (project / "night.yml").write_text(text)
    made.definitions.apply([project], by=BOB)


def run_to_end(made: Controller, network: str) -> tuple[float, RunId]:
    """Start a run and return how long it took from the start to the end that is on the disk."""
    began = time.monotonic()
    wish = StartWish(network=network, by=BOB, key=f"{network}{time.monotonic_ns()}")
    run = made.starts.start(wish).run
    while True:
        row = made.store.read(lambda tx: tx.runs.find(run))
        assert row is not None
        if has_ended(row.state):
            assert row.state is State.NORMAL, row
            return time.monotonic() - began, run
        assert time.monotonic() - began < SECONDS_MAX, row
        time.sleep(0.001)


def chain_text(kind: str) -> str:
    parts = {
        "events": "  - {{id: e{0}, send_event: {{name: ready}}}}\n",
        "jobs": "  - {{id: j{0}, hosts: localhost, command: 'true'}}\n",
    }[kind]
    return "kind: network\nname: chain\nflow:\n" + "".join(parts.format(n) for n in range(CHAIN))


def fan_text() -> str:
    branches = "".join(
        f"        - flow: [{{id: j{n}, hosts: localhost, command: 'true'}}]\n" for n in range(FAN)
    )
    return (
        "kind: network\nname: fan\nqueue: eight\nflow:\n  - id: all\n    parallel:\n"
        f"      branches:\n{branches}---\nkind: queue\nname: eight\nlimit: {SLOTS}\n"
    )


def bare_commits(folder: Path, number: int) -> float:
    """Return the seconds of one bare synced commit."""
    with sqlite3.connect(folder / "bare.sqlite3", isolation_level=None) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, payload TEXT)")
        began = time.perf_counter()
        for _ in range(number):
            bare.execute("INSERT INTO entry (payload) VALUES (?)", ("x" * 200,))
        return (time.perf_counter() - began) / number


def bare_subprocess(number: int) -> float:
    began = time.perf_counter()
    for _ in range(number):
        subprocess.run(["/bin/true"], check=True, timeout=10)
    return (time.perf_counter() - began) / number


def chain(rounds: int) -> None:
    """50 parts one after the other."""
    for kind in ("events", "jobs"):
        with tempfile.TemporaryDirectory() as name, controller(Path(name)) as made:
            folder = Path(name)
            applied(made, folder, chain_text(kind))
            run_to_end(made, "chain")
            took = [run_to_end(made, "chain")[0] / CHAIN for _ in range(rounds)]
            commit, process = bare_commits(folder, 200), bare_subprocess(30)
        goal = "met" if median(took) <= 0.002 else "missed"
        say(
            f"chain of {CHAIN} {kind:7} {median(took) * 1000:7.2f} ms a part   "
            f"(a bare synced commit {commit * 1000:.2f} ms, a bare subprocess "
            f"{process * 1000:.2f} ms)   goal 2 ms: {goal}"
        )


def fan(rounds: int) -> None:
    """200 parts beside each other, eight at a time."""
    with tempfile.TemporaryDirectory() as name, controller(Path(name)) as made:
        applied(made, Path(name), fan_text())
        run_to_end(made, "fan")
        rates = [FAN / run_to_end(made, "fan")[0] for _ in range(rounds)]
    goal = "met" if median(rates) >= 500 else "missed"
    say(f"fan-out of {FAN}, {SLOTS} slots {median(rates):8.0f} parts/s   goal 500: {goal}")


def open_at_once(_rounds: int) -> None:
    """Many runs that wait at once; then all go on."""
    text = (
        "kind: network\nname: waits\nflow:\n"
        "  - {id: heard, wait_event: {name: go, match: any}}\n"
        "  - {id: said, send_event: {name: done}}\n"
    )
    with tempfile.TemporaryDirectory() as name, controller(Path(name)) as made:
        applied(made, Path(name), text)
        began = time.monotonic()
        runs = [
            made.starts.start(StartWish(network="waits", by=BOB, key=f"k{n}")).run
            for n in range(OPEN_RUNS)
        ]
        until(lambda: len(open_waits(made)) == OPEN_RUNS)
        started = time.monotonic() - began
        began = time.monotonic()
        made.events.send(EventWish(name="go", by=BOB, key="go"))
        until(lambda: not made.store.read(lambda tx: tx.runs.unended()))
        ended = time.monotonic() - began
        memory = psutil.Process().memory_info().rss / 1e6
        assert len(set(runs)) == OPEN_RUNS
    say(
        f"{OPEN_RUNS} runs open at once: started in {started:.1f} s "
        f"({OPEN_RUNS / started:.0f}/s), released by one event in {ended:.1f} s, {memory:.0f} MB"
    )


def open_waits(made: Controller) -> list[object]:
    return list(made.store.read(lambda tx: tx.errands.waits(WaitKind.EVENT, "go")))


def until(holds: Callable[[], object]) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < SECONDS_MAX
        time.sleep(0.02)


def planned(rounds: int) -> None:
    """From the instant of a planned start to the job in the runner's hands."""
    text = "kind: network\nname: later\nflow: [{id: job, hosts: localhost, command: 'true'}]\n"
    with tempfile.TemporaryDirectory() as name, controller(Path(name)) as made:
        applied(made, Path(name), text)
        took: list[float] = []
        for _ in range(max(rounds, 1)):
            first = made.store.now() + timedelta(seconds=2)
            keys = [_planned(made, first + timedelta(seconds=0.05 * at)) for at in range(20)]
            until(lambda: all(made.plans.entry(key).run for key in keys))  # noqa: B023
            until(lambda: not made.store.read(lambda tx: tx.runs.unended()))
            took.extend(_after_start(made, key) for key in keys)
    cut = quantiles(took, n=100)
    goal = "met" if cut[98] <= 0.05 else "missed"
    say(
        f"planned start to handed over: p50 {median(took) * 1000:.1f} ms,"
        f" p99 {cut[98] * 1000:.1f} ms   goal p99 50 ms: {goal}"
    )


def _planned(made: Controller, start: datetime) -> OccurrenceKey:
    return made.plans.add("later", start, None, {}, Act(by=BOB)).key


def _after_start(made: Controller, key: OccurrenceKey) -> float:
    entry = made.plans.entry(key)
    run = entry.run
    assert run is not None
    (job,) = made.store.read(lambda tx: tx.runs.parts(run))
    assert job.started is not None
    return max(0.0, (job.started - entry.start).total_seconds())


def service(rounds: int) -> None:
    """Start-up to the first answered request, then memory and processor time when idle."""
    took, memory, idle = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            began = time.monotonic()
            with (Path(name) / "log").open("wb") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "jobnet", "up", "--port", "0"],
                    env={**os.environ, "JOBNET_HOME": name},
                    stdout=log,
                    stderr=log,
                )
            announced = Path(name) / "controller" / "server.json"
            until(announced.exists)
            answered(announced)
            took.append(time.monotonic() - began)
            known = psutil.Process(process.pid)
            time.sleep(2)
            before = sum(known.cpu_times()[:2])
            time.sleep(5)
            idle.append((sum(known.cpu_times()[:2]) - before) / 5 * 100)
            memory.append(known.memory_full_info().pss / 1e6)
            process.terminate()
            process.wait(timeout=30)
    goals = [
        "met" if median(took) <= 1.5 else "missed",
        "met" if median(memory) <= 120 else "missed",
        "met" if median(idle) <= 0.5 else "missed",
    ]
    say(f"start to first answer {median(took):.2f} s   goal 1.5 s: {goals[0]}")
    say(f"idle memory (PSS) {median(memory):.0f} MB   goal 120 MB: {goals[1]}")
    say(f"idle processor {median(idle):.2f} %   goal 0.5 %: {goals[2]}")


def answered(announced: Path) -> None:
    url = json.loads(announced.read_text())["url"]
    until(lambda: _answers(url))


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx.HTTPError:  # it is not there yet
        return False


def lists(rounds: int) -> None:
    """Lists and pages beside 100,000 runs that have ended, a million parts, five million lines."""
    text = "kind: network\nname: ten\nflow:\n" + "".join(
        f"  - {{id: j{number}, hosts: localhost, command: 'true'}}\n" for number in range(10)
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with controller(folder) as made:
            applied(made, folder, text)
            _, run = run_to_end(made, "ten")
            piece = OutputPiece(
                run=run,
                part=PartKey("j0"),
                attempt=1,
                offset=0,
                text="a line of some job, as long as they are\n" * 50,
                at=made.store.now(),
            )
            made.outputs.append([piece])
        copied(folder / "jobnet.sqlite3", {"run": "id", "part": "run_id"}, run)
        copied(
            folder / "output.sqlite3", {"output_attempt": "run_id", "output_piece": "run_id"}, run
        )
        with controller(folder) as made, asked(made) as ask:
            rows = len(ask("/runs?limit=50")["items"])
            assert rows == 50
            for path in (
                "/runs?limit=50",
                "/runs?limit=50&network=ten",
                "/runs?limit=50&state=abnormal",
                "/runs?limit=50&open=true",
                f"/runs/{run}",
                f"/runs/{run}/parts",
                f"/runs/{run}/parts/j0/output?limit=10000",
            ):
                print_p95(path.replace(run, "RUN"), lambda: ask(path), 60 * rounds)  # noqa: B023


def print_p95(name: str, ask: Callable[[], object], number: int) -> None:
    took = []
    for _ in range(number):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    p95 = quantiles(took, n=20)[18]
    goal = "met" if p95 <= 0.05 else "missed"
    told = f"p50 {median(took) * 1000:6.1f} ms, p95 {p95 * 1000:6.1f} ms"
    say(f"{name:50} {told}   goal 50 ms: {goal}")


def copied(file: Path, tables: Mapping[str, str], run: RunId) -> None:
    """Copy the rows of a run until there are as many runs as asked for."""
    with sqlite3.connect(file) as bare:
        bare.execute("PRAGMA synchronous=OFF")
        for table, key in tables.items():
            names = [row[1] for row in bare.execute(f"PRAGMA table_info({table})")]
            wanted = ", ".join(
                f"{name} || '-c' || n.value" if name == key else f"{table}.{name}" for name in names
            )
            bare.execute(
                f"INSERT INTO {table} ({', '.join(names)}) WITH RECURSIVE n(value) AS (SELECT 1"  # noqa: S608
                f" UNION ALL SELECT value + 1 FROM n WHERE value < {ENDED_RUNS}) SELECT {wanted}"
                f" FROM n, {table} WHERE {table}.{key} = ?",
                (run,),
            )


@contextmanager
def asked(made: Controller) -> Iterator[Callable[[str], Any]]:
    """Serve a controller at a real socket and yield how to ask it."""
    listening = listen("127.0.0.1", 0)
    server = WebServer(create_app(made, token_check=lambda _: BOB), listening)
    server.start()
    base, headers = f"{url_of(listening)}/api/v1", {"Authorization": "Bearer x"}
    with httpx.Client(base_url=base, headers=headers) as http:

        def ask(path: str) -> Any:  # noqa: ANN401 - JSON, as it comes
            answer = http.get(path)
            assert answer.status_code == 200, answer.text
            is_json = answer.headers["content-type"].startswith("application/json")
            return answer.json() if is_json else answer.text

        yield ask
    server.stop()
    server.wait()


ROWS: Mapping[str, Callable[[int], None]] = {
    "chain": chain,
    "fan": fan,
    "open": open_at_once,
    "planned": planned,
    "lists": lists,
    "service": service,
}


def main(arguments: list[str]) -> int:
    """Print the rows that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []])
    options = parser.parse_args(arguments)
    for name in options.rows or list(ROWS):
        ROWS[name](max(1, options.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
