"""What the code imports is declared, so that a fresh installation has it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = frozenset(
    {"errors_page", "jobnet", "machines", "openapi_page", "pip_wheel", "rings", "tests"}
)
CARRIED = {
    "pydantic-core": "pydantic",  # pydantic asks for exactly one version of it
    "starlette": "fastapi",  # fastapi is made of it, and says which versions
}
FOLDERS = [
    ("controller/jobnet", ()),
    ("playbooks", ("demo",)),
    ("tests", ("demo", "test")),
]


def declared(extras: tuple[str, ...]) -> set[str]:
    """Return the distributions that an installation with these extras asks for itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    return {canonical(re.split(r"[<>=!~\[; ]", line)[0]) for lines in lists for line in lines}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def carrier(name: str) -> str:
    return CARRIED.get(canonical(name), canonical(name))


def imported(folder: str) -> dict[str, str]:
    """Return every foreign top-level module that is imported, with one file that does so."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for module in modules_of(node):
                top = module.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in OURS:
                    found[top] = path.relative_to(ROOT).as_posix()
    return found


def modules_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


@pytest.mark.parametrize(("folder", "extras"), FOLDERS)
def test_every_foreign_module_comes_from_a_declared_distribution(
    folder: str, extras: tuple[str, ...]
) -> None:
    wanted = declared(extras)
    origins = packages_distributions()

    undeclared = {
        module: file
        for module, file in imported(folder).items()
        if not {carrier(name) for name in origins.get(module, ())} & wanted
    }

    assert not undeclared, f"add to pyproject.toml what these come from: {undeclared}"
