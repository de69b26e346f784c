"""A module run by a module server gives what stock Ansible gives."""

# ruff: noqa: ANN401, E501 - results are any JSON; a program reads best on its own lines

import json
import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from jobnet.execution.warm_modules.shell_environment import Rest

from tests.execution.warm_modules.serving import PYTHON, Warm, module_of, payload_of, same

pytestmark = pytest.mark.parts


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ping", {"data": "grüße ✓"}),
        ("command", {"_raw_params": "id -u", "_uses_shell": False}),
        (
            "command",
            {"_raw_params": "echo $HOME; ulimit -a; umask; pwd; exit 3", "_uses_shell": True},
        ),
        ("command", {"_raw_params": "cat", "stdin": "words", "_uses_shell": False}),
        ("command", {"_raw_params": "no-such-program", "_uses_shell": False}),
        ("stat", {"path": "/etc/passwd"}),
        ("find", {"paths": ["/etc/ssl"], "recurse": True}),
        ("slurp", {"src": "/etc/hostname"}),
        ("file", {"path": "/nowhere/at/all", "state": "sideways", "mode": "0700"}),
        ("wait_for", {"port": 1, "timeout": 1, "host": "127.0.0.1"}),
        ("ping", {"data": "crash"}),
        ("command", {"creates": ["not", "a", "path"], "unknown": 1}),
    ],
)
def test_a_module_of_ansible_core(warm: Warm, name: str, arguments: dict[str, Any]) -> None:
    payload = payload_of(name, arguments)

    stock, ours = warm.stock(payload), warm.warm(payload)

    if name == "wait_for":
        assert ours.rc == stock.rc
        assert {**ours.result, "elapsed": 0} == {**stock.result, "elapsed": 0}
    else:
        assert (ours.rc, ours.result) == (stock.rc, stock.result)
        assert ours.words[2] == stock.words[2]


def in_order(value: Any) -> Any:
    """Return lists sorted: some facts come from sets."""
    return sorted(value, key=str) if isinstance(value, list) else value


def test_facts(warm: Warm) -> None:
    payload = payload_of("setup", {"gather_subset": ["all"], "gather_timeout": 60})

    stock, ours = (r.result["ansible_facts"] for r in (warm.stock(payload), warm.warm(payload)))

    assert ours.keys() == stock.keys()
    moving = ("mem", "swap", "uptime", "date_time", "loadavg", "mounts", "swapfree", "devices")
    for name in stock:
        if not any(word in name for word in moving):
            assert in_order(ours[name]) == in_order(stock[name]), name
    assert ours["ansible_env"] == stock["ansible_env"]
    assert ours["ansible_python"] == stock["ansible_python"]


@pytest.mark.parametrize("check", [False, True])
def test_files_are_left_the_same(warm: Warm, tmp_path: Path, check: bool) -> None:  # noqa: FBT001
    def states(run: Any, kind: str) -> list[Any]:
        found = []
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "source").write_text("anfang\n")
        steps: list[tuple[str, dict[str, Any]]] = [
            ("file", {"path": f"{tmp_path}/{kind}/d", "state": "directory", "mode": "0750"}),
            (
                "copy",
                {
                    "src": str(tmp_path / kind / "source"),
                    "dest": f"{tmp_path}/{kind}/d/f",
                    "mode": "0640",
                },
            ),
            ("lineinfile", {"path": f"{tmp_path}/{kind}/d/f", "line": "ende ü"}),
            (
                "file",
                {"src": "f", "dest": f"{tmp_path}/{kind}/d/l", "state": "link", "force": True},
            ),
            ("file", {"path": f"{tmp_path}/{kind}/t", "state": "touch"}),
            ("tempfile", {"path": f"{tmp_path}/{kind}", "suffix": "x", "state": "directory"}),
        ]
        for name, arguments in steps:
            outcome = run(payload_of(name, arguments, _ansible_check_mode=check))
            result = json.dumps(outcome.result).replace(f"/{kind}/", "/K/")
            found.append(result if name != "tempfile" else outcome.rc)
        for path in sorted((tmp_path / kind).rglob("*")):
            mode = stat.filemode(path.lstat().st_mode)
            is_file = path.is_file()
            name = "temporary" if path.name.startswith("ansible.") else path.name
            found.append((name, mode, path.read_text() if is_file else ""))
        return found

    stock, ours = states(warm.stock, "stock"), states(warm.warm, "warm")

    assert ours == stock


