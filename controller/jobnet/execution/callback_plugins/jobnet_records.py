"""Ansible callback plugin of Jobnet: writes what each host's tasks gave as JSON lines.

It runs inside Ansible, beside ansible-runner's own, and imports nothing of ``jobnet``: a
project may run its Ansible from another Python. ansible-runner's events miss per-host
``set_stats`` and leak those of ``no_log`` tasks; here ``no_log`` results are never written.
"""

# Ansible calls these methods by name, with its own objects, and offers no public names for
# some of what they must ask.
# ruff: noqa: ANN401, ARG001, D102, FBT001, FBT002, INP001, PTH120, SLF001
# mypy: disable-error-code="import-untyped, misc"

from __future__ import annotations

import json
import os
import sys
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.executor.process import worker
from ansible.plugins.callback import CallbackBase
from ansible.utils.display import Display

DOCUMENTATION = """
    name: jobnet_records
    type: notification
    short_description: writes the results of a Jobnet unit job for its controller
    description:
        - Does nothing outside of a unit job of Jobnet.
    requirements:
        - The environment variable JOBNET_RECORDS names the file to write.
"""

RECORDS_BYTES_MAX = 64 * 1024 * 1024
RECORD_BYTES_MAX = 8 * 1024 * 1024
TEXT_CHARS_MAX = 64 * 1024
MESSAGE_CHARS_MAX = 400
UNREACHABLE_CODE = 4


