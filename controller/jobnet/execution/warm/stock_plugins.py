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
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_PLUGIN_NAME_PARTS: Final = 4
_NAMED_BY_PATH: Final = ("filter", "test")

Load = Callable[..., ModuleType]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plugin:
    """A stock plugin that was loaded, and the plugins that it took something from."""

    module: ModuleType
    uses: frozenset[str]


_known: dict[tuple[str, str], _Plugin] = {}
_used: dict[str, _Plugin] = {}


def remember_plugins(plugins: Mapping[str, str], home: Path) -> None:
    """Load the plugins, ``{kind: names}``, so that the loader gets each when it asks for its file.

    One that uses others is given out where these are, or would be, those that it was loaded with.
    """
    from ansible.plugins import loader

    before = registered()
    stock: Load = loader.PluginLoader._load_module_source
    loaded: dict[tuple[str, str], ModuleType] = {}
    for kind, names in plugins.items():
        loader_of_kind = getattr(loader, f"{kind}_loader")
        for name in names.split():
            path = str(home / "plugins" / kind / f"{name}.py")
            for module_name in _module_names(kind, name, path):
                if module_name in before:
                    continue
                with suppress(ImportError):  # one that asks for its package needs a play around it
                    loaded[module_name, path] = stock(
                        loader_of_kind, python_module_name=module_name, path=path
                    )
    passing = registered() - before
    modules = {name: sys.modules[name] for name in passing}
    for key, module in loaded.items():
        uses = _used_by(module, passing)
        if all(name.startswith("ansible.plugins.") for name in uses):
            _known[key] = _Plugin(module=module, uses=uses)
    for name, module in modules.items():
        _used[name] = _Plugin(module=module, uses=_used_by(module, passing))
    forget_modules(before)

    def remembering(self: Any, *, python_module_name: str, path: str) -> ModuleType:  # noqa: ANN401
        plugin = _known.get((python_module_name, path))
        if plugin is None or python_module_name in sys.modules or not _can_adopt(plugin.uses):
            return stock(self, python_module_name=python_module_name, path=path)
        sys.modules[python_module_name] = plugin.module
        _adopt(plugin.uses)
        return plugin.module

    loader.PluginLoader._load_module_source = remembering


def _can_adopt(names: frozenset[str]) -> bool:
    """Tell whether each of these plugins is the one that was loaded here, or nobody's yet."""
    return all(sys.modules.get(name, _used[name].module) is _used[name].module for name in names)


def _adopt(names: frozenset[str]) -> None:
    """Register these plugins, as importing them would have done."""
    for name in sorted(names - sys.modules.keys()):
        package, _, leaf = name.rpartition(".")
        sys.modules[name] = _used[name].module
        setattr(sys.modules[package], leaf, _used[name].module)


def remembered(kind: str, name: str) -> list[ModuleType]:
    """Return what the loader gets for a stock plugin; importing it would register it."""
    names = _module_names(kind, name, "")
    return [plugin.module for (module_name, _), plugin in _known.items() if module_name in names]


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


def _used_by(module: ModuleType, names: frozenset[str]) -> frozenset[str]:
    """Return the plugins from which a module took anything, also those behind them."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        for name in _taken_from(waiting.pop()) & (names - found - {module.__name__}):
            found.add(name)
            waiting.append(sys.modules[name])
    return frozenset(found)


def _taken_from(module: ModuleType) -> set[str]:
    """Return the names of modules of which a module has something."""
    values = list(vars(module).values())
    owners = {str(getattr(value, "__module__", "")) for value in values}
    return owners | {value.__name__ for value in values if isinstance(value, ModuleType)}
