"""Evaluates what a part was told, once, at its turn, and makes plain data of it.

The values are journaled (``ArgumentsBound``), so a retry and a replay see the same. What
Ansible templates is not touched here.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from jobnet.definition import Arguments
from jobnet.engine.names import Names
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import Template, render
from jobnet.expressions.values import is_namespace


def bind(arguments: Arguments, names: Names) -> object:
    """Return a tree of arguments with all templates rendered, as plain data."""
    match arguments:
        case Template():
            return plain(render(arguments, names))
        case Mapping():
            return {str(key): bind(value, names) for key, value in arguments.items()}
        case list() | tuple():
            return [bind(value, names) for value in arguments]
        case _:
            return plain(arguments)


def bind_text(template: Template, names: Names, *, what: str) -> str:
    """Return a rendered text; a number is written out, anything else refused."""
    value = render(template, names)
    match value:
        case str():
            return value
        case bool() | None:
            raise ExpressionFailed(f"{what} is {value!r}; it has to be a text")
        case int() | float() | date():
            return str(value)
        case _:
            raise ExpressionFailed(f"{what} is a {type(value).__name__}; it has to be a text")


def bind_hosts(template: Template | None, names: Names) -> str | None:
    """Return a host pattern; a list of hosts (``failed.hosts``) becomes one pattern."""
    if template is None:
        return None
    value = render(template, names)
    if isinstance(value, list | tuple) and all(isinstance(host, str) for host in value):
        return ",".join(value)
    if not isinstance(value, str):
        raise ExpressionFailed("hosts has to be a pattern or a list of host names")
    return value


def plain(value: object) -> object:
    """Return a value as plain data: dates as ISO text, durations in seconds."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            if is_namespace(value):
                return {name: plain(value.attribute(name)) for name in value.names()}
            raise ExpressionFailed(f"a value of type {type(value).__name__} cannot be kept")
