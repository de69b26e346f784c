"""Plugins of projects: of the same names at once, in the place of stock ones, and changed."""

import pytest

from tests.execution.building import PYTHON, Project
from tests.execution.warm.differential import Both, Jobs, both

pytestmark = pytest.mark.parts

FILTER = "class FilterModule:\n    def filters(self):\n        return {'who': lambda v: 'SAID'}\n"
LOOKUP = """
from ansible.plugins.lookup import LookupBase
class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return ['SAID']
"""
CALLBACK = """
from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'who'
    def v2_playbook_on_stats(self, stats):
        self._display.display('callback SAID')
"""
ACTION = """
from ansible.plugins.action import ActionBase
class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        return {'changed': False, 'msg': 'action SAID'}
"""
MODULE_UTILS = "WHO = 'module_utils SAID'\n"
MODULE = """
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.who_utils import WHO
def main():
    AnsibleModule(argument_spec={}).exit_json(msg=WHO + ' module SAID')
main()
"""
VARS = """
from ansible.plugins.vars import BaseVarsPlugin
class VarsModule(BaseVarsPlugin):
    REQUIRES_ENABLED = False
    def get_vars(self, loader, path, entities):
        return {'from_vars': 'vars SAID'}
"""
INVENTORY = """
DOCUMENTATION = '''
    name: who
    short_description: who
    options: {}
'''
from ansible.plugins.inventory import BaseInventoryPlugin
class InventoryModule(BaseInventoryPlugin):
    NAME = 'who'
    def verify_file(self, path):
        return path.endswith('who.inv')
    def parse(self, inventory, loader, path, cache=True):
        inventory.add_host('h3')
        inventory.set_variable('h3', 'ansible_connection', 'local')
        inventory.set_variable('h3', 'ansible_python_interpreter', 'PYTHON')
        inventory.set_variable('h3', 'from_inventory', 'inventory SAID')
"""
TEST = "class TestModule:\n    def tests(self):\n        return {'mine': lambda v: v == 'SAID'}\n"
STRATEGY = """
from ansible.plugins.strategy.linear import StrategyModule as Linear
class StrategyModule(Linear):
    def run(self, iterator, play_context):
        from ansible.utils.display import Display
        Display().display('strategy SAID')
        return super().run(iterator, play_context)
"""
TASKS = """
- debug: {msg: "{{ 1 | who }} {{ lookup('who') }} {{ from_vars }} {{ 'SAID' is mine }}"}
- who:
- who_module:
- debug: {msg: "{{ 1 | mine.own.who }} {{ lookup('mine.own.who') }}"}
- mine.own.who:
- mine.own.who_module:
"""
# The stock plugins that a project may put its own in the place of.
STOCK_CONNECTION = """
DOCUMENTATION = '''
    name: local
    short_description: mine
    options:
        mark:
            description: what is said
            default: the mark
            vars: [{name: the_mark}]
'''
import subprocess
from ansible.plugins.connection import ConnectionBase
import shutil
class Connection(ConnectionBase):
    transport = 'local'
    has_pipelining = False
    def _connect(self):
        return self
    def exec_command(self, cmd, in_data=None, sudoable=True):
        self._display.display('connection ' + self.get_option('mark'))
        done = subprocess.run(cmd, shell=True, capture_output=True)
        return done.returncode, done.stdout, done.stderr
    def put_file(self, in_path, out_path):
        shutil.copyfile(in_path, out_path)
    def fetch_file(self, in_path, out_path):
        shutil.copyfile(in_path, out_path)
    def close(self):
        pass
"""
STOCK_BECOME = """
DOCUMENTATION = '''
    name: sudo
    short_description: mine
    options:
        become_user: {description: x, default: nobody}
        become_exe: {description: x, default: env, vars: [{name: my_exe}]}
        become_flags: {description: x, default: ''}
        become_pass: {description: x, vars: [{name: my_pass}]}
'''
from ansible.plugins.become import BecomeBase
class BecomeModule(BecomeBase):
    name = 'sudo'
    def build_become_command(self, cmd, shell):
        super().build_become_command(cmd, shell)
        return 'BECAME=%s %s' % (self.get_option('become_user'), cmd)
"""
STOCK_ACTION = """
from ansible.plugins.action import ActionBase
class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        return {'changed': True, 'msg': 'my own debug'}
"""
STOCK_CALLBACK = """
DOCUMENTATION = '''
    name: default
    type: stdout
    short_description: mine
    options: {}
'''
from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'default'
    def v2_runner_on_ok(self, result):
        self._display.display('my own default')
"""
STOCK_SHELL = """
DOCUMENTATION = '''
    name: sh
    short_description: mine
    options: {}
    extends_documentation_fragment: [shell_common]
'''
from ansible.plugins.shell import ShellBase
class ShellModule(ShellBase):
    COMPATIBLE_SHELLS = frozenset(('sh',))
    SHELL_FAMILY = 'sh'
    _SHELL_REDIRECT_ALLNULL = '> /dev/null 2>&1'
    _SHELL_AND = '&&'
    _SHELL_OR = '||'
    _SHELL_SUB_LEFT = '"`'
    _SHELL_SUB_RIGHT = '`"'
    _SHELL_GROUP_LEFT = '('
    _SHELL_GROUP_RIGHT = ')'
    ECHO = 'echo'
    def env_prefix(self, **kwargs):
        return 'MY_SHELL=1 ' + super().env_prefix(**kwargs)
"""
# Stock connections take things from the stock one of this name.
STOCK_POWERSHELL = STOCK_SHELL.replace("sh',)", "powershell',)").replace("'sh'", "'powershell'")
STOCK_FILTER = """
class FilterModule:
    def filters(self):
        return {'basename': lambda v: 'my own basename', 'quite': lambda v: 'quite'}
"""
STOCK_FRAGMENT = """
class ModuleDocFragment:
    DOCUMENTATION = '''
options:
    remote_tmp:
        description: mine
        default: "{{ ANSIBLE_HOME ~ '/my_own_tmp' }}"
    system_tmpdirs: {description: x, type: list, default: [/tmp]}
    async_dir: {description: x, default: ~/.ansible_async}
    admin_users: {description: x, type: list, default: [root]}
    world_readable_temp: {description: x, type: boolean, default: false}
    environment: {description: x, type: list, elements: dictionary, default: [{}]}
'''
"""
STOCK_VARS = VARS.replace("from_vars", "from_my_vars")
SHADOWS = {
    "connection_plugins/local.py": STOCK_CONNECTION,
    "action_plugins/debug.py": STOCK_ACTION,
    "shell_plugins/sh.py": STOCK_SHELL,
    "shell_plugins/powershell.py": STOCK_POWERSHELL,
    "filter_plugins/core.py": STOCK_FILTER,
    "lookup_plugins/file.py": LOOKUP.replace("SAID", "my own file"),
    "lookup_plugins/items.py": LOOKUP.replace("SAID", "my own items"),
    "callback_plugins/default.py": STOCK_CALLBACK,
    "become_plugins/sudo.py": STOCK_BECOME,
    "vars_plugins/host_group_vars.py": STOCK_VARS.replace("SAID", "my own"),
    "library/ping.py": MODULE.replace("who_utils", "parameters").replace("WHO", "'x'"),
}
SHADOWED = """
- debug: {msg: "{{ '/a/b' | basename }} {{ 1 | quite | default('') }}"}
- command: sh -c 'echo $MY_SHELL'
  vars: {the_mark: of the task}
- raw: echo $MY_SHELL
  vars: {ansible_shell_type: powershell}
  ignore_errors: true
- command: echo {{ lookup('file', '/etc/hostname') }} {{ from_my_vars | default('none') }}
- command: echo {{ item }}
  with_items: [1, 2]
- shell: echo $BECAME
  become: true
"""


