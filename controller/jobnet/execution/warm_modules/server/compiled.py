"""Keeps the controller's ``ansible`` code compiled, for payloads that carry the very same files.

A payload brings its modules as source in a zip, and stock Python compiles all of it each time.
Here the import of a file whose name, size and checksum are the controller's own takes the
compiled code instead, with the payload's paths; every other file is compiled as ever. Nothing
is imported before the payload does it, so no state can pass from one job to another.
"""

# Plain strings and descriptors: pathlib would cost each module its time.
# ruff: noqa: PTH118, PTH123

from __future__ import annotations

import _imp
import os
import pkgutil
import types
import zipimport
import zlib
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from typing import Any

_LEFT_OUT = ("powershell", "csharp", "__pycache__")
_Print = tuple[int, int]  # checksum and size
_CRC, _SIZE = 7, 3  # where zipimport keeps them in the entry of a file


class Store:
    """Compiled code of the ``ansible`` package in one folder, by path in a payload's zip."""

    def __init__(self, folder: str) -> None:
        self._codes: dict[str, tuple[_Print, types.CodeType]] = {}
        for name, path in _sources(folder):
            try:
                with open(path, "rb") as file:
                    data = file.read()
                code = SourceFileLoader(name, path).get_code(name)
            except (OSError, SyntaxError, ValueError):
                continue  # a newer Python's syntax; the payload will say so itself
            if code is not None:
                entry = os.path.relpath(path, folder)
                self._codes[entry] = (zlib.crc32(data), len(data)), code

    def code(self, entry: str, found: _Print) -> types.CodeType | None:
        """Return the code of a file of a zip; None if the file is not the controller's own."""
        known, code = self._codes.get(entry, (None, None))
        return code if known == found else None


def _sources(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (module name, path) of what payloads may carry of the ``ansible`` package."""
    for part in ("module_utils", "modules"):
        for place, folders, files in os.walk(os.path.join(folder, "ansible", part)):
            folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
            for file in sorted(files):
                if file.endswith(".py"):
                    path = os.path.join(place, file)
                    name = os.path.relpath(path, folder)[: -len(".py")].replace(os.sep, ".")
                    yield name[: -len(".__init__")] if file == "__init__.py" else name, path


class Finder:
    """Stands first in ``sys.meta_path`` of one module's process."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """Return what zipimport would, but with compiled code; None for the stock way."""
        if not name.startswith("ansible.") or not path:
            return None
        stock = pkgutil.get_importer(path[0])
        if not isinstance(stock, zipimport.zipimporter):
            return None
        place = os.path.join(path[0], name.rpartition(".")[2])
        for origin in (os.path.join(place, "__init__.py"), place + ".py"):
            entry = origin[len(stock.archive) + 1 :]
            found = _file_in(stock, entry)
            if found is not None:
                code = self._store.code(entry, found)
                return None if code is None else _spec(name, _Compiled(stock, code, origin), place)
        return None


def _file_in(stock: zipimport.zipimporter, entry: str) -> _Print | None:
    """Return checksum and size of a source in the zip, as zipimport has read its directory."""
    files = getattr(stock, "_files", None) or {}
    if entry not in files or entry + "c" in files:
        return None
    return files[entry][_CRC], files[entry][_SIZE]


def _spec(name: str, loader: _Compiled, place: str) -> ModuleSpec:
    is_package = loader.origin.endswith("/__init__.py")
    spec = ModuleSpec(name, loader, origin=loader.origin, is_package=is_package)  # type: ignore[arg-type]
    spec.has_location = True
    if is_package:
        spec.submodule_search_locations = [place]
    return spec


class _Compiled:
    """The zip's own importer, but that it need not compile one of its files."""

    def __init__(self, stock: zipimport.zipimporter, code: types.CodeType, origin: str) -> None:
        self.origin = origin
        self._stock = stock
        self._code = code

    def create_module(self, spec: ModuleSpec) -> None:
        """Let the import system make the module."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module's code and leave the stock importer as its loader."""
        spec = module.__spec__
        assert spec is not None, "the import system has just set it"
        spec.loader = module.__loader__ = self._stock  # type: ignore[assignment]
        exec(self.get_code(module.__name__), module.__dict__)  # noqa: S102 - as any import does

    def get_code(self, name: str) -> types.CodeType:
        """Return the code as compiled from the payload's path: tracebacks are the stock ones."""
        _rename(self._code, self.origin)
        return self._code

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._stock, name)


# As importlib does for a bytecode file that was moved: in place, and this process has its own.
_rename = _imp._fix_co_filename  # type: ignore[attr-defined]  # noqa: SLF001