class CallbackModule(CallbackBase):
    """Turns callbacks into records; collecting and judging them is done elsewhere."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "jobnet_records"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._left = RECORDS_BYTES_MAX
        self._is_broken = False
        path = os.environ.get("JOBNET_RECORDS")
        self.disabled = not path
        if path:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._descriptor = os.open(path, flags, 0o600)
            _keep_from_children()
            self._refuse_prompts()
            self._survive_full_disk()
            _hide_no_log()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        pattern = play.hosts if isinstance(play.hosts, str) else ",".join(map(str, play.hosts))
        self._write({"kind": "play", "name": play.get_name(), "pattern": pattern})

    def v2_playbook_on_no_hosts_matched(self) -> None:
        self._write({"kind": "no_hosts"})

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._write({"kind": "task", "task": task.get_name()})

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self.v2_playbook_on_task_start(task, is_conditional=True)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record(result, "changed" if result.is_changed() else "ok", counts=False)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record(result, "skipped", counts=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        counts = not ignore_errors and not _is_rescued(result.task)
        self._record(result, "failed", counts=counts)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record(result, "unreachable", counts=not result.task.ignore_unreachable)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        for host in sorted(stats.processed):
            self._write({"kind": "recap", "host": host, "counts": stats.summarize(host)})
        self._write({"kind": "end"})

    def _record(self, result: Any, state: str, *, counts: bool) -> None:
        task, data = result.task, result.result
        hidden = _is_hidden(result)
        record: dict[str, Any] = {
            "kind": "result",
            "host": result.host.get_name(),
            "task": result.task_name if not hidden else task.get_name(),
            "state": state,
            "counts": counts,
            "ran": task.action not in constants._ACTION_SETUP,
            "rc": [] if hidden else _return_codes(data),
            "failed_rc": _failed_codes(data, state, hidden=hidden) if counts else [],
            "check_skip": state == "skipped" and _is_check_skip(task, data),
            "message": "(hidden: no_log)" if hidden else _bounded(_message(data)),
        }
        if not hidden:
            record |= self._data(result, state)
        self._write(record)

    def _data(self, result: Any, state: str) -> dict[str, Any]:
        data = dict(result.result)
        items = data.get("results") if isinstance(data.get("results"), list) else None
        data |= {"failed": state == "failed", "skipped": state == "skipped"}
        data.setdefault("changed", result.is_changed())
        data.pop("invocation", None)
        kept: dict[str, Any] = {"result": _without_private(data)}
        if result.task.register:
            kept["register"] = result.task.register
        looped = [item for item in items or [data] if isinstance(item, dict)]
        stats = [i["ansible_stats"] for i in looped if isinstance(i.get("ansible_stats"), dict)]
        if stats and state in {"ok", "changed"}:
            kept["stats"] = stats
        if result.task.action in constants._ACTION_SET_FACT:
            kept["facts"] = {k: v for i in looped for k, v in _mapping(i, "ansible_facts").items()}
        return kept

    def _write(self, record: dict[str, Any]) -> None:
        line = _line(record)
        if len(line) > RECORD_BYTES_MAX:
            line = _line(_shortened(record) | {"was_cut": True})
        if len(line) > RECORD_BYTES_MAX or len(line) > self._left:
            bare = {k: v for k, v in record.items() if k not in {"result", "stats", "facts"}}
            line = _line(bare | {"was_cut": True})
        self._left -= len(line)
        self._put(line)

    def _put(self, line: bytes) -> None:
        """Write the line; after a write that failed none is tried, so that no ``end`` lies."""
        if self._is_broken:
            return
        try:
            self._is_broken = os.write(self._descriptor, line) != len(line)
        except OSError:
            self._is_broken = True

    def _refuse_prompts(self) -> None:
        """Make every question of this job an error that names what was asked for."""
        plain = Display.prompt_until

        def prompt_until(display: Any, msg: str, *args: Any, **kwargs: Any) -> Any:
            if display._final_q is not None or kwargs.get("seconds") is not None:
                return plain(display, msg, *args, **kwargs)  # a worker's relay; a timed pause
            return self._refuse(f"an answer to {' '.join(str(msg).split())!r}")

        def do_var_prompt(display: Any, varname: str, *args: Any, **kwargs: Any) -> Any:
            return self._refuse(varname)

        Display.prompt_until = prompt_until
        Display.do_var_prompt = do_var_prompt

    def _refuse(self, name: str) -> Any:
        self._write({"kind": "prompt", "name": name[:MESSAGE_CHARS_MAX]})
        raise AnsibleError(f"asks for {name}; give it in `vars`, or use a dialog")

    def _survive_full_disk(self) -> None:
        """Let ansible-runner's callback lose an event where it cannot write it.

        Otherwise the thread that takes results dies of it, and Ansible waits for ever.
        """
        for module in _runner_modules():
            module.IsolatedFileWrite.set = self._tolerant(module.IsolatedFileWrite.set)

    def _tolerant(self, plain: Any) -> Any:
        def write(*args: Any) -> None:
            try:
                plain(*args)
            except OSError:
                self._is_broken = True

        return write


def _keep_from_children() -> None:
    """Take out of the environment what would make a nested ansible-playbook part of this job."""
    for name in ("JOBNET_RECORDS", "AWX_ISOLATED_DATA_DIR", "ANSIBLE_STDOUT_CALLBACK"):
        os.environ.pop(name, None)
    original = os.environ.pop("ORIGINAL_STDOUT_CALLBACK", None)
    if original:
        os.environ["ANSIBLE_STDOUT_CALLBACK"] = original
    ours = {os.path.dirname(module.__file__ or "") for module in _runner_modules()}
    ours.add(os.path.dirname(__file__))
    folders = os.environ.get("ANSIBLE_CALLBACK_PLUGINS", "").split(":")
    os.environ["ANSIBLE_CALLBACK_PLUGINS"] = ":".join(f for f in folders if f not in ours)


def _runner_modules() -> list[Any]:
    """Return the module of ansible-runner's callback, which Ansible has loaded before ours."""
    return [m for m in list(sys.modules.values()) if hasattr(m, "IsolatedFileWrite")]


