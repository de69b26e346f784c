"""The state of Ansible's own processes: what a plugin can ask Python and the kernel for."""

# Programs that a test writes are no longer than what they ask for.
# ruff: noqa: E501

import pytest

from tests.execution.building import Project
from tests.execution.warm.differential import Both, Jobs, both

pytestmark = pytest.mark.parts

STATE = """
import ctypes, gc, json, locale, logging, multiprocessing, os, re, resource, signal, sys, tempfile
import threading, time, warnings
import ansible.constants as C
import ansible.utils.color, ansible.utils.vars
from ansible.utils.display import Display

def status():
    wanted = ('SigBlk', 'SigIgn', 'SigCgt', 'NoNewPrivs', 'Seccomp', 'Groups', 'Threads', 'Umask')
    lines = open('/proc/self/status').read().splitlines()
    return [line for line in lines if line.split(':')[0] in wanted]

def stream(value):
    if value.closed or not hasattr(value, 'buffer'):
        return [value.closed, type(value).__name__]
    return [value.encoding, value.errors, value.line_buffering, value.isatty(), value.fileno(),
            value.newlines, value.write_through, getattr(value.buffer.write, '__name__', ''),
            getattr(value.buffer, 'raw', None).__class__.__name__]

def descriptors():
    # A warm process may talk to the servers of its modules; cold ones have no such channel.
    found = []
    for name in os.listdir('/proc/self/fd'):
        try:
            target = os.readlink('/proc/self/fd/' + name)
        except OSError:
            continue
        if not (name == '3' and target.startswith('socket:')):
            found.append([int(name) < 3, re.sub('(?<=[#/:])[0-9]+|(?<=:.)[0-9]+', 'N', target)])
    return sorted(found)

def prctl(number):
    value = ctypes.c_int()
    ctypes.CDLL(None).prctl(number, ctypes.byref(value), 0, 0, 0)
    return value.value

def simple(value):
    if isinstance(value, dict):
        return {str(k): simple(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if isinstance(value, (list, tuple)):
        return [simple(v) for v in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else type(value).__name__

def state():
    display = Display()
    return {
        'status': status(), 'descriptors': descriptors(), 'umask': os.umask(os.umask(0)),
        'streams': [stream(s) for s in (sys.stdin, sys.stdout, sys.stderr)],
        'originals': [sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__],
        'signals': {str(s): str(simple(signal.getsignal(s))) for s in signal.valid_signals()},
        'limits': [resource.getrlimit(n) for n in range(15)],
        'environ': dict(os.environ),
        'locale': [locale.setlocale(locale.LC_ALL), time.tzname, time.timezone],
        'argv': sys.argv, 'executable': sys.executable, 'cwd': os.getcwd(),
        'path': sys.path, 'orig_argv': len(sys.orig_argv) > 1,
        'leads': [os.getpgrp() == os.getppid() or os.getpgrp() == os.getpid(), os.getsid(0) == os.getpgrp()],
        'foreground': os.tcgetpgrp(1) == os.getpgrp() if os.isatty(1) else None,
        'ids': [os.getuid(), os.geteuid(), os.getgid(), os.getgroups(), os.nice(0), sorted(os.sched_getaffinity(0))],
        'prctl': [prctl(2), prctl(37), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)],
        'comm': open('/proc/self/comm').read().strip(),
        'oom': open('/proc/self/oom_score_adj').read().strip(),
        'threads': [t.name for t in threading.enumerate()],
        'gc': [gc.isenabled(), gc.get_threshold()],
        'recursion': sys.getrecursionlimit(), 'switch': sys.getswitchinterval(),
        'flags': {k: getattr(sys.flags, k) for k in dir(sys.flags) if k != 'safe_path' and not k.startswith('_') and not callable(getattr(sys.flags, k))},
        'warnings': [[f[0], f[2].__name__, f[4]] for f in warnings.filters],
        'logging': [[type(h).__name__, h.level, len(h.filters)] for h in logging.root.handlers],
        'finders': [getattr(f, '__name__', type(f).__name__) for f in sys.meta_path],
        'hooks': len(sys.path_hooks), 'tmp': tempfile.gettempdir(),
        'start_method': multiprocessing.get_start_method(allow_none=True),
        'plugins': sorted(re.sub('_[0-9]{6,}$', '_N', n) for n in sys.modules if n.startswith('ansible.plugins.') and n.count('.') > 2 and 'doc_fragments' not in n),
        'constants': {k: simple(v) for k, v in vars(C).items() if k.isupper()},
        'display': {k: simple(v) for k, v in vars(display).items()},
        'color': ansible.utils.color.ANSIBLE_COLOR,
        'trace': [sys.gettrace() is None, sys.getprofile() is None],
        'hook': [sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__],
    }
"""
CALLBACK = (
    STATE
    + """
from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'state'
    def __init__(self):
        super().__init__()
        self.left_open = open(os.environ['STATE'] + '.left', 'w')
        self.left_open.write('still in the buffer')
    def v2_playbook_on_play_start(self, play):
        with open(os.environ['STATE'] + '.main', 'w') as file:
            json.dump(state(), file)
"""
)
LOOKUP = (
    STATE
    + """
from ansible.plugins.lookup import LookupBase
class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        with open(os.environ['STATE'] + '.worker', 'w') as file:
            json.dump(state(), file)
        try:
            import later
        except ImportError:
            return ['nothing']
        return [later.SAID]
"""
)
CONFIGURATION = """
[defaults]
inventory = hosts.ini
callbacks_enabled = state
log_path = log
forks = 3
[privilege_escalation]
become_user = nobody
"""
TASKS = """
- debug: {msg: "{{ lookup('state') }}"}
- command: sh -c 'ls -l /proc/self/fd | sed "s/.*-.//;s/[0-9]//g"; ulimit -a; grep Sig[BC] /proc/self/status'
- command: sed -n "s/SigIgn:.*\\(.......\\)$/\\1/p" /proc/self/status  # but glibc's own signals
"""


