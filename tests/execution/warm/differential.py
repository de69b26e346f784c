"""Runs the same jobs cold and warm and gives what can be seen of both, made comparable.

Each side has a project of its own, so what one writes is no news to the other. What must
differ between two runs of anything is replaced: folders, process numbers, instants, durations;
identifiers become numbers in the order of their appearance, so their relations stay.
"""

import dataclasses
import json
import re
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jobnet.engine.results import JobResult
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.spool import EVENTS, OUTPUT, RECORDS
from jobnet.ports.jobs import JobOrder, JobOver, JobReport

from tests.execution.building import Finished, Project, Watched, clock
from tests.execution.conftest import make_project

JOB_SECONDS_MAX: Final = 240
Jobs = Generator[JobOrder, Finished, None]

_HEX = "[0-9a-f]"
_UUID: Final = re.compile(f"{_HEX}{{8,12}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}")
_CHANGING: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]?\d*(\+00:00|Z)?"), "INSTANT"),
    (re.compile(r"\d:\d\d:\d\d\.\d{6}"), "DURATION"),
    (re.compile(r"(?<=ansible, key=)[a-z]{32}"), "KEY"),
    (re.compile(r"(?<= p=)\d+(?= u=)"), "N"),
    (re.compile(r"[^\s\"':]*/\.cp/[a-z0-9]{16}"), "SOCKETS"),
    (re.compile(r"ansible-tmp-[\d.]+-\d+-\d+"), "ansible-tmp-N"),
    (re.compile(r"ansible-local-[a-z0-9_]+"), "ansible-local-N"),
    (re.compile(r"(ansible-local-N/)tmp[a-z0-9_]+"), r"\1tmp"),
    (re.compile(r"j\d{6,}\.\d+"), "ASYNC-JOB"),
    (re.compile(r'(_original_basename": )"\.[a-z0-9_]{8}"'), r'\1"NAME"'),
)
_CHANGING_KEYS: Final = {
    "pid": 0,
    "duration": 0,
    "created": "",
    "start": "",
    "end": "",
    "delta": "",
    "runner_ident": "",
    "atime": 0,
    "ctime": 0,
    "mtime": 0,
    "inode": 0,
    "ino": 0,
}


@dataclass
class Side:
    """What one way of starting gave."""

    project: Project
    jobs: list[Finished] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)

    def picture(self, number: int) -> dict[str, Any]:
        """Return all that a job left, made comparable."""
        finished = self.jobs[number]
        return {
            "result": self._comparable(_result_of(finished.result)),
            "stdout": self._comparable(_read(finished.folder / OUTPUT)).splitlines(),
            "events": self._lines(finished.folder / EVENTS),
            "records": self._lines(finished.folder / RECORDS),
        }

    def files(self) -> dict[str, str]:
        """Return every file of the project with its rights and its content, made comparable."""
        return {
            self._comparable(str(path.relative_to(self.project.root))): self._comparable(
                f"{path.lstat().st_mode:o} {_read(path) if path.is_file() else ''}"
            )
            for path in sorted(self.project.root.rglob("*"))
            if "__pycache__" not in path.parts
        }

    def _lines(self, path: Path) -> list[Any]:
        text = self._comparable(_read(path))
        return [_without_instants(json.loads(line)) for line in text.splitlines()]

    def _comparable(self, value: Any) -> Any:  # noqa: ANN401
        if not isinstance(value, str):
            text = self._comparable(json.dumps(_without_instants(value), sort_keys=True))
            return json.loads(text)
        text = value
        for job in self.jobs:
            text = text.replace(str(job.folder), "SPOOL")
        text = text.replace(str(self.project.root), "ROOT")
        text = text.replace(str(self.project.root.parent), "FOLDER")
        for pattern, word in _CHANGING:
            text = pattern.sub(word, text)
        seen: dict[str, str] = {}
        return _UUID.sub(lambda found: seen.setdefault(found[0], f"uuid-{len(seen)}"), text)


