"""Loads what every job's Ansible loads, and nothing of a project.

No play is run here and no plugin is looked up, so nothing has to be undone in a fork: modules
of ansible-core are loaded from their files, and three functions remember what they gave:
the loading of stock plugins, the reading of their documentation and of routing tables, which
are most of what is left once the imports are done.
"""

# Ansible is imported inside functions: only the server process may load it.
# ruff: noqa: PLC0415, SLF001
# mypy: disable-error-code="import-untyped"

import functools
import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from ansible_runner.utils import get_callback_dir

from jobnet.execution.aside import computed_aside
from jobnet.execution.warm.compiled import callbacks_of_jobs, documentation, remember_code
from jobnet.execution.warm.renewal import remember_temporary_folder
from jobnet.execution.warm.stock_plugins import forget_modules, registered, remember_plugins
from jobnet.execution.warm_modules.payloads import preload_payloads
from jobnet.execution.warm_modules.shell_environment import learn_shell

_PLUGINS: Final = {
    "action": "add_host assemble assert command copy debug fail gather_facts group_by include_vars "
    "normal package pause raw script service set_fact set_stats shell template uri "
    "validate_argument_spec wait_for_connection",
    "become": "runas su sudo",
    "cache": "jsonfile memory",
    "callback": "default junit minimal oneline tree",
    "connection": "_paramiko_ssh local paramiko_ssh psrp ssh winrm",
    "filter": "core encryption mathstuff urls urlsplit",
    "inventory": "advanced_host_list auto constructed generator host_list ini script toml yaml",
    "lookup": "config dict env file fileglob first_found indexed_items items lines list nested "
    "password pipe random_choice sequence subelements template together unvault url varnames vars",
    "shell": "cmd powershell sh",
    "strategy": "debug free host_pinned linear",
    "test": "core files mathstuff uri",
    "vars": "host_group_vars",
}
_NEEDED_LATER: Final = (
    "ansible.executor.module_common",
    "ansible.executor.playbook_executor",
    "ansible.executor.process.worker",
    "ansible.executor.task_queue_manager",
    "ansible.inventory.manager",
    "ansible.module_utils._internal._json._profiles._module_legacy_c2m",
    "ansible.module_utils._internal._json._profiles._module_legacy_m2c",
    "ansible.parsing.splitter",
    "ansible.modules",
    "ansible.playbook",
    "ansible.playbook.handler_task_include",
    "ansible.playbook.role.include",
    "ansible.template",
    "ansible.vars.manager",
    "ansible.vars.plugins",
    "jinja2.ext",
    "multiprocessing.popen_fork",
    "multiprocessing.queues",
    "multiprocessing.synchronize",
)
_DOCUMENTED: Final = (
    "become",
    "cache",
    "callback",
    "connection",
    "inventory",
    "lookup",
    "shell",
    "vars",
)

_Definitions = dict[str, Any]