def jobs(project: Project) -> Jobs:
    project.file("ansible.cfg", CONFIGURATION)
    project.file("callback_plugins/state.py", CALLBACK)
    project.file("lookup_plugins/state.py", LOOKUP)
    first = {"STATE": f"{project.root}/first", "TZ": "Asia/Tokyo", "TERM": "vt100"}
    second = {"STATE": f"{project.root}/second", "ANSIBLE_VERBOSITY": "3", "LC_ALL": "C"}
    third = {"STATE": f"{project.root}/third", "NO_COLOR": "1", "TMPDIR": str(project.root)}
    fourth = {"STATE": f"{project.root}/fourth", "ANSIBLE_FORCE_COLOR": "1", "HOME": "/nowhere"}
    fifth = {"STATE": f"{project.root}/fifth", "PYTHONPATH": f"{project.root}/later"}
    for number, environment in enumerate((first, second, third, fourth, first, fifth)):
        yield project.play(TASKS, part=f"state{number}", environment=environment)
    project.file("later/later.py", "SAID = 'later'\n")
    yield project.play(TASKS, part="later", environment=fifth)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("process"), jobs)


@pytest.mark.parametrize("who", ["main", "worker"])
@pytest.mark.parametrize("name", ["first", "second", "third", "fourth", "fifth"])
def test_a_warm_process_is_in_the_state_of_a_cold_one(ran: Both, name: str, who: str) -> None:
    assert not (found := ran.different_files(f"{name}.{who}")), "\n".join(found)


def test_the_jobs_themselves_and_their_logs_are_the_same(ran: Both) -> None:
    for number in range(len(ran.cold.jobs)):
        ran.assert_same(number)
    assert not (found := ran.different_files("log")), "\n".join(found)


def test_what_a_plugin_left_in_a_buffer_is_written(ran: Both) -> None:
    assert "still in the buffer" in ran.warm.files()["first.left"]


def test_all_of_them_were_warm(ran: Both) -> None:
    ran.assert_all_warm()
