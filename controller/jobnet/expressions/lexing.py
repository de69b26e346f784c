"""Turns text into Jinja's tokens, with Ansible's delimiters and rules for backslashes.

Jinja knows lines only. Here a token carries its offset in the text in place of its line, so
each node of the tree, and each complaint of Jinja's parser, can be given a column.
"""

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError
from jinja2.lexer import (
    TOKEN_OPERATOR,
    TOKEN_STRING,
    TOKEN_VARIABLE_BEGIN,
    TOKEN_VARIABLE_END,
    Lexer,
)
from jinja2.parser import Parser

from jobnet.errors.expressions import ExpressionRefused

NESTING_MAX = 24
"""How deep brackets may nest; Jinja's parser calls itself some fourteen times for each."""

TOKENS_MAX = 20_000
"""How many words and signs one text may have."""

_ESCAPE = re.compile(r"""\\(?P<known>[\\'"abfnrtvxuUN\n]|(?![4-7][0-7]{2})[0-7])?""")


class PlacedLexer(Lexer):
    """Jinja's lexer; it writes offsets, counted from 1, where Jinja writes lines."""

    def tokeniter(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Iterator[tuple[int, str, str]]:
        """Yield the raw tokens with their offsets, refusing text that nests or goes on too far."""
        in_variable = False
        offset = depth = 0
        tokens = super().tokeniter(source, name, filename, state)
        for _ in range(TOKENS_MAX):
            try:
                _, token, value = next(tokens)
            except StopIteration:
                return
            except TemplateSyntaxError as error:
                raise TemplateSyntaxError(error.message or "", offset + 1) from error
            start = max(source.find(value, offset), offset)
            offset = start + len(value)
            in_variable = _in_variable(token, before=in_variable)
            depth += _opened(token, value)
            if depth > NESTING_MAX:
                raise TemplateSyntaxError(f"brackets nest deeper than {NESTING_MAX}", start + 1)
            if token == TOKEN_STRING:
                value = _escape(value, literally=in_variable)
            yield start + 1, token, value
        raise TemplateSyntaxError(f"the text has more than {TOKENS_MAX} words", offset)


def _in_variable(token: str, *, before: bool) -> bool:
    if token == TOKEN_VARIABLE_BEGIN:
        return True
    return before and token != TOKEN_VARIABLE_END


def _opened(token: str, value: str) -> int:
    if token != TOKEN_OPERATOR:
        return 0
    return (value in "([{") - (value in ")]}")


def _escape(literal: str, *, literally: bool) -> str:
    """Return a quoted literal that Jinja will unescape as Ansible means it.

    Inside ``{{ }}`` Ansible takes every backslash as it stands, elsewhere escapes mean what
    they mean in Python; an unknown one stays as it is (and must not cause a warning).
    """
    if literally:
        return literal.replace("\\", "\\\\")
    return _ESCAPE.sub(lambda found: found[0] if found["known"] else r"\\", literal)


class PlacedEnvironment(Environment):
    """Jinja's environment with our lexer and without a template loader or an extension."""

    @property
    def lexer(self) -> Lexer:
        """Return the lexer that knows offsets."""
        return _LEXER


ENVIRONMENT = PlacedEnvironment(trim_blocks=True)
_LEXER = PlacedLexer(ENVIRONMENT)


def parser(text: str, *, state: str | None = None) -> Parser:
    """Return Jinja's parser, standing before the first token of the text."""
    return Parser(ENVIRONMENT, text, state=state)


def place(text: str, offset: int | None) -> tuple[int, int]:
    """Return line and column, both from 1, of an offset that counts from 1."""
    before = text[: max((offset or 1) - 1, 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def refused(what: str, text: str, offset: int | None) -> ExpressionRefused:
    """Return the refusal of a text, placed at an offset that counts from 1."""
    line, column = place(text, offset)
    return ExpressionRefused(what, text=text, line=line, column=column)
