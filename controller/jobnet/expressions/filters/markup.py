"""Filters that make a text safe for HTML, or free of it.

Jinja marks such texts; here, as in Ansible, they are plain texts afterwards.
"""

from markupsafe import Markup, escape

from jobnet.expressions.filters.encodings import to_json
from jobnet.expressions.values import Value, text
from jobnet.expressions.work import Filter, Work


def escaped(work: Work, value: Value) -> str:
    """Return the text with the signs that mean something in HTML written out."""
    written = text(work.meter, value)
    work.meter.build(5 * len(written))
    return str.__str__(escape(written))


def striptags(work: Work, value: Value) -> str:
    """Return the text of a piece of HTML, with one blank between its words."""
    written = text(work.meter, value)
    # A tag that is never closed lets each one be looked for up to the end.
    work.meter.step((written.count("<") * len(written)) >> 10)
    work.meter.build(4 * len(written))
    return str.__str__(Markup(written).striptags())  # noqa: S704 - it leaves as plain text


def tojson(work: Work, value: Value, indent: Value = None) -> str:
    """Return the value as JSON that may stand inside of HTML."""
    written = to_json(work, value, indent, sort_keys=True)
    work.meter.build(6 * len(written))
    for sign in "<>&'":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


FILTERS: dict[str, Filter] = {
    "e": escaped,
    "escape": escaped,
    "forceescape": escaped,
    "safe": lambda work, value: text(work.meter, value),
    "striptags": striptags,
    "tojson": tojson,
}