def paths_of(kinds: str) -> str:
    lines = [f"{kind}_plugins = {kind}_plugins" for kind in kinds.split()]
    return "\n".join(["[defaults]", "inventory = hosts.ini, who.inv", *lines, ""])


def with_plugins(project: Project, folder: str, said: str) -> Project:
    """Give a project of its own below ``folder`` whose plugins say ``said``."""
    root = project.root / folder
    root.mkdir()
    inner = Project(root=root, spool_root=project.spool_root)
    inner.file("ansible.cfg", paths_of("action vars") + MORE_CONFIGURATION)
    inner.file("hosts.ini", project.root.joinpath("hosts.ini").read_text())
    inner.file("who.inv", "")
    plugins = {
        "filter_plugins/who.py": FILTER,
        "lookup_plugins/who.py": LOOKUP,
        "callback_plugins/who.py": CALLBACK,
        "action_plugins/who.py": ACTION,
        "module_utils/who_utils.py": MODULE_UTILS,
        "library/who.py": MODULE,
        "library/who_module.py": MODULE,
        "vars_plugins/who.py": VARS,
        "inventory_plugins/who.py": INVENTORY.replace("PYTHON", PYTHON),
        "test_plugins/who.py": TEST,
        "strategy_plugins/who.py": STRATEGY,
    }
    for name, text in plugins.items():
        inner.file(name, text.replace("SAID", said))
    collection = "collections/ansible_collections/mine/own"
    module = MODULE.replace(
        "ansible.module_utils.", "ansible_collections.mine.own.plugins.module_utils."
    )
    in_collection = {
        "filter/who.py": FILTER,
        "lookup/who.py": LOOKUP,
        "action/who.py": ACTION,
        "modules/who.py": module,
        "modules/who_module.py": module,
        "module_utils/who_utils.py": MODULE_UTILS,
    }
    for name, stock_text in in_collection.items():
        text = stock_text.replace("SAID", f"{said} of the collection")
        inner.file(f"{collection}/plugins/{name}", text)
    inner.file(f"{collection}/galaxy.yml", "namespace: mine\nname: own\nversion: 1.0.0\n")
    return inner


