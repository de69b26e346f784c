"""Keeps ansible-core's own plugins loaded without standing in the way of a project's.

Ansible registers a plugin by its name, wherever it comes from: a project's ``connection_plugins/
local.py`` becomes the very module that the stock ``local`` would be. So what was loaded here
is taken off the register again, and put back when Ansible asks for that very file.
"""

# Ansible is imported inside functions: only the server process may load it.
# ruff: noqa: PLC0415, SLF001
# mypy: disable-error-code="import-untyped"

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_PLUGIN_NAME_PARTS: Final = 4
_NAMED_BY_PATH: Final = ("filter", "test")

Load = Callable[..., ModuleType]

_known: dict[tuple[str, str], ModuleType] = {}


def remember_plugins(plugins: Mapping[str, str], home: Path) -> None:
    """Load the plugins, ``{kind: names}``, so that the loader gets each when it asks for its file.

    Plugins that use one another are left to it: which one they get depends on the project.
    """
    from ansible.plugins import loader

    before = registered()
    stock: Load = loader.PluginLoader._load_module_source
    for kind, names in plugins.items():
        loader_of_kind = getattr(loader, f"{kind}_loader")
        for name in names.split():
            path = str(home / "plugins" / kind / f"{name}.py")
            for module_name in _module_names(kind, name, path):
                if module_name in before:
                    continue
                with suppress(ImportError):  # one that asks for its package needs a play around it
                    _known[module_name, path] = stock(
                        loader_of_kind, python_module_name=module_name, path=path
                    )
    passing = registered() - before
    for key in [key for key, module in _known.items() if _uses(module, passing)]:
        del _known[key]
    forget_modules(before)

    def remembering(self: Any, *, python_module_name: str, path: str) -> ModuleType:  # noqa: ANN401
        module = _known.get((python_module_name, path))
        if module is None or python_module_name in sys.modules:
            return stock(self, python_module_name=python_module_name, path=path)
        sys.modules[python_module_name] = module
        return module

    loader.PluginLoader._load_module_source = remembering


def remembered(kind: str, name: str) -> list[ModuleType]:
    """Return what the loader gets for a stock plugin; importing it would register it."""
    names = _module_names(kind, name, "")
    return [module for (module_name, _), module in _known.items() if module_name in names]


def registered() -> frozenset[str]:
    """Return the names of the plugins' modules that are registered now."""
    return frozenset(
        name
        for name in sys.modules
        if name.startswith("ansible_collections.")
        or (name.startswith("ansible.plugins.") and name.count(".") + 1 >= _PLUGIN_NAME_PARTS)
    )


def forget_modules(before: frozenset[str]) -> None:
    """Take every plugin off the register that was not on it ``before``."""
    for name in registered() - before:
        module = sys.modules.pop(name)
        package, _, leaf = name.rpartition(".")
        parent = sys.modules.get(package)
        if getattr(parent, leaf, None) is module:
            delattr(parent, leaf)


def _module_names(kind: str, name: str, path: str) -> list[str]:
    """Return what Ansible calls the module of a plugin, asked for by its short and full name."""
    short = f"ansible.plugins.{kind}.{name}"
    if kind in _NAMED_BY_PATH:
        return [f"{short}_{abs(hash(path))}"]
    return [short, f"ansible_collections.ansible.builtin.plugins.{kind}.{name}"]


def _uses(module: ModuleType, names: frozenset[str]) -> bool:
    """Tell whether a module took anything from another one of these."""
    others = names - {module.__name__}
    return any(
        getattr(value, "__module__", None) in others
        or (isinstance(value, ModuleType) and value.__name__ in others)
        for value in vars(module).values()
    )