@dataclass(frozen=True)
class Both:
    """The cold side and the warm one."""

    cold: Side
    warm: Side

    def pictures(self, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what the two sides of one job look like."""
        return self.cold.picture(number), self.warm.picture(number)

    def different(self, number: int) -> list[str]:
        """Return what a warm job did otherwise."""
        return differences(*self.pictures(number))

    def assert_same(self, number: int) -> None:
        """Fail with the first thing that a warm job did otherwise."""
        name = self.cold.jobs[number].folder.name
        found = self.different(number)
        assert not found, "\n".join([f"job {name}", *found])

    def assert_all_same(self, *, but: str = "") -> None:
        """Compare every job, one part left out, and all that they wrote into their projects."""
        assert len(self.cold.jobs) == len(self.warm.jobs)
        for number, job in enumerate(self.cold.jobs):
            if job.folder.name != f"{but}.1":
                self.assert_same(number)
        found = differences(self.cold.files(), self.warm.files())
        assert not found, "\n".join(found)

    def different_files(self, name: str) -> list[str]:
        """Return how a file of the project differs, by its JSON where it is some."""
        cold, warm = (side.files()[name].partition(" ")[2] for side in (self.cold, self.warm))
        try:
            return differences(json.loads(cold), json.loads(warm))
        except ValueError:
            return differences(cold.splitlines(), warm.splitlines())

    def assert_all_warm(self) -> None:
        """Fail if a job of the warm side was started cold, and tell why it was."""
        assert self.warm.starts == {"warm": len(self.warm.jobs)}


def differences(cold: Any, warm: Any, place: str = "") -> list[str]:  # noqa: ANN401
    """Return where two values differ, and how."""
    if isinstance(cold, dict) and isinstance(warm, dict):
        return [
            line
            for key in sorted(cold.keys() | warm.keys())
            for line in differences(cold.get(key), warm.get(key), f"{place}.{key}")
        ]
    if isinstance(cold, list) and isinstance(warm, list) and len(cold) == len(warm):
        pairs = enumerate(zip(cold, warm, strict=True))
        return [line for n, (c, w) in pairs for line in differences(c, w, f"{place}[{n}]")]
    if cold == warm:
        return []
    return [f"{place}: cold {json.dumps(cold)[:2000]}, warm {json.dumps(warm)[:2000]}"]


def both(folder: Path, jobs: Callable[[Project], Jobs]) -> Both:
    """Run the jobs that ``jobs`` yields for a project, one after the other, cold and warm.

    It is sent how each of them ended, and may change the project before it yields the next.
    """
    sides = {name: folder / name for name in ("cold", "warm")}
    for side in sides.values():
        side.mkdir(parents=True)
    with ThreadPoolExecutor(len(sides)) as threads:
        cold, warm = threads.map(
            lambda name: _run_side(sides[name], jobs, warm=name == "warm"), sides
        )
    return Both(cold=cold, warm=warm)


def run_one(runner: AnsibleRunner, order: JobOrder) -> Finished:
    """Run one job to its end."""
    watched = Watched()
    runner.start(order, watched)
    watched.wait_for(JobOver, JOB_SECONDS_MAX)
    reports: list[JobReport] = watched.reports
    return Finished(reports)


def _run_side(folder: Path, jobs: Callable[[Project], Jobs], *, warm: bool) -> Side:
    side = Side(project=make_project(folder))
    runner = AnsibleRunner(spool_root=side.project.spool_root, clock=clock, warm=warm)
    try:
        orders = jobs(side.project)
        order = next(orders, None)
        while order is not None:
            side.jobs.append(run_one(runner, order))
            try:
                order = orders.send(side.jobs[-1])
            except StopIteration:
                order = None
        side.starts.update(runner._starter.counts)
    finally:
        runner.close()
    return side


def _result_of(result: JobResult) -> dict[str, Any]:
    return {**dataclasses.asdict(result), "duration_seconds": 0}


def _without_instants(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {
            key: _CHANGING_KEYS[key] if key in _CHANGING_KEYS else _without_instants(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_instants(item) for item in value]
    return value


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
