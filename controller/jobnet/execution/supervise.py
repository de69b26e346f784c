"""Runs ansible-runner for one prepared attempt and ends its processes when asked to.

It knows neither the order nor the result: a manifest goes in, how Ansible's process ended
comes out. It is made for a process of its own, with one job in its life.
"""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from ansible_runner.config.runner import RunnerConfig
from ansible_runner.runner import Runner

from jobnet.execution.end import AttemptEnd
from jobnet.execution.events import EventFile
from jobnet.execution.manifest import Manifest
from jobnet.execution.masters import without_masters
from jobnet.execution.output import BoundedText, is_disk_full
from jobnet.execution.processes import (
    descendants,
    end_all,
    has_children,
    program_of,
    reap_orphans,
)
from jobnet.execution.prompts import asked_for
from jobnet.execution.spool import EVENTS, KILL, OUTPUT, RUNNER, Spool
from jobnet.execution.terminal import install
from jobnet.execution.warm_modules.tree import tree_of_marked

_LOOK_FOR_KILL_SECONDS: Final = 0.5
_LITTLE_BYTES: Final = 4096
_IDENT: Final = "job"
# What ansible-runner needs; everything else that it sets would change the project's settings.
_RUNNER_VARIABLES: Final = (
    "ANSIBLE_CALLBACK_PLUGINS",
    "ANSIBLE_STDOUT_CALLBACK",
    "AWX_ISOLATED_DATA_DIR",
    "ORIGINAL_STDOUT_CALLBACK",
    "RUNNER_OMIT_EVENTS",
    "RUNNER_ONLY_FAILED_EVENTS",
)


