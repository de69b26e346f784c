"""A module run by a module server gives what stock Ansible gives."""

# ruff: noqa: ANN401, E501 - results are any JSON; a program reads best on its own lines

import json
import os
import signal
import stat
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.execution.warm_modules.serving import PYTHON, Warm, payload_of

pytestmark = pytest.mark.parts

MODULE = """
from ansible.module_utils.basic import AnsibleModule
{imports}
def main():
    module = AnsibleModule(argument_spec=dict(a=dict(type='str', default='')), supports_check_mode=True)
{body}
main()
"""


def module_of(folder: Path, name: str, body: str, imports: str = "") -> bytes:
    """Return the payload of a project's own module."""
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    path = folder / f"{name}.py"
    path.write_text(MODULE.format(imports=imports, body=indented), encoding="utf-8")
    return payload_of(name, {"a": "ü✓"}, path=path)


def same(warm: Warm, payload: bytes) -> Any:
    """Execute both ways, compare everything, and return the result."""
    stock, ours = warm.stock(payload), warm.warm(payload)
    assert ours.rc == stock.rc
    assert ours.words[2] == stock.words[2]
    assert ours.result == stock.result
    return ours.result


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
    ],
)
def test_a_module_that_ends_in_its_own_way(warm: Warm, tmp_path: Path, body: str) -> None:
    payload = module_of(tmp_path, "ending", body)

    stock, ours = warm.stock(payload), warm.warm(payload)

    assert ours.words == stock.words


def test_what_a_module_finds_out_about_its_process(warm: Warm, tmp_path: Path) -> None:
    body = """
import sys, os, signal, resource, locale, threading, gc, time
main = sys.modules['__main__']
found = dict(
    argv=sys.argv, flags=str(sys.flags), executable=sys.executable, prefix=sys.prefix,
    path=[p for p in sys.path if 'payload' not in p], first='payload' in sys.path[0],
    orig=getattr(sys, 'orig_argv', None), main=sorted(k for k in vars(main) if k != 'found'),
    env=dict(os.environ), cwd=os.getcwd(), umask=os.umask(0), nice=os.nice(0),
    signals=[(int(s), str(signal.getsignal(s))) for s in signal.valid_signals() if str(signal.getsignal(s)).find(' at ') < 0],
    blocked=[int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
    fds=sorted(os.listdir('/proc/self/fd'))[:-1], threads=threading.active_count(),
    limits=[resource.getrlimit(n) for n in range(16)], ids=[os.getresuid(), os.getresgid(), os.getgroups()],
    locale=locale.setlocale(locale.LC_ALL, None), codings=[sys.getfilesystemencoding(), sys.stdout.encoding, sys.stdin.errors, sys.stderr.errors],
    bytecode=sys.dont_write_bytecode, recursion=sys.getrecursionlimit(), gc=(gc.isenabled(), gc.get_threshold()),
    tty=os.isatty(0), leader=os.getsid(0) == os.getpid(), zone=time.tzname, hooks=[sys.excepthook is sys.__excepthook__],
    cmdline=open('/proc/self/cmdline').read(), name=open('/proc/self/comm').read(), dumpable=os.stat('/proc/self/environ').st_uid,
    file=main.__dict__.get('__file__', '').rpartition('payload.zip')[2], loader=str(type(main.__loader__).__name__), package=main.__package__,
)
import ansible, ansible.module_utils.common.text.converters as c, ansible.module_utils.six as six, ansible.module_utils.common as p
found['modules'] = sorted(m for m in sys.modules if m.split('.')[0].startswith(('ansible', '_jobnet')))
for m in (ansible, c, six, p):
    found[m.__name__] = [sorted(vars(m)), m.__file__.rpartition('payload.zip')[2], type(m.__loader__).__name__, m.__spec__.has_location, str(m.__spec__.submodule_search_locations).rpartition('payload.zip')[2], m.__spec__.parent, c.to_text.__code__.co_filename.rpartition('payload.zip')[2]]
module.exit_json(found=found)
"""
    payload = module_of(tmp_path, "looking", body)
    stock, ours = (r.result["found"] for r in (warm.stock(payload), warm.warm(payload)))

    stock.pop("leader")
    ours.pop("leader")
    for name in stock:
        assert ours[name] == stock[name], name
    assert ours.keys() == stock.keys()


def test_what_a_worker_has_changed_reaches_the_module(
    warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = """
import os, signal, resource, time
module.exit_json(umask=os.umask(0), env=os.environ['ODD'], hup=str(signal.getsignal(1)), zone=time.tzname,
    core=resource.getrlimit(resource.RLIMIT_CORE))
"""
    payload = module_of(tmp_path, "inheriting", body)
    import resource  # noqa: PLC0415

    warm.make_ready()
    before = resource.getrlimit(resource.RLIMIT_CORE)
    monkeypatch.setenv("ODD", "grüße\udcff\n two")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    umask, hup = os.umask(0o137), signal.signal(signal.SIGHUP, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))
    try:
        result = same(warm, payload)
    finally:
        os.umask(umask)
        signal.signal(signal.SIGHUP, hup)
        resource.setrlimit(resource.RLIMIT_CORE, before)

    assert result["umask"] == 0o137
    assert result["zone"] == ["JST", "JST"]
    assert result["hup"] == "1"


def test_a_module_utils_that_hides_one_of_ansible_core(
    warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible.executor import module_common  # noqa: PLC0415

    utils = tmp_path / "module_utils"
    (utils / "common").mkdir(parents=True)
    (utils / "pycompat24.py").write_text("WHO = 'project'\n")
    (utils / "errors.py").write_text(
        "import ansible\n"
        + (Path(module_common._MODULE_UTILS_PATH) / "errors.py")
        .read_text()
        .replace("from __future__ import annotations", "")
        + "\nWHO = 'hidden'\n"
    )

    class Loader:
        def _get_paths(self, *, subdirs: bool) -> list[str]:
            return [str(utils)]

    monkeypatch.setattr(module_common, "module_utils_loader", Loader())
    payload = module_of(
        tmp_path,
        "hiding",
        "module.exit_json(who=[errors.WHO, pycompat24.WHO])",
        imports="from ansible.module_utils import errors, pycompat24",
    )

    assert same(warm, payload)["who"] == ["hidden", "project"]


def test_nothing_is_left_in_the_temporary_folder(
    warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    body = "import tempfile; global kept; kept = tempfile.NamedTemporaryFile(); module.exit_json(n=tempfile.gettempdir())"
    payload = module_of(tmp_path, "leaving", body)
    before = sorted(tmp_path.iterdir())

    result = same(warm, payload)

    assert result["n"] == str(tmp_path)
    assert sorted(tmp_path.iterdir()) == before


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
