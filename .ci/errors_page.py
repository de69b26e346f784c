"""Writes ``docs/reference/errors.md`` from the error classes: code, meaning, facts.

The classes are the source; ``make docs`` calls this, and a test refuses a page that is older.
"""

import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

import jobnet.errors
from jobnet.errors import ControllerError

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/errors.md"
HEAD = """# Errors

Every refusal has a code that never changes; programs compare the code, people read the message.
A message says what happened, to which thing, and what to do next. A job that failed is not an
error of Jobnet: it is an end of a part, see the [glossary](../glossary.md#states).
This page is made from the code by `make docs`.
"""


def error_classes() -> list[type[ControllerError]]:
    """Return all error classes that are raised, that is those without classes below, by code."""
    for info in pkgutil.walk_packages(jobnet.errors.__path__, "jobnet.errors."):
        importlib.import_module(info.name)
    waiting, found = [ControllerError], set[type[ControllerError]]()
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found.update(error for error in below if error.__module__.startswith("jobnet.errors"))
    return sorted(found, key=lambda error: (error.code, error.__qualname__))


def is_raised(error: type[ControllerError]) -> bool:
    """Tell whether the class has a code of its own; a family of errors has none."""
    return "code" in vars(error)


def page() -> str:
    """Return the text of the page."""
    return "\n".join([HEAD, *(_entry(error) for error in error_classes() if is_raised(error))])


def _entry(error: type[ControllerError]) -> str:
    words = inspect.getdoc(error) or ""
    package = error.__module__.rpartition(".")[2]
    return f"## `{error.code}`\n\n{words.replace('``', '`')}\n\n*{error.__name__}, {package}*\n"


def main() -> int:
    """Write the page if it has to change."""
    text = page()
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        PAGE.write_text(text, encoding="utf-8")
        print(f"{PAGE.relative_to(PAGE.parents[2])} was written anew; commit it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
