"""What Ansible takes from its surroundings when it is imported: known, version by version.

A warm server imports Ansible once for many jobs. So each such thing is either the same for all
jobs of a server (``fingerprint``) or taken anew in each job (``renewal``). A version of
ansible-core that takes more fails here until somebody has looked at it.
"""

# Programs that a test writes are no longer than what they ask for.
# ruff: noqa: E501

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ansible.release import __version__ as core_version
from jobnet.execution.warm.fingerprint import server_environment

from tests.execution.warm.import_state import taken_at_import

pytestmark = pytest.mark.parts

WHAT_TO_DO = (
    "ansible-core {version} takes this from its surroundings while it is imported, and nobody has "
    "looked at it yet. Is it the same for all jobs of a warm server? Then its variable belongs "
    "into _TAKEN_ONCE (warm/fingerprint.py). Is it different for each job? Then take it anew in "
    "warm/renewal.py. Add it here, with the reason, in either case:\n{found}"
)
# Module -> why its state is right in a warm job.
REVIEWED = {
    "ansible._vendor": "sys.path: a folder of ansible-core's own, which exists or not",
    "ansible.cli": "locale, blocking streams: LC_* in the fingerprint, set again by renewal",
    "ansible.module_utils.compat.paramiko": "filters of warnings inside of catch_warnings",
    "ansible.module_utils.distro": "UNIXCONFDIR, UNIXUSRLIBDIR are in the fingerprint",
    "ansible.module_utils.distro._distro": "UNIXCONFDIR, UNIXUSRLIBDIR are in the fingerprint",
    "ansible.module_utils.facts.system.service_mgr": "platform: the machine's",
    "ansible.parsing.vault": "filters of warnings inside of catch_warnings",
    "ansible.utils.color": "isatty: reloaded by renewal",
    "ansible.utils.display": "streams, log file: made anew by renewal; USER in the fingerprint",
    "ansible.utils.encrypt": "filters of warnings inside of catch_warnings",
    "ansible.utils.vars": "random numbers: drawn anew by renewal; getnode: the machine's",
}
# Variables that are read while Ansible is loaded and need not be the same for a server's jobs.
READ_IN_VAIN = {
    "_PYTHON_PROJECT_BASE": "only set while Python itself is built",
    "TZ": "tzset in each job",
    "TERM": "asked for again when colours are",
    "COLUMNS": "argparse asks for each parser",
    "LINES": "argparse asks for each parser",
    "TMPDIR": "tempfile.tempdir is forgotten in each job",
}

LOAD = """
import json, os, sys

class Recorder:
    names = set()
stock = os._Environ.__getitem__
def recording(self, name):
    Recorder.names.add(name)
    return stock(self, name)
os._Environ.__getitem__ = recording
os._Environ.__contains__ = lambda self, name: Recorder.names.add(name) or name in list(self)

from jobnet.execution.warm import stock_plugins
from jobnet.execution.warm.preload import preload
preload()
os._Environ.__getitem__ = stock
modules = [*sys.modules.values(), *stock_plugins._known.values()]
files = {m.__name__: m.__file__ for m in modules if getattr(m, '__file__', None)}
print(json.dumps([files, sorted(map(str, Recorder.names))]))
"""

STATE = """
import json, sys
import ansible.cli.playbook
from jobnet.execution.warm import preload
import importlib
for name in preload._NEEDED_LATER:
    importlib.import_module(name)
if sys.argv[1] == 'warm':
    preload.preload()
import ansible.plugins.loader as loader

def simple(value, depth=0):
    if isinstance(value, dict):
        return sorted(f'{simple(k)}: {simple(v, depth + 1)}' for k, v in value.items()) if depth < 3 else len(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(str(simple(v, depth + 1)) for v in value) if depth < 3 else len(value)
    return repr(value) if isinstance(value, (str, bytes, int, float, bool, type(None))) else type(value).__name__

state = {}
for name, module in sorted(sys.modules.items()):
    if name.split('.')[0] == 'ansible' and not name.startswith('ansible.module_utils'):
        for key, value in vars(module).items():
            if not key.startswith('__') and isinstance(value, (dict, list, set, str, int, float, bool, type(None))):
                state[f'{name}.{key}'] = simple(value)
for key, value in vars(loader).items():
    if isinstance(value, loader.PluginLoader):
        state[f'loader {key}'] = simple(vars(value))
state['configuration'] = simple({k: v for k, v in vars(ansible.constants.config).items() if k != '_parsers'})
state['registered'] = sorted(n for n in sys.modules if n.startswith('ansible.plugins.') and n.count('.') > 2)
state['display'] = simple(vars(ansible.cli.display))
print(json.dumps(state))
"""


# What loading leaves behind, beside modules, and why that is no state of a job.
KEPT = {
    "ansible._internal._templating._lazy_containers._KNOWN_TYPES": "types of loaded plugins",
    "ansible.constants.DEFAULT_LOCAL_TMP": "made anew by renewal",
    "ansible.plugins.loader._PLUGIN_FILTERS": "an empty list that was looked up",
    "ansible.utils.vars.random_int": "drawn anew by renewal",
    "loader fragment_loader": "where ansible-core's own folder is",
}


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-P", "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def loaded() -> tuple[dict[str, str], list[str]]:
    files, names = json.loads(run(LOAD))
    return files, names


def test_what_ansible_takes_when_it_is_imported_was_looked_at(
    loaded: tuple[dict[str, str], list[str]],
) -> None:
    files, _ = loaded

    taken = {
        name: taken_at_import(Path(file))
        for name, file in files.items()
        if name.split(".")[0] in {"ansible", "ansible_collections"} and file.endswith(".py")
    }

    new = {name: sorted(found) for name, found in taken.items() if found and name not in REVIEWED}
    text = "\n".join(f"  {name}: {', '.join(found)}" for name, found in sorted(new.items()))
    assert len(taken) > 200, "the server loads most of ansible-core"
    assert not new, WHAT_TO_DO.format(version=core_version, found=text)


def test_variables_that_are_read_while_ansible_is_loaded_are_in_the_fingerprint(
    loaded: tuple[dict[str, str], list[str]],
) -> None:
    _, names = loaded

    left = [n for n in names if n not in server_environment({n: ""}) and n not in READ_IN_VAIN]

    assert "ANSIBLE_CONFIG" in names
    assert not left, WHAT_TO_DO.format(version=core_version, found="\n".join(left))


def test_loading_leaves_the_state_of_a_process_that_has_only_imported_ansible() -> None:
    cold, warm = (json.loads(run(STATE, kind)) for kind in ("cold", "warm"))

    different = {key: (cold[key], warm[key]) for key in cold if cold[key] != warm[key]}
    assert not different.keys() - KEPT.keys(), different


def test_the_scanner_sees_what_runs_at_import_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(
        "import os, time\nfrom getpass import getuser as who\n"
        "START = time.time()\n"
        "def later():\n    return os.getpid()\n"
        "def now():\n    return os.umask(0)\n"
        "class Kept:\n    home = os.environ['HOME']\n    def run(self, name=who()):\n"
        "        return os.getcwd()\n"
        "now()\n"
    )

    found = taken_at_import(path)

    assert {"time.time", "os.umask", "os.environ", "getpass.getuser"} <= found
    assert not {"os.getpid", "os.getcwd"} & found
