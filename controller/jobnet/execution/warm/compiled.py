"""Keeps the code of plugins compiled that each job executes anew.

The callback plugins of ansible-runner and of Jobnet take things from a job's environment when they
are loaded, and some plugins of ansible-core use one another: they cannot be loaded beforehand,
but what Python makes of their files is the same each time. A file that has changed is read.
"""

import ast
from collections.abc import Iterable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from ansible_runner.utils import get_callback_dir

from jobnet.execution.environment import CALLBACK_FOLDER


def callbacks_of_jobs() -> list[Path]:
    """Return the files of the callback plugins that every job has."""
    return [Path(get_callback_dir()) / "awx_display.py", CALLBACK_FOLDER / "jobnet_records.py"]


def documentation(path: Path) -> str:
    """Return the ``DOCUMENTATION`` of a plugin without executing it; "" if it has none."""
    for statement in ast.parse(path.read_bytes()).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if "DOCUMENTATION" in names:
                return str(statement.value.value)
    return ""


def remember_code(paths: Iterable[Path]) -> None:
    """Compile these files, in this process and for its forks; those that are there, that is."""
    known: dict[str, tuple[dict[str, Any], CodeType]] = {}
    for path in map(str, paths):
        loader = SourceFileLoader(path, path)
        try:
            found, code = loader.path_stats(path), loader.get_code(path)
        except (OSError, SyntaxError):
            continue  # the job that uses it will say so
        if code is not None:
            known[path] = dict(found), code
    stock = SourceFileLoader.get_code

    def get_code(self: Any, fullname: str) -> CodeType | None:  # noqa: ANN401
        found, code = known.get(self.path, ({}, None))
        if code is not None and self.path_stats(self.path) == found:
            return code
        return stock(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