def test_a_result_of_ten_megabytes(warm: Warm, tmp_path: Path) -> None:
    payload = module_of(tmp_path, "big", "module.exit_json(text='x' * 10_000_000)")

    assert len(same(warm, payload)["text"]) == 10_000_000


def test_secrets_are_hidden_the_same(warm: Warm) -> None:
    arguments = {"url": "http://user:pw-tiefgeheim@127.0.0.1:1/", "url_password": "pw-tiefgeheim"}
    payload = payload_of("uri", arguments, _ansible_no_log=True)

    stock, ours = warm.stock(payload), warm.warm(payload)

    assert b"tiefgeheim" not in ours.output
    moving = {"elapsed", "msg"}
    assert {k: v for k, v in ours.result.items() if k not in moving} == {
        k: v for k, v in stock.result.items() if k not in moving
    }


@pytest.fixture
def web() -> Iterator[str]:
    """A web server on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"agent": self.headers["User-Agent"]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_from_a_web_server(warm: Warm, web: str) -> None:
    payload = payload_of("uri", {"url": web, "return_content": True, "timeout": 60})

    stock, ours = warm.stock(payload), warm.warm(payload)

    assert ours.result["json"] == {"agent": "ansible-httpget"}
    assert {**ours.result, "elapsed": 0} == {**stock.result, "elapsed": 0}


@pytest.mark.parametrize(
    "body",
    [
        "module.fail_json(msg='nein ' + module.params['a'], x=[1])",
        "raise ValueError('krumm')",
        "print('garbage before'); module.exit_json(b=1)",
        "print('only garbage')",
        "import sys; sys.exit(7)",
        "import sys; sys.exit('last words')",
        "raise KeyboardInterrupt",
        "import os; os._exit(9)",
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.kill(os.getpid(), 15)",
        "import os; os.abort()",
        "import sys; print(repr(sys.stdin.read())); module.exit_json()",
        "import sys; sys.stderr.write('words\\n'); module.exit_json()",
        "import warnings; warnings.warn('old'); module.exit_json()",
        "import atexit; atexit.register(print, 'late'); module.exit_json()",
        "import threading, time\nthreading.Thread(target=lambda: (time.sleep(.2), print('late'))).start()\nmodule.exit_json()",
        "module.warn('w'); module.deprecate('d', version='9.9'); module.exit_json()",
        "import sys; sys.stdout.close(); sys.exit(0)",
        "import os; os.close(1); module.exit_json()",
        "module.run_command(['sh', '-c', 'exit 4'], check_rc=True)",
        "x = 1 / 0",
        "import json.nothing",
        "import sys; sys.exit(-1)",
        "import sys; sys.exit(2**70)",
        "import sys; sys.exit(b'bytes')",
        "import sys; sys.stderr = None; sys.exit('unheard')",
        "import atexit, os; os.first = type('First', (), {'__repr__': lambda _: 'f', '__call__': lambda _: 1 / 0})(); atexit.register(os.first); module.exit_json()",
        "import threading, time; threading.Thread(target=time.sleep, args=(99,), daemon=True).start(); module.exit_json()",
        "import tempfile; global left; left = tempfile.TemporaryDirectory(); module.exit_json()",
        "import sys, weakref; global left; left = {1}; weakref.finalize(sys, print, 'end'); module.exit_json()",
        "import sys; sys.stdout = open('/dev/full', 'w'); print('x')",
        "import os, sys; os.dup2(os.open('/dev/full', os.O_WRONLY), 1); print('x')",
        "import ctypes; ctypes.CDLL(None).printf(b'kept by C')",
        "class End:\n    def __del__(self):\n        print('gone', flush=True)\nglobal left\nleft = End()",
        "class End:\n    def __del__(self):\n        print('gone')\nlocal = End()\nmodule.exit_json()",
        "class End:\n    def __del__(self):\n        print('gone')\nfirst, second = End(), End()\nfirst.x, second.x = second, first\nmodule.exit_json()",
        "class End:\n    def __del__(self):\n        import json\n        print(json.dumps(1))\nglobal left\nleft = End()",
    ],
)
def test_a_module_that_ends_in_its_own_way(warm: Warm, tmp_path: Path, body: str) -> None:
    payload = module_of(tmp_path, "ending", body)

    stock, ours = warm.stock(payload), warm.warm(payload)

    assert ours.words == stock.words


@pytest.mark.parametrize("rest", Rest)
@pytest.mark.parametrize(
    "last",
    [
        *("pass", "sys.exit(7)", "os.kill(os.getpid(), 9)", "os.kill(os.getpid(), 15)"),
        *("os.abort()", "raise KeyboardInterrupt"),
    ],
)
def test_a_command_of_older_and_newer_releases(warm: Warm, rest: Rest, last: str) -> None:
    program = f"import os, sys\nprint(sorted(os.environ.items()), flush=True)\n{last}".encode()
    of_release = replace(warm, rest=rest)

    stock, ours = of_release.stock(program), of_release.warm(program)

    assert ours.words == stock.words
    assert b"PWD" in ours.output


@pytest.mark.parametrize("owner", ["module", "os", "logging"])
def test_what_an_open_file_holds_is_written(warm: Warm, tmp_path: Path, owner: str) -> None:
    body = f"""
