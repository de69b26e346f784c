"""A module answers one question and a function fits on a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("controller", "collection", "playbooks", "tests", ".ci")
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 40

Function = ast.FunctionDef | ast.AsyncFunctionDef
MODULES = [
    path.relative_to(ROOT).as_posix()
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def lines_of(function: Function) -> int:
    """Count from ``def`` to the end, without the docstring."""
    assert function.end_lineno is not None
    count = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        count -= first.end_lineno - first.lineno + 1
    return count


def functions_of(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_at_most_400_lines(module: str) -> None:
    lines = (ROOT / module).read_text(encoding="utf-8").count("\n")

    assert lines <= MODULE_LINES_MAX, f"{module} has {lines} lines; look for its second question"


@pytest.mark.parametrize("module", MODULES)
def test_a_function_has_at_most_40_lines(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))

    too_long = {f.name: lines_of(f) for f in functions_of(tree) if lines_of(f) > FUNCTION_LINES_MAX}

    assert not too_long, f"{module}: {too_long}; move the computing to small functions below"


def test_the_lines_of_a_docstring_do_not_count() -> None:
    text = 'def f():\n    """One.\n\n    Two.\n    """\n    a = 1\n    return a\n'

    (function,) = functions_of(ast.parse(text))

    assert lines_of(function) == 3