def _hide_no_log() -> None:
    """Hide of ``no_log`` tasks what Ansible prints nevertheless.

    Met in ansible-core 2.19: the error of a failed task repeats its message, and with -vvv
    the command line of a connection shows the task's ``environment``.
    """
    plain_error = CallbackBase._handle_warnings_and_exception
    plain_verbose = Display.verbose

    def handle_warnings_and_exception(callback: Any, result: Any) -> None:
        if not _is_hidden(result):
            plain_error(callback, result)

    def verbose(display: Any, *args: Any, **kwargs: Any) -> None:
        task = getattr(getattr(worker, "current_worker", None), "_task", None)
        if task is None or not task.no_log:
            plain_verbose(display, *args, **kwargs)

    CallbackBase._handle_warnings_and_exception = handle_warnings_and_exception
    Display.verbose = verbose


def _is_rescued(task: Any) -> bool:
    """Tell whether a failure of the task enters the ``rescue`` of a block around it."""
    child, parent = task, task._parent
    while parent is not None:
        if getattr(parent, "rescue", None):
            inside = [getattr(entry, "_uuid", None) for entry in parent.block]
            if child._uuid in inside:
                return True
        child, parent = parent, getattr(parent, "_parent", None)
    return False


def _is_hidden(result: Any) -> bool:
    return bool(result.task.no_log) or bool(result.result.get("_ansible_no_log"))


def _is_check_skip(task: Any, data: dict[str, Any]) -> bool:
    if not task.check_mode:
        return False
    items = data.get("results")
    every = items if isinstance(items, list) and items else [data]
    return any(
        isinstance(item, dict)
        and not {"skip_reason", "false_condition", "skipped_reason"} & set(item)
        for item in every
    )


def _return_codes(data: dict[str, Any]) -> list[int]:
    found = [data] + [item for item in _items(data) if isinstance(item, dict)]
    return [code for item in found if (code := _code(item.get("rc"))) is not None]


def _failed_codes(data: dict[str, Any], state: str, *, hidden: bool) -> list[int]:
    if state == "unreachable":
        return [UNREACHABLE_CODE]
    if hidden:
        return []
    failed = [i for i in _items(data) if isinstance(i, dict) and i.get("failed")]
    unreachable = [i for i in _items(data) if isinstance(i, dict) and i.get("unreachable")]
    codes = [_code(item.get("rc")) for item in [*failed, data]]
    return [code for code in codes if code is not None] + [UNREACHABLE_CODE] * len(unreachable)


def _items(data: dict[str, Any]) -> list[Any]:
    items = data.get("results")
    return items if isinstance(items, list) else []


def _code(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return 128 - value if value < 0 else value


def _message(data: dict[str, Any]) -> str:
    for item in [*[i for i in _items(data) if isinstance(i, dict) and i.get("failed")], data]:
        for key in ("msg", "stderr", "module_stderr", "reason", "skip_reason"):
            if item.get(key):
                return _with_cause(str(item[key]), item)
    return ""


def _with_cause(message: str, item: dict[str, Any]) -> str:
    """Say what a command printed last, where Ansible only says that it did not return 0."""
    if message != "non-zero return code":
        return message
    for key in ("stderr", "stdout"):
        lines = str(item.get(key) or "").strip().splitlines()
        if lines:
            return f"{message}: {lines[-1].strip()}"
    return message


def _bounded(text: str) -> str:
    """Cut a long message in its middle: Ansible begins with the task and ends with the cause."""
    half = MESSAGE_CHARS_MAX // 2
    return text if len(text) <= MESSAGE_CHARS_MAX else f"{text[:half]} … {text[-half:]}"


def _mapping(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _without_private(value: Any) -> Any:
    """Drop Ansible's own keys and hidden items, at every depth that Ansible writes them."""
    if isinstance(value, dict):
        if value.get("_ansible_no_log"):
            return {"censored": True}
        return {
            k: _without_private(v) for k, v in value.items() if not str(k).startswith("_ansible_")
        }
    if isinstance(value, list):
        return [_without_private(item) for item in value]
    return value


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > TEXT_CHARS_MAX:
        return value[:TEXT_CHARS_MAX] + f"… [cut, {len(value) - TEXT_CHARS_MAX} more characters]"
    if isinstance(value, dict):
        return {k: _shortened(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return value


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, default=str).encode() + b"\n"