import os, logging
{owner}.kept = open('{tmp_path}/kept', 'w')
{owner}.kept.write('words')
module.exit_json()
"""
    payload = module_of(tmp_path, "keeping", body)

    found = []
    for run in (warm.stock, warm.warm):
        assert run(payload).rc == 0
        found.append((tmp_path / "kept").read_text())

    assert found == ["words", "words"]


def test_a_module_that_is_no_ansible_module_at_all(warm: Warm) -> None:
    for program in (
        b"print('plain')\n",
        b"this is no python\n",
        b"import sys\nprint(__name__, sorted(globals()), sys.argv, __file__ if '__file__' in globals() else None)",
        b"def f():\n    raise ValueError('deep')\nf()\n",
        b"x: int = 3\nprint(__annotations__)\n",
        b"import sys; sys.path.pop(0)\nimport __main__; print(__main__.__doc__)",
        b"'doc'\nprint(__doc__)",
    ):
        assert warm.warm(program).words == warm.stock(program).words


def test_a_program_in_another_coding_is_left_to_stock_python(warm: Warm) -> None:
    warm.make_ready()
    for line in (b"# -*- coding: latin-1 -*-\n", b"\n# vim: coding=utf-8\n", b""):
        program = line + b"print('\xfc')\n"

        outcome, was_stock = warm.either(program)

        assert was_stock
        assert outcome.rc == warm.stock(program).rc


def test_two_modules_at_once_do_not_meet(warm: Warm, tmp_path: Path) -> None:
    payloads = [
        module_of(tmp_path, f"one{n}", f"import os; module.exit_json(n={n}, pid=os.getpid())")
        for n in range(2)
    ]
    warm.make_ready()
    results: dict[int, Any] = {}

    def work(number: int) -> None:
        results[number] = [warm.warm(payloads[number]).result["n"] for _ in range(10)]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == {0: [0] * 10, 1: [1] * 10}


def test_a_module_that_leaves_a_daemon(warm: Warm, tmp_path: Path) -> None:
    word = f"600.{os.getpid() % 1000}1"
    body = f"""
import subprocess
child = subprocess.Popen(['sleep', '{word}'], start_new_session=True, stdin=-3, stdout=-3, stderr=-3)
module.exit_json(pid=child.pid)
"""
    payload = module_of(tmp_path, "leaving_daemon", body)

    ours = warm.warm(payload)

    daemon = ours.result["pid"]
    assert Path(f"/proc/{daemon}").exists()
    os.kill(daemon, 9)


def test_a_daemon_that_holds_the_outputs_is_waited_for(warm: Warm, tmp_path: Path) -> None:
    body = "import os, time\nif os.fork() == 0:\n    time.sleep(0.5); os.write(1, b'late'); os._exit(0)\nmodule.exit_json()"
    payload = module_of(tmp_path, "holding", body)

    assert warm.warm(payload).words == warm.stock(payload).words


def test_other_pythons_serve_the_same(warm: Warm) -> None:
    pythons = [
        str(path.resolve())
        for version in ("3.9", "3.10", "3.12", "3.13")
        for path in sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
    ]
    payload = payload_of("command", {"_raw_params": "true", "_uses_shell": False})
    for python in pythons:
        stock, ours = (r(payload, python=python) for r in (warm.stock, warm.warm))
        assert (ours.rc, ours.result, ours.error) == (stock.rc, stock.result, stock.error), python
    assert PYTHON not in pythons
    assert subprocess.run([PYTHON, "-V"], check=True, capture_output=True).stdout