MORE_CONFIGURATION = """
inventory_plugins = inventory_plugins
strategy_plugins = strategy_plugins
callback_plugins = callback_plugins
callbacks_enabled = who
collections_path = collections
library = library
module_utils = module_utils
forks = 1
[inventory]
enable_plugins = who, ini
"""


def jobs(project: Project) -> Jobs:
    first, second = (with_plugins(project, name, name) for name in ("first", "second"))
    for number, inner in enumerate((first, second, first)):
        more = "strategy: who\n" if number < 2 else ""
        order = inner.play(TASKS, hosts="h1:h3", more=more, part=f"{inner.root.name}{number}")
        yield order
    for name in ("filter_plugins/who.py", "library/who_module.py", "module_utils/who_utils.py"):
        text = first.root.joinpath(name).read_text()
        first.file(name, text.replace("first", "changed"))
    yield first.play(TASKS, hosts="h3", part="changed")
    configuration = first.root.joinpath("ansible.cfg").read_text()
    first.file("ansible.cfg", configuration.replace("callbacks_enabled = who\n", ""))
    yield first.play("- debug: {msg: '{{ from_inventory }}'}", hosts="h3", part="configured")
    yield project.play(SHADOWED, part="unshadowed")
    for name, text in SHADOWS.items():
        project.file(name, text)
    project.file("doc_fragments/shell_common.py", STOCK_FRAGMENT)
    project.file(
        "ansible.cfg",
        paths_of("connection shell become vars callback filter lookup action"),
    )
    yield project.play(SHADOWED, part="shadowed")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("plugins"), jobs)


def test_plugins_of_projects_are_the_same_cold_and_warm(ran: Both) -> None:
    ran.assert_all_same()


def test_all_jobs_with_plugins_were_warm(ran: Both) -> None:
    ran.assert_all_warm()
