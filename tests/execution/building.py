"""Builds orders and runs them for real; a test reads like the job that it is about."""

# ruff: noqa: ANN401 - an order has many fields, and a test gives the few that matter to it

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jobnet.engine.results import JobResult
from jobnet.execution.runner import AnsibleRunner
from jobnet.ids import PartKey, RunId
from jobnet.ports.jobs import JobOrder, JobOutput, JobOver, JobReport, PlaybookFile, PlayText

PYTHON = "/usr/bin/python3"
END_SECONDS = 60


def clock() -> datetime:
    """Return the real time; only the reports carry it."""
    return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)


@dataclass(frozen=True)
class Project:
    """A folder with an ansible.cfg and an inventory of local hosts."""

    root: Path
    spool_root: Path

    def file(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def order(self, content: PlayText | PlaybookFile, part: str = "job", **fields: Any) -> JobOrder:
        """Return an order for the first attempt of a part."""
        given = {
            "run": RunId("run-1"),
            "part": PartKey(part),
            "attempt": 1,
            "content": content,
            "project_root": str(self.root),
            "network_folder": str(self.root),
            "kill_grace": timedelta(seconds=1),
        }
        return JobOrder(**{**given, **fields})

    def play(
        self, tasks: str, *, hosts: str = "h1", variables: str = "", more: str = "", **fields: Any
    ) -> JobOrder:
        """Return an order for a generated play; ``tasks`` is a YAML list."""
        keywords = f"gather_facts: false\n{more}tasks:\n{_indented(tasks)}"
        content = PlayText(name="play", hosts=hosts, keywords=keywords, variables=variables)
        return self.order(content, **fields)

    def playbook(self, text: str, *, name: str = "play.yml", **fields: Any) -> JobOrder:
        """Return an order for a playbook file of the project."""
        path = self.file(name, text)
        known = {k: fields.pop(k) for k in ("limit", "tags", "extra_vars") if k in fields}
        return self.order(PlaybookFile(path=str(path), **known), **fields)


@dataclass
class Finished:
    """An attempt that is over."""

    reports: list[JobReport]

    @property
    def result(self) -> JobResult:
        """The result of its only ``JobOver``, which came last."""
        ends = [report for report in self.reports if isinstance(report, JobOver)]
        assert len(ends) == 1
        assert self.reports[-1] is ends[0]
        return ends[0].result

    @property
    def output(self) -> str:
        """All that was reported as printed."""
        return "".join(r.text for r in self.reports if isinstance(r, JobOutput))

    @property
    def folder(self) -> Path:
        """The attempt's spool."""
        return Path(self.result.folder)


class Watched:
    """Reports of one attempt as they come; a test waits for them with an outer timeout."""

    def __init__(self) -> None:
        self.reports: list[JobReport] = []
        self._changed = threading.Condition()

    def __call__(self, report: JobReport) -> None:
        with self._changed:
            self.reports.append(report)
            self._changed.notify_all()

    def wait_for(self, kind: type[JobReport], seconds: float = END_SECONDS) -> None:
        """Return when a report of this kind has come."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: any(isinstance(r, kind) for r in self.reports), seconds
            )
        assert came, f"no {kind.__name__} within {seconds} s, only {len(self.reports)} reports"

    def wait_for_text(self, text: str, seconds: float = END_SECONDS) -> None:
        """Return when the job has printed this text."""
        with self._changed:
            came = self._changed.wait_for(lambda: text in Finished(self.reports).output, seconds)
        assert came, f"{text!r} was not printed within {seconds} s"


@contextmanager
def running(project: Project) -> Iterator[AnsibleRunner]:
    """Give a runner and close it, whatever happens."""
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    try:
        yield runner
    finally:
        runner.close()


def run(project: Project, order: JobOrder, seconds: float = END_SECONDS) -> Finished:
    """Run one attempt to its end."""
    watched = Watched()
    with running(project) as runner:
        runner.start(order, watched)
        watched.wait_for(JobOver, seconds)
    return Finished(watched.reports)


def run_all(project: Project, orders: dict[str, JobOrder], at_once: int = 3) -> dict[str, Finished]:
    """Run many attempts, some at once, and return them by name when all are over."""
    watched = {name: Watched() for name in orders}
    with running(project) as runner:
        waiting = list(orders)
        active: list[str] = []
        while waiting or active:
            while waiting and len(active) < at_once:
                active.append(waiting.pop(0))
                runner.start(orders[active[-1]], watched[active[-1]])
            watched[active.pop(0)].wait_for(JobOver)
    return {name: Finished(watch.reports) for name, watch in watched.items()}


def again(order: JobOrder, **fields: Any) -> JobOrder:
    """Return the next attempt of the same part."""
    return replace(order, attempt=order.attempt + 1, **fields)


def _indented(text: str) -> str:
    return "\n".join("  " + line for line in text.strip("\n").splitlines()) + "\n"
