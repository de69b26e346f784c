"""Writes values that came from a run as YAML that Ansible never templates.

Traps that the form below avoids, each met in ansible-core 2.19: ``!unsafe "123"`` is
resolved like plain ``123`` and becomes a number, so a text that could be one of YAML's
other scalars is quoted only (no template can be written with its characters); the
surrogate pairs of JSON give two broken characters each; ``1e+20`` is text.
"""

import math
import re
from collections.abc import Mapping

from jobnet.errors.execution import ValueTooDeep
from jobnet.execution.bounds import NESTING_MAX

# Numbers, dates, booleans, null, "<<" and "=": what an untagged scalar may turn into.
_COULD_BE_NO_TEXT = re.compile(r"[0-9A-Za-z+\-.:_~<= \t]*")
_SURROGATES = range(0xD800, 0xE000)


def unsafe_yaml(value: object) -> str:
    """Return one line of YAML for ``value``: Ansible takes every text in it as it is."""
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return "!unsafe " + _flow(value, 0)
    text = _flow(value, 0)
    return text if _COULD_BE_NO_TEXT.fullmatch(str(value)) else f"!unsafe {text}"


def _flow(value: object, depth: int) -> str:
    if depth > NESTING_MAX:
        raise ValueTooDeep(depth_max=NESTING_MAX)
    if isinstance(value, Mapping):
        pairs = (f"? {_flow(key, depth + 1)} : {_flow(v, depth + 1)}" for key, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, set | frozenset):
        value = sorted(value, key=repr)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item, depth + 1) for item in value) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(int(value))
    return '"' + "".join(_character(char) for char in str(value)) + '"'


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(float(value))
    mantissa, exponent_mark, exponent = text.partition("e")
    mantissa = mantissa if "." in mantissa else mantissa + ".0"
    return mantissa + exponent_mark + exponent


def _character(char: str) -> str:
    code = ord(char)
    if char in '"\\':
        return "\\" + char
    if 0x20 <= code < 0x7F:  # noqa: PLR2004 - printable ASCII
        return char
    if code in _SURROGATES:
        return "\\ufffd"
    if code <= 0xFF:  # noqa: PLR2004 - what \x can say
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
