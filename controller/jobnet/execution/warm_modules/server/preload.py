"""Imports the controller's ``ansible.module_utils`` once, and hands it to a payload that has the same.

A payload brings its own copies in a zip, which come first in stock Ansible. So a module from
here is given only where each file of the payload that has a counterpart here is equal to it,
and what it imports is in the payload too; in every other case the stock import does it all.
Modules handed over get the payload's paths, as if they had been imported from its zip.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import os
import sys
import types
import zipfile
import zipimport
import zlib
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from typing import Any

_ROOTS = ("ansible", "ansible.module_utils")
_SIX = "ansible.module_utils.six"
_NOT_PRELOADED = ("powershell", "csharp", "testing.py", "_extensions", "__pycache__")
_Print = tuple[int, int]


class Store:
    """What was imported: modules by name, and how to tell whether a payload has the same."""

    def __init__(self) -> None:
        self.modules: dict[str, types.ModuleType] = {}
        self.prints: dict[str, tuple[str, _Print]] = {}  # name -> (path in a zip, CRC and size)
        self.imports: dict[str, set[str]] = {}  # name -> what it imports itself
        self.codes: dict[str, types.CodeType] = {}  # Ansible's own modules, compiled
        self.finders: list[Any] = []  # what ``six`` puts into sys.meta_path
        self.watched: dict[str, int] = {}  # a change of these makes everything here stale

    def is_fresh(self) -> bool:
        """Tell whether an import today would find what it found at the start."""
        return all(_changed_at(path) == instant for path, instant in self.watched.items())


def preload(folder: str) -> Store:
    """Import what can be imported of the ``ansible`` package in ``folder``."""
    store = Store()
    for name in _ROOTS:
        package = types.ModuleType(name)
        package.__path__ = [os.path.join(folder, *name.split("."))]
        sys.modules[name] = package
    finders = list(sys.meta_path)
    stock_import = builtins.__import__
    builtins.__import__ = _recording(store, stock_import)
    try:
        for name, path in _sources(folder, "module_utils"):
            _import(store, name, path, folder)
    finally:
        builtins.__import__ = stock_import
    store.finders = [finder for finder in sys.meta_path if finder not in finders]
    sys.meta_path[:] = finders
    _watch(store, folder)
    for name in [name for name in sys.modules if name.split(".")[0] == "ansible"]:
        module = sys.modules.pop(name)
        if name in store.prints or name.startswith(_SIX + "."):
            store.modules[name] = module
    for name, path in _sources(folder, "modules"):
        store.codes[name] = SourceFileLoader(name, path).get_code(name)  # type: ignore[assignment]
        store.prints[name] = (_entry(path, folder), _print(path))
    return store


def _sources(folder: str, part: str) -> Iterator[tuple[str, str]]:
    """Yield (module name, path) of each source file of a part of the ``ansible`` package."""
    for place, folders, files in os.walk(os.path.join(folder, "ansible", part)):
        folders[:] = sorted(name for name in folders if name not in _NOT_PRELOADED)
        for file in sorted(files):
            if not file.endswith(".py") or file in _NOT_PRELOADED:
                continue
            path = os.path.join(place, file)
            name = os.path.relpath(path, folder)[: -len(".py")].replace(os.sep, ".")
            name = name.removesuffix(".__init__")
            if name not in _ROOTS and name != "ansible.modules":
                yield name, path


def _import(store: Store, name: str, path: str, folder: str) -> None:
    try:
        found = _print(path)
        importlib.import_module(name)
    except BaseException:  # noqa: BLE001 - whatever it was, this one is left to the stock import
        sys.modules.pop(name, None)
        return
    store.prints[name] = (_entry(path, folder), found)


def _recording(store: Store, stock_import: Any) -> Any:  # noqa: ANN401
    """Return an ``__import__`` that notes which of Ansible's modules import which."""

    def record(
        name: str,
        globals: Any = None,  # noqa: A002, ANN401
        locals: Any = None,  # noqa: A002, ANN401
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:  # noqa: ANN401
        module = stock_import(name, globals, locals, fromlist or (), level)
        importer = (globals or {}).get("__name__", "")
        if importer.startswith("ansible."):
            package = globals.get("__package__") or importer.rpartition(".")[0]
            full = importlib.util.resolve_name("." * level + name, package) if level else name
            imported = [full, *(f"{full}.{item}" for item in fromlist or ())]
            known = {n for n in imported if n.startswith("ansible.") and n in sys.modules}
            store.imports.setdefault(importer, set()).update(known - {importer, *_ROOTS})
        return module

    return record


def _watch(store: Store, folder: str) -> None:
    """Note the times of what decides which modules outside of Ansible an import finds."""
    paths = {path for path in sys.path if path}
    own = (os.path.dirname(os.__file__) + os.sep, os.path.join(folder, "ansible") + os.sep)
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and (not file.startswith(own) or "-packages" in file):
            paths.add(file)
    store.watched = {path: _changed_at(path) for path in paths}


def _changed_at(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return -1


def _entry(path: str, folder: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _print(path: str) -> _Print:
    with open(path, "rb") as file:
        data = file.read()
    return zlib.crc32(data), len(data)


class Finder:
    """Stands first in ``sys.meta_path`` of one module's process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._usable: frozenset[str] | None = None

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """Return the stock spec with our loader, or None for the stock way."""
        if not name.startswith("ansible.") or name in _ROOTS or "ansible" not in sys.modules:
            return None
        if self._usable is None:
            self._usable = _usable(self._store, _entries(sys.modules["ansible"]))
        if name not in self._usable:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or not isinstance(spec.loader, zipimport.zipimporter):
            return None
        if name in self._store.codes:
            spec.loader = _Compiled(spec.loader, self._store.codes[name])  # type: ignore[assignment]
        else:
            spec.loader = _HandOver(spec.loader, name, self._store)  # type: ignore[assignment]
        return spec


def _entries(package: types.ModuleType) -> dict[str, _Print]:
    """Return what is in the zip from which the package was imported."""
    archive = getattr(package.__spec__ and package.__spec__.loader, "archive", None)
    if not isinstance(archive, str):
        return {}
    with zipfile.ZipFile(archive) as file:
        return {entry.filename: (entry.CRC, entry.file_size) for entry in file.infolist()}


def _usable(store: Store, entries: dict[str, _Print]) -> frozenset[str]:
    """Return the names that the payload may take from here: all that it has, or none."""
    usable = set()
    for name, (entry, found) in store.prints.items():
        if entry in entries:
            if entries[entry] != found:
                return frozenset()
            usable.add(name)
        elif _other_form(entry) in entries:
            return frozenset()
    for name in usable:
        if not {n for n in store.imports.get(name, ()) if n in store.prints} <= usable:
            return frozenset()
    return frozenset(usable)


def _other_form(entry: str) -> str:
    """Return the path of the package that would hide a module, or the other way round."""
    if entry.endswith("/__init__.py"):
        return entry[: -len("/__init__.py")] + ".py"
    return entry[: -len(".py")] + "/__init__.py"


class _HandOver:
    """A loader that gives the module imported before, with the paths of the payload's zip."""

    def __init__(self, stock: zipimport.zipimporter, name: str, store: Store) -> None:
        self._stock = stock
        self._name = name
        self._store = store

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return self._store.modules[self._name]

    def exec_module(self, module: types.ModuleType) -> None:
        spec = module.__spec__
        assert spec is not None, "the import system has just set it"
        spec.loader = module.__loader__ = self._stock
        module.__file__ = spec.origin
        module.__dict__.pop("__cached__", None)
        if spec.submodule_search_locations is not None:
            module.__path__ = spec.submodule_search_locations
        if self._name == _SIX:
            self._hand_over_six()
        for name in sorted(self._store.imports.get(self._name, ())):
            if name in self._store.prints:
                importlib.import_module(name)

    def _hand_over_six(self) -> None:
        sys.meta_path += self._store.finders
        for name, module in self._store.modules.items():
            if name.startswith(_SIX + ".") and name not in self._store.prints:
                sys.modules[name] = module


class _Compiled:
    """A zip importer that need not compile one of Ansible's own modules again."""

    def __init__(self, stock: zipimport.zipimporter, code: types.CodeType) -> None:
        self._stock = stock
        self._code = code

    def get_code(self, name: str) -> types.CodeType:
        return _moved(self._code, self._stock.get_filename(name))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._stock, name)


def _moved(code: types.CodeType, path: str) -> types.CodeType:
    """Return the code as compiled from another path, so that tracebacks are the stock ones."""
    constants = tuple(
        _moved(item, path) if isinstance(item, types.CodeType) else item for item in code.co_consts
    )
    return code.replace(co_filename=path, co_consts=constants)
