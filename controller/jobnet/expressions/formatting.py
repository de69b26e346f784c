"""Fills printf-style texts (``'%05d' | format(n)``) whose result is known to be small.

Python would make a text of a thousand million characters for ``%1000000000d``; here each
width is read, and the size of the result paid for, before anything is filled in.
"""

import re

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions.budget import Meter
from jobnet.expressions.values import Value, defined, is_mapping, mapping, text, weigh

WIDTH_MAX = 1000
"""The greatest width and precision of one placeholder."""

NUMBER_MAX = 1600
"""No printed number is longer, apart from its width and precision."""

_PLACEHOLDER = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?[#0\- +]*(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?[hlL]?"
    r"(?P<letter>.)?",
    re.DOTALL,
)


def printf(meter: Meter, template: str, arguments: Value) -> str:
    """Return ``template % arguments``; the arguments are one value, a tuple or a mapping."""
    size = len(template)
    heaviest = weigh(meter, defined(arguments)) * 2 + NUMBER_MAX
    takes_some = False
    for placeholder in _PLACEHOLDER.finditer(template):
        meter.step()
        takes_some = takes_some or placeholder["letter"] != "%"
        if placeholder["letter"] not in tuple("diouxXeEfFgGcrs%"):
            raise ExpressionFailed(f"{placeholder[0]!r} is no placeholder; write %% for a percent")
        for part in (placeholder["width"], placeholder["precision"]):
            size += _bounded(part)
        size += heaviest
    meter.build(size)
    if isinstance(arguments, list) and not takes_some:
        return template % {}  # Python forgives a list that nobody takes.
    return template % _fillings(meter, arguments)


def _bounded(width: str | None) -> int:
    if width == "*":
        raise ExpressionFailed("a width of * is not accepted; write the number")
    if width and (len(width) > len(str(WIDTH_MAX)) or int(width) > WIDTH_MAX):
        raise ExpressionFailed(f"a placeholder may be at most {WIDTH_MAX} characters wide")
    return int(width or 0)


def _fillings(meter: Meter, arguments: Value) -> Value:
    if isinstance(arguments, tuple):
        return tuple(_filling(meter, argument) for argument in arguments)
    if is_mapping(arguments):
        pairs = mapping(meter, arguments).items()
        return {key: _filling(meter, argument) for key, argument in pairs}
    return (_filling(meter, arguments),)


def _filling(meter: Meter, value: Value) -> Value:
    if isinstance(value, (bool, int, float, str)):
        return value
    return text(meter, value)
