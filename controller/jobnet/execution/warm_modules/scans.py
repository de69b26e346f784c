"""Remembers which modules each file of ansible-core's ``module_utils`` imports.

Parsing is most of what building a payload costs. The answer for a file depends on its name
and content alone, so this also helps a project's own modules, which import the same files.
Nothing is parsed for it: what stock Ansible parses while this process watches is noted.
"""

# Ansible is imported inside functions: only the forking process may load it.
# ruff: noqa: PLC0415

import ast
import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Scan:
    """What stock ``ModuleDepFinder`` has found in one file."""

    submodules: frozenset[tuple[str, ...]]
    optional_imports: frozenset[tuple[str, ...]]


class _Known(ast.Module):
    """Stands for the tree of a file that was scanned before."""

    scan: _Scan


class Scans:
    """What was found so far; it grows only while ``is_learning``."""

    def __init__(self) -> None:
        self.is_learning = True
        self._known: dict[tuple[str, bytes], _Scan] = {}

    def install(self) -> None:
        """Have Ansible ask here first, in this process and its forks."""
        from ansible.executor import module_common

        compile_stock = module_common._compile_module_ast  # noqa: SLF001
        look_stock = module_common.ModuleDepFinder.__init__
        if not _takes_tree(look_stock):
            return  # ansible-core 2.21 parses inside, and finds more than imports

        def compile_remembering(module_name: str, source_code: str | bytes) -> ast.Module:
            key = _key(module_name, source_code)
            scan = self._known.get(key)
            if scan is None:
                tree: ast.Module = compile_stock(module_name, source_code)
                if self.is_learning and "." in module_name:
                    tree.jobnet_key = key  # type: ignore[attr-defined]
                return tree
            known = _Known(body=[], type_ignores=[])
            known.scan = scan
            return known

        def look(finder: Any, module_fqn: str, tree: ast.Module, *rest: Any) -> None:  # noqa: ANN401
            if isinstance(tree, _Known):
                finder.submodules = set(tree.scan.submodules)  # Ansible may change them
                finder.optional_imports = set(tree.scan.optional_imports)
                return
            look_stock(finder, module_fqn, tree, *rest)
            if (key := getattr(tree, "jobnet_key", None)) is not None:
                self._known[key] = _Scan(
                    frozenset(finder.submodules), frozenset(finder.optional_imports)
                )

        module_common._compile_module_ast = compile_remembering  # noqa: SLF001
        module_common.ModuleDepFinder.__init__ = look


def _takes_tree(look: Callable[..., None]) -> bool:
    return list(inspect.signature(look).parameters)[1:3] == ["module_fqn", "tree"]


def _key(name: str, source: str | bytes) -> tuple[str, bytes]:
    data = source.encode() if isinstance(source, str) else source
    return name, hashlib.sha256(data).digest()