def environment_of_runner(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with the variables that ansible-runner adds and Ansible takes once."""
    added = {
        "ANSIBLE_CALLBACK_PLUGINS": ":".join(
            filter(None, (environment.get("ANSIBLE_CALLBACK_PLUGINS"), get_callback_dir()))
        ),
        "ANSIBLE_STDOUT_CALLBACK": "awx_display",
        "RUNNER_OMIT_EVENTS": "False",
        "RUNNER_ONLY_FAILED_EVENTS": "False",
    }
    return {**environment, **added}


def ansible_folder() -> Path:
    """Return the folder in which the package ``ansible`` lies."""
    spec = find_spec("ansible")
    assert spec is not None, "only our own Ansible is kept warm"
    assert spec.origin is not None, "a package that is a file has a place"
    return Path(spec.origin).parent.parent


def preload() -> None:
    """Import Ansible as the environment of this process configures it."""
    import ansible
    import ansible.cli.playbook  # first: it judges the locale and reads the configuration

    home = Path(ansible.__file__).parent
    for name in _NEEDED_LATER:
        with suppress(ModuleNotFoundError):  # another release of ansible-core has others
            importlib.import_module(name)
    import jobnet.execution.warm_modules.installing  # noqa: F401 - each job's Ansible needs it

    learn_shell()  # three programs are started for that, here once and not in each job
    plugins = _plugins_of(home)
    before = registered()
    _remember_routing(home)
    _remember_documentation(home, plugins)
    _remember_signatures()
    remember_temporary_folder()
    preload_payloads()
    forget_modules(before)
    remember_plugins(plugins, home)
    compiled = (home / "plugins" / k / f"{n}.py" for k in plugins for n in plugins[k].split())
    remember_code([*compiled, *callbacks_of_jobs()])


def _plugins_of(home: Path) -> dict[str, str]:
    """Return which of the plugins this release of ansible-core has."""
    return {
        kind: " ".join(n for n in names.split() if (home / "plugins" / kind / f"{n}.py").is_file())
        for kind, names in _PLUGINS.items()
    }


def _remember_routing(home: Path) -> None:
    """Read the routing table of ansible.builtin once; it is 4,000 lines of YAML."""
    from ansible.utils.collection_loader import _collection_finder as finder

    stock = finder._meta_yml_to_dict
    path = home / "config" / "ansible_builtin_runtime.yml"
    table = computed_aside(lambda: stock(path.read_bytes(), str(path)))
    known: dict[bytes | str, Any] = dict.fromkeys(
        (path.read_bytes(), path.read_text(encoding="utf-8")), table
    )

    def remembering(content: bytes | str, content_id: object) -> Any:  # noqa: ANN401
        found = known.get(content)
        return stock(content, content_id) if found is None else found

    finder._meta_yml_to_dict = remembering


def _remember_documentation(home: Path, plugins: Mapping[str, str]) -> None:
    """Read the options of ansible-core's own plugins once, each by the stock function.

    A plugin of a project that has the same name has another path, and is read as always. With
    documentation fragments of a project in reach nothing is remembered: they may take
    the place of stock ones.
    """
    import ansible.constants
    from ansible.plugins import loader

    config = ansible.constants.config
    if _has_fragments_of_others(loader.fragment_loader):
        return
    stock: Callable[..., None] = loader.PluginLoader._load_config_defs
    known: dict[tuple[str, str, str], tuple[str, _Definitions | None]] = {}

    def remembering(self: Any, name: str, module: Any, path: str) -> None:  # noqa: ANN401
        kind = loader.get_plugin_class(self.class_name) if self.class_name else ""
        text, definitions = known.get((kind, name, path), (None, None))
        if (
            text is None
            or text != getattr(module, "DOCUMENTATION", "")
            or config.has_configuration_definition(kind, name)
            or _has_fragments_of_others(loader.fragment_loader)
        ):
            stock(self, name, module, path)
        elif definitions is not None:
            config.initialize_plugin_configuration_definitions(kind, name, definitions)

    for kind, name, path, module in _documented(home, plugins):
        stock(getattr(loader, f"{kind}_loader"), name, module, path)
        definitions = config._plugins.get(kind, {}).get(name)
        known[kind, name, path] = (getattr(module, "DOCUMENTATION", ""), definitions)
    config._plugins.clear()
    _forget_search(loader, loader.fragment_loader)
    loader.PluginLoader._load_config_defs = remembering


def _documented(home: Path, plugins: Mapping[str, str]) -> Iterator[tuple[str, str, str, object]]:
    """Yield (kind, name, path, what has its documentation) of each plugin to be remembered."""
    for kind in _DOCUMENTED:
        for name in plugins[kind].split():
            module = importlib.import_module(f"ansible.plugins.{kind}.{name}")
            yield kind, name, str(home / "plugins" / kind / f"{name}.py"), module
    for path in callbacks_of_jobs():
        yield "callback", path.stem, str(path), SimpleNamespace(DOCUMENTATION=documentation(path))


def _remember_signatures() -> None:
    """Ask once which arguments each kind of command line option takes, and not for each option."""
    from ansible.cli.arguments import option_helpers

    option_helpers.inspect = SimpleNamespace(signature=functools.cache(inspect.signature))


def _has_fragments_of_others(fragment_loader: Any) -> bool:  # noqa: ANN401
    """Tell whether documentation may be taken from elsewhere than ansible-core."""
    folders = [*fragment_loader._extra_dirs, *fragment_loader.config]
    return any(Path(folder).expanduser().exists() for folder in folders)


def _forget_search(loader: Any, of_kind: Any) -> None:  # noqa: ANN401
    """Let a plugin loader look into all folders anew."""
    of_kind._paths = loader.PATH_CACHE[of_kind.class_name] = None
    of_kind._module_cache.clear()
    of_kind._plugin_path_cache.clear()
    of_kind._searched_paths.clear()
