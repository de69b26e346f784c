"""Filters that make a text from a text."""

import ntpath
import posixpath
import shlex
from collections.abc import Callable, Mapping

from jinja2 import filters as jinja
from jinja2.utils import url_quote

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import access, methods
from jobnet.expressions.formatting import printf
from jobnet.expressions.lexing import ENVIRONMENT
from jobnet.expressions.values import CELL, Value, entries, items, kind, text
from jobnet.expressions.work import Filter, Work

WIDTH_MAX = 10_000
"""How wide a text may be padded, indented or cut."""


def _method(name: str) -> Filter:
    def apply(work: Work, value: Value, *arguments: Value) -> Value:
        return methods.TEXT[name](work.meter, text(work.meter, value), *arguments)

    return apply


def title(work: Work, value: Value) -> str:
    """Return the text with each word's first letter upper case."""
    written = text(work.meter, value)
    work.meter.build(len(written) * 6)
    return jinja.do_title(written)


def trim(work: Work, value: Value, chars: Value = None) -> Value:
    """Return the text without blanks (or ``chars``) at its ends."""
    return methods.TEXT["strip"](work.meter, text(work.meter, value), chars)


def replace(work: Work, value: Value, old: Value, new: Value, count: Value = None) -> str:
    """Return the text with each ``old`` replaced by ``new``."""
    meter = work.meter
    limit = -1 if count is None else count
    return methods.replaced(meter, text(meter, value), text(meter, old), text(meter, new), limit)


def split(work: Work, value: Value, sep: Value = None, maxsplit: Value = -1) -> Value:
    """Return the pieces of a text."""
    if not isinstance(value, str):
        raise ExpressionFailed(f"split needs a text, not a value of type {kind(value)!r}")
    return methods.split(work.meter, value, sep, maxsplit)


def join(work: Work, value: Value, d: Value = "", attribute: Value = None) -> str:
    """Return the items of a list as one text, with ``d`` between them."""
    meter = work.meter
    parts = items(meter, value)
    if attribute is not None:
        parts = [access.path(meter, part, attribute) for part in parts]
    between = text(meter, d)
    pieces = [text(meter, part) for part in parts]
    meter.build(sum(map(len, pieces)) + len(between) * len(pieces))
    return between.join(pieces)


def truncate(
    work: Work,
    value: Value,
    length: Value = 255,
    killwords: Value = False,  # noqa: FBT002
    end: Value = "...",
    leeway: Value = None,
) -> str:
    """Return the text cut to ``length`` characters, at a blank unless ``killwords``."""
    written = text(work.meter, value)
    work.meter.build(2 * len(written))
    try:
        return jinja.do_truncate(
            ENVIRONMENT, written, _integer(length), bool(killwords), _string(end),
            None if leeway is None else _integer(leeway),
        )  # fmt: skip
    except AssertionError as error:
        raise ExpressionFailed(str(error)) from error


def indent(
    work: Work,
    value: Value,
    width: Value = 4,
    first: Value = False,  # noqa: FBT002
    blank: Value = False,  # noqa: FBT002
) -> str:
    """Return the text with each line but the first moved to the right."""
    written = text(work.meter, value)
    each = len(width) if isinstance(width, str) else _bounded(width)
    work.meter.build(3 * len(written) + (len(written.splitlines()) + 1) * each)
    return jinja.do_indent(written, width if isinstance(width, str) else each, first=bool(first),
                           blank=bool(blank))  # fmt: skip


def center(work: Work, value: Value, width: Value = 80) -> str:
    """Return the text in the middle of ``width`` characters."""
    written = text(work.meter, value)
    work.meter.build(len(written) + _bounded(width))
    return written.center(_bounded(width))


def wordcount(work: Work, value: Value) -> int:
    """Return how many words a text has."""
    written = text(work.meter, value)
    work.meter.build(CELL * len(written))
    return jinja.do_wordcount(written)