RunPlaybook = Callable[[str, Sequence[str], Mapping[str, str]], NoReturn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What differs between a supervisor that was started and one that was forked.

    ``run_playbook`` is called in a fork that is to be Ansible's process; without it the program
    is executed. ``kept`` are the descriptors that stay open for it. ``await_abandoned`` returns
    when nobody would come back to the job; None where the kernel tells of that.
    """

    run_playbook: RunPlaybook | None = None
    kept: tuple[int, ...] = ()
    await_abandoned: Callable[[], object] | None = None


class Supervision:
    """One run of ansible-runner; ``ask_to_end`` may come from a signal handler at any time."""

    def __init__(
        self, spool: Spool, manifest: Manifest, tick: Callable[[], None], ways: Ways
    ) -> None:
        self._spool = spool
        self._ways = ways
        self._manifest = manifest
        self._tick = tick
        self._child: int | None = None
        self._ender: threading.Thread | None = None
        self._was_killed = False
        self._prompt: str | None = None
        self._unended: list[int] = []
        self._last_line = ""

    def ask_to_end(self, *_: object) -> None:
        """End the job's processes: SIGTERM, after the grace SIGKILL; asking twice is harmless."""
        has_ended = self._child is not None and _has_exited(self._child)
        if self._ender is None and not has_ended:
            self._was_killed = True
            self._start_ending()

    def run(self, environment: Mapping[str, str]) -> AttemptEnd:
        """Run the job to its end and return how Ansible ended."""
        began = time.monotonic()
        rc, trouble = None, ""
        try:
            sink, events = BoundedText(self._spool[OUTPUT]), EventFile(self._spool[EVENTS])
        except OSError as error:
            return _not_begun(self._trouble(error))
        try:
            rc = None if self._was_killed else self._run_ansible(environment, sink, events)
        except OSError as error:
            trouble = self._trouble(error)
        finally:
            self._finish(trouble)
            sink.close()
            events.close()
        if sink.is_disk_full or events.is_disk_full:
            trouble = self._no_space()
        return AttemptEnd(
            ansible_rc=rc,
            duration_seconds=time.monotonic() - began,
            was_killed=self._was_killed,
            prompt=self._prompt,
            trouble=trouble,
            no_space=self._no_space() if _is_full(self._spool.folder) else "",
            unended=", ".join(f"{pid} ({program_of(pid)[:60].strip()})" for pid in self._unended),
        )

    def _run_ansible(
        self, environment: Mapping[str, str], sink: BoundedText, events: EventFile
    ) -> int | None:
        config = _runner_config(self._spool, self._manifest, environment)
        install(
            sink=sink,
            events=events,
            on_output=self._on_output,
            on_spawn=self._on_spawn,
            in_child=self._playbook_of(config),
            kept=self._ways.kept,
            partial_events=Path(config.artifact_dir) / "job_events",
        )
        runner = Runner(config, event_handler=events.add, cancel_callback=self._look_for_kill_file)
        runner.run()
        return runner.rc if isinstance(runner.rc, int) else None

    def _playbook_of(self, config: Any) -> Callable[[], NoReturn] | None:  # noqa: ANN401
        if self._ways.run_playbook is None:
            return None
        program, *arguments = config.command
        return partial(self._ways.run_playbook, program, arguments, config.env)

    def _on_spawn(self, pid: int) -> None:
        self._child = pid
        if self._ways.await_abandoned is not None:  # no thread before the fork
            threading.Thread(target=self._keep_leash, name="leash", daemon=True).start()
        if self._was_killed and not _has_exited(pid):
            self._start_ending()

    def _keep_leash(self) -> None:
        assert self._ways.await_abandoned is not None, "there is a leash"
        self._ways.await_abandoned()
        os.kill(os.getpid(), signal.SIGTERM)

    def _on_output(self, text: str) -> None:
        _, newline, last = text.rpartition("\n")
        self._last_line = last if newline else (self._last_line + last)[-1000:]
        if self._prompt is None and self._ender is None:
            self._prompt = asked_for(self._last_line)
            if self._prompt is not None:
                self._start_ending()
        self._tick()

    def _look_for_kill_file(self) -> bool:
        if self._spool[KILL].exists():
            self.ask_to_end()
        return False

    def _start_ending(self) -> None:
        if self._child is None:
            return  # nothing runs yet; _on_spawn looks again
        self._ender = threading.Thread(target=self._end_processes, name="ender")
        self._ender.start()

    def _end_processes(self) -> None:
        self._unended = end_all(
            self._processes,
            grace_seconds=self._manifest.kill_grace_seconds,
            after_look=lambda: reap_orphans(but=self._child),
        )

    def _processes(self) -> list[int]:
        """Find all that works for the job: modules may be below the server of modules."""
        below = descendants(os.getpid())
        marked = tree_of_marked(self._spool.mark)
        return without_masters([*below, *(p for p in marked if p not in below)])

    def _finish(self, trouble: str) -> None:
        """Leave no process of a job that was ended, and of others no ssh master of its own."""
        if self._ender is not None:
            self._ender.join()
        elif trouble:
            self._end_processes()
        elif has_children():  # looking through all processes of the machine takes a while
            sockets = str(self._spool["cp"])
            end_all(
                lambda: [p for p in descendants(os.getpid()) if sockets in program_of(p)],
                grace_seconds=1,
                after_look=lambda: reap_orphans(but=self._child),
            )

    def _trouble(self, error: OSError) -> str:
        return self._no_space() if is_disk_full(error) else str(error)

    def _no_space(self) -> str:
        return f"no space left in {self._spool.folder}; free some and run the part again"


def _runner_config(spool: Spool, manifest: Manifest, environment: Mapping[str, str]) -> Any:  # noqa: ANN401
    config = RunnerConfig(
        private_data_dir=str(spool[RUNNER]),
        project_dir=manifest.working_folder,
        playbook=manifest.arguments[-1],
        envvars=dict(environment),
        fact_cache_type="",
        ident=_IDENT,
        quiet=True,
    )
    config.prepare()
    config.command = [manifest.program, *manifest.arguments]
    set_by_runner = {name: config.env[name] for name in _RUNNER_VARIABLES if name in config.env}
    config.env = {**environment, **set_by_runner}
    config.pexpect_timeout = _LOOK_FOR_KILL_SECONDS
    config.suppress_output_file = True
    return config


def clean_up(spool: Spool) -> None:
    """Remove what ansible-runner wrote of the environment, and events that nobody read."""
    folder = spool[RUNNER] / "artifacts" / _IDENT
    (folder / "command").unlink(missing_ok=True)
    for path in (folder / "job_events").glob("*"):
        path.unlink(missing_ok=True)


def read_environment(text: str) -> dict[str, str]:
    """Read the job's environment as the runner sends it."""
    return {str(name): str(value) for name, value in json.loads(text).items()}


def _not_begun(trouble: str) -> AttemptEnd:
    return AttemptEnd(ansible_rc=None, duration_seconds=0.0, trouble=trouble)


def _is_full(folder: Path) -> bool:
    free = os.statvfs(folder)
    return free.f_bavail * free.f_frsize < _LITTLE_BYTES or free.f_favail == 0


def _has_exited(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def listen_for_end(supervision: Supervision) -> None:
    """Take SIGTERM as the wish to end; a terminal's signals do not reach an own session."""
    signal.signal(signal.SIGTERM, supervision.ask_to_end)
