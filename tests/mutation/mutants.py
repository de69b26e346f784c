"""Finds what can be changed in a module, and makes the module with one such change.

The changes are those of mutmut (``mutmut.mutation.mutators``: an argument left out or None,
another operator, a case of a match left out, another number or text, an assignment of None, ...)
and one of ours, the opposite of a condition. Left alone is what no test of behaviour can see:
annotations, names of types, decorators, imports, ``__all__`` and the words of errors.

mutmut's own runner is not used. It calls every function through a trampoline, which makes
the unchanged tree five times slower and its stacks deeper, so that the tests of budgets fail.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Only `make mutants` installs these two, so nothing here is known to the type checker.
cst = importlib.import_module("libcst")
metadata = importlib.import_module("libcst.metadata")
OPERATORS = importlib.import_module("mutmut.mutation.mutators").mutation_operators

LEFT_ALONE = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)
NAME_OF_A_TYPE = re.compile(r"_?[A-Z]+[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One expression or statement, and what may stand in its place."""

    line: int
    node: Any
    choices: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module with one change."""

    name: str
    line: int
    operator: str
    text: str


class Source:
    """A module's text and the sites in it, in the order of the text."""

    def __init__(self, text: str) -> None:
        wrapper = metadata.MetadataWrapper(cst.parse_module(text))
        self.text = text
        self.module = wrapper.module
        self._positions = wrapper.resolve(metadata.PositionProvider)
        self.sites = tuple(self._sites_below(self.module, is_outside=True, is_words=False))

    def mutant(self, name: str, site: Site, choice: int) -> Mutant | None:
        """Return the changed module, or None if it reads the same or cannot be read."""
        operator, instead = site.choices[choice]
        text = self.module.deep_replace(site.node, instead).code
        try:
            is_the_same = ast.dump(ast.parse(text)) == ast.dump(ast.parse(self.text))
        except SyntaxError:
            return None
        if is_the_same:
            return None
        return Mutant(name=name, line=site.line, operator=operator, text=text)

    def _sites_below(self, node: Any, *, is_outside: bool, is_words: bool) -> Iterator[Site]:  # noqa: ANN401
        if isinstance(node, LEFT_ALONE) or (is_outside and _names_a_type(node)):
            return
        choices = tuple(_choices(node, is_words=is_words))
        if choices:
            line = self._positions[node].start.line
            yield Site(line=line, node=node, choices=choices)
        is_outside = is_outside and not isinstance(node, cst.FunctionDef | cst.ClassDef)
        is_words = is_words or isinstance(node, cst.Raise)
        for child in node.children:
            says_why = isinstance(node, cst.Assert) and child is node.msg
            yield from self._sites_below(
                child, is_outside=is_outside, is_words=is_words or says_why
            )


def _choices(node: Any, *, is_words: bool) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if is_words and isinstance(node, cst.BaseString):
        return
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            title = operator.__name__.removeprefix("operator_")
            yield from ((title, instead) for instead in operator(node))
    if isinstance(node, cst.If | cst.While | cst.CompIf):
        opposite = cst.UnaryOperation(
            operator=cst.Not(),
            expression=node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]),
        )
        yield "condition", node.with_changes(test=opposite)


def _names_a_type(node: Any) -> bool:  # noqa: ANN401
    """Tell whether this assigns a type or ``__all__``, which only a type checker reads."""
    if not isinstance(node, cst.Assign) or not isinstance(node.targets[0].target, cst.Name):
        return False
    name = node.targets[0].target.value
    return name == "__all__" or NAME_OF_A_TYPE.match(name) is not None