def wordwrap(
    work: Work,
    value: Value,
    width: Value = 79,
    break_long_words: Value = True,  # noqa: FBT002
    wrapstring: Value = None,
    break_on_hyphens: Value = True,  # noqa: FBT002
) -> str:
    """Return the text in lines of at most ``width`` characters."""
    written = text(work.meter, value)
    between = "\n" if wrapstring is None else _string(wrapstring)
    # Python cuts a long word by copying what is left of it for each line.
    lines = len(written) // max(_bounded(width), 1)
    work.meter.step(len(written) // 4 + lines + ((lines * len(written)) >> 14))
    work.meter.build(len(written) * (2 + CELL + len(between)))
    return jinja.do_wordwrap(
        ENVIRONMENT,
        written,
        _bounded(width),
        break_long_words=bool(break_long_words),
        wrapstring=between,
        break_on_hyphens=bool(break_on_hyphens),
    )


def fill(work: Work, value: Value, *arguments: Value, **named: Value) -> str:
    """Return a printf-style text that is filled in."""
    if arguments and named:
        raise ExpressionFailed("format takes either named or unnamed values, not both")
    return printf(work.meter, text(work.meter, value), named or arguments)


def quote(work: Work, value: Value) -> str:
    """Return the text quoted for a shell."""
    written = "" if value is None else text(work.meter, value)
    work.meter.build(6 * len(written))
    return shlex.quote(written)


def urlencode(work: Work, value: Value) -> str:
    """Return the text, or the pairs of a dictionary, as they stand in a URL."""
    meter = work.meter
    if not isinstance(value, (Mapping, list, tuple)):
        meter.build(12 * len(text(meter, value)))
        return url_quote(text(meter, value))
    pairs = entries(meter, value) if isinstance(value, Mapping) else map(_pair, value)
    written: list[str] = []
    for pair in pairs:
        meter.step()
        key, entry = (text(meter, part) for part in pair)
        meter.build(12 * (len(key) + len(entry)))
        written.append(f"{url_quote(key, for_qs=True)}={url_quote(entry, for_qs=True)}")
    return "&".join(written)


def _pair(value: Value) -> tuple[Value, Value]:
    if isinstance(value, (list, tuple)) and len(value) == 2:  # noqa: PLR2004
        return value[0], value[1]
    raise ExpressionFailed("urlencode takes a text, a dictionary or a list of pairs")


def _path(function: Callable[[str], Value]) -> Filter:
    def apply(work: Work, value: Value) -> Value:
        if not isinstance(value, str):
            raise ExpressionFailed(f"a path is a text, not a value of type {kind(value)!r}")
        work.meter.build(2 * len(value))
        return function(value)

    return apply


def _integer(value: Value) -> int:
    if not isinstance(value, int):
        raise ExpressionFailed(f"a whole number is needed, not a value of type {kind(value)!r}")
    return value


def _bounded(width: Value) -> int:
    if abs(_integer(width)) > WIDTH_MAX:
        raise ExpressionFailed(f"a width may be at most {WIDTH_MAX}")
    return _integer(width)


def _string(value: Value) -> str:
    if not isinstance(value, str):
        raise ExpressionFailed(f"a text is needed, not a value of type {kind(value)!r}")
    return value


FILTERS: dict[str, Filter] = {
    "basename": _path(posixpath.basename),
    "capitalize": _method("capitalize"),
    "center": center,
    "dirname": _path(posixpath.dirname),
    "format": fill,
    "indent": indent,
    "join": join,
    "lower": _method("lower"),
    "normpath": _path(posixpath.normpath),
    "quote": quote,
    "replace": replace,
    "split": split,
    "splitext": _path(posixpath.splitext),
    "string": lambda work, value: text(work.meter, value),
    "title": title,
    "trim": trim,
    "truncate": truncate,
    "upper": _method("upper"),
    "urlencode": urlencode,
    "win_basename": _path(ntpath.basename),
    "win_dirname": _path(ntpath.dirname),
    "wordcount": wordcount,
    "wordwrap": wordwrap,
}
