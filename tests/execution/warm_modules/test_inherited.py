"""A module finds the process, the paths and the modules that stock Python has."""

# ruff: noqa: E501 - a program reads best on its own lines

import os
import resource
import signal
from pathlib import Path

import pytest
from ansible.executor import module_common

from tests.execution.warm_modules.serving import Warm, module_of, same

pytestmark = pytest.mark.parts


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
