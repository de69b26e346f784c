"""Reads expressions and templates and refuses, with a reason, what they may not say.

The tree is the one that Jinja's own parser makes; Jinja's code generator is never used. What
is read once may be evaluated any number of times, by several threads: nothing in it changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from jinja2 import TemplateSyntaxError, nodes

from jobnet.errors.expressions import ExpressionRefused
from jobnet.expressions.checking import check
from jobnet.expressions.lexing import parser, refused
from jobnet.expressions.references import references

Tree = TypeVar("Tree", bound=nodes.Node)

EXPRESSION_MAX = 16_384
"""How many characters an expression may have."""

TEMPLATE_MAX = 65_536
"""How many characters a template may have."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A bare expression, such as ``parts.ping.exit_code == 0``.

    ``references`` are the static paths that it reads, each once and sorted:
    ``("parts", "ping", "exit_code")``. Names that it defines itself are not among them.
    """

    text: str
    references: tuple[tuple[str, ...], ...]
    tree: nodes.Expr = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A text with ``{{ }}`` and ``{% %}`` in it, or, ``is_constant``, without any.

    ``sole`` is the expression of a text that is one single ``{{ }}``: its value keeps its type.
    """

    text: str
    references: tuple[tuple[str, ...], ...]
    is_constant: bool
    tree: nodes.Template = field(repr=False, compare=False)
    sole: nodes.Expr | None = field(repr=False, compare=False)


def parse_expression(text: str) -> Expression:
    """Return the expression; raise ``ExpressionRefused`` with its line and column if it is none."""
    _check_length(text, EXPRESSION_MAX)
    stripped = text.strip()
    if not stripped:
        raise ExpressionRefused("the expression is empty; write true or false", text=text)
    if stripped.startswith("{{") and stripped.endswith("}}"):
        raise ExpressionRefused("this is an expression already; write it without {{ }}", text=text)
    tree = _guarded(text, lambda: _expression_tree(text))
    check(tree, text)
    return Expression(text, references(tree), tree)


def parse_template(text: str) -> Template:
    """Return the template; raise ``ExpressionRefused`` with its line and column if it is none."""
    _check_length(text, TEMPLATE_MAX)
    if not any(sign in text for sign in ("{{", "{%", "{#")):
        return Template(text, (), True, nodes.Template([], lineno=1), None)  # noqa: FBT003
    tree = _guarded(text, lambda: parser(text).parse())
    check(tree, text)
    return Template(text, references(tree), False, tree, _sole(tree))  # noqa: FBT003


def _expression_tree(text: str) -> nodes.Expr:
    reading = parser(text, state="variable")
    tree = reading.parse_expression()
    if not reading.stream.eos:
        reading.fail("more follows after the end of the expression")
    return tree


def _sole(tree: nodes.Template) -> nodes.Expr | None:
    match tree.body:
        case [nodes.Output(nodes=[nodes.Expr() as only])] if type(only) is not nodes.TemplateData:
            return only
    return None


def _check_length(text: str, longest: int) -> None:
    if len(text) > longest:
        raise ExpressionRefused(
            f"the text has {len(text):,} characters; {longest:,} are allowed", text=text[:200]
        )


def _guarded(text: str, read: Callable[[], Tree]) -> Tree:
    try:
        tree = read()
    except TemplateSyntaxError as error:
        raise refused((error.message or "").rstrip("."), text, error.lineno) from error
    except RecursionError as error:
        raise refused("the text nests too deep", text, 1) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise refused("a number in the text is too long", text, 1) from error
    tree.set_environment(None)  # type: ignore[arg-type] # a copy must not copy the lexer
    return tree
