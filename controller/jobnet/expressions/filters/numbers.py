"""Filters that make a number, or a text for people from a number."""

import math
import re

from jinja2 import filters as jinja

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions.values import Value, kind, text, weigh, whole_number
from jobnet.expressions.work import Filter, Work

PRECISION_MAX = 100
"""To how many places a number may be rounded."""

SIZES = {
    "Y": 1 << 80, "Z": 1 << 70, "E": 1 << 60, "P": 1 << 50, "T": 1 << 40, "G": 1 << 30,
    "M": 1 << 20, "K": 1 << 10, "B": 1,
}  # fmt: skip
UNIT_NAMES = {
    "B": "byte", "K": "kilobyte", "M": "megabyte", "G": "gigabyte", "T": "terabyte",
    "P": "petabyte", "E": "exabyte", "Z": "zettabyte", "Y": "yottabyte",
}  # fmt: skip
HUMAN_SIZE = re.compile(r"([0-9]*\.?[0-9]+)(?:\s*([A-Za-z]+))?\s*")


def to_int(work: Work, value: Value, default: Value = 0, base: Value = 10) -> Value:
    """Return the value as a whole number, or ``default`` if it is none."""
    if not isinstance(base, int):
        raise ExpressionFailed("the base is a whole number")
    weigh(work.meter, value)
    number: Value = jinja.do_int(value, default, base)  # type: ignore[arg-type]
    return whole_number(work.meter, number) if isinstance(number, int) else number


def to_float(work: Work, value: Value, default: Value = 0.0) -> Value:
    """Return the value as a decimal number, or ``default`` if it is none."""
    weigh(work.meter, value)
    return jinja.do_float(value, default)  # type: ignore[arg-type]


def absolute(_: Work, value: Value) -> Value:
    """Return the number without its sign."""
    return abs(_number(value))


def to_round(_: Work, value: Value, precision: Value = 0, method: Value = "common") -> Value:
    """Return the number rounded: ``common``, ``ceil`` or ``floor``."""
    if not isinstance(precision, int) or abs(precision) > PRECISION_MAX:
        raise ExpressionFailed(f"a precision is a whole number of at most {PRECISION_MAX}")
    if method not in {"common", "ceil", "floor"}:
        raise ExpressionFailed("method is one of common, ceil, floor")
    return jinja.do_round(_number(value), precision, method)


def power(_: Work, value: Value, exponent: Value) -> Value:
    """Return a power as a decimal number."""
    return math.pow(_number(value), _number(exponent))


def logarithm(_: Work, value: Value, base: Value = math.e) -> Value:
    """Return the logarithm, by default the natural one."""
    if _number(base) == 10:  # noqa: PLR2004
        return math.log10(_number(value))
    return math.log(_number(value), _number(base))


def root(_: Work, value: Value, base: Value = 2) -> Value:
    """Return the root, by default the square root."""
    if _number(base) == 2:  # noqa: PLR2004
        return math.sqrt(_number(value))
    return math.pow(_number(value), 1.0 / float(_number(base)))


def human_readable(
    work: Work,
    value: Value,
    isbits: Value = False,  # noqa: FBT002
    unit: Value = None,
) -> str:
    """Return an amount of bytes for people: ``1.00 KB``."""
    size = _number(value)
    wanted = text(work.meter, unit).upper() if unit is not None else None
    suffix, limit = next(
        (
            (letter, limit)
            for letter, limit in SIZES.items()
            if (wanted is None and size >= limit) or wanted == letter
        ),
        ("B", 1),
    )
    base = "bits" if isbits else "Bytes"
    return f"{size / limit:.2f} {suffix + base[0] if limit != 1 else base}"


def filesizeformat(
    work: Work,
    value: Value,
    binary: Value = False,  # noqa: FBT002
) -> str:
    """Return an amount of bytes for people, as Jinja writes it: ``13.0 kB``."""
    weigh(work.meter, value)
    return jinja.do_filesizeformat(value, bool(binary))  # type: ignore[arg-type]


def human_to_bytes(
    work: Work,
    value: Value,
    default_unit: Value = None,
    isbits: Value = False,  # noqa: FBT002
) -> int:
    """Return the bytes (or bits) that a text such as ``10 MB`` means."""
    found = HUMAN_SIZE.fullmatch(text(work.meter, value)[:100])
    if found is None:
        raise ExpressionFailed("a size is a number and a unit, such as '10 MB'")
    unit = found[2] or default_unit
    if unit is None:
        return round(float(found[1]))
    if not isinstance(unit, str) or not _is_unit(unit, isbits=bool(isbits)):
        raise ExpressionFailed(
            f"{str(unit)[:20]!r} is no unit of size; units are {', '.join(SIZES)}"
        )
    return round(float(found[1]) * SIZES[unit[0].upper()])


def _is_unit(unit: str, *, isbits: bool) -> bool:
    letter = unit[:1].upper()
    if letter not in SIZES:
        return False
    name = UNIT_NAMES[letter].replace("byte", "bit" if isbits else "byte")
    short = ("b" if isbits else "B") if letter == "B" else letter + ("b" if isbits else "B")
    return len(unit) == 1 or unit == short or unit.lower() == name


def _number(value: Value) -> int | float:
    if not isinstance(value, (int, float)):
        raise ExpressionFailed(f"a number is needed, not a value of type {kind(value)!r}")
    return value


FILTERS: dict[str, Filter] = {
    "abs": absolute,
    "filesizeformat": filesizeformat,
    "float": to_float,
    "human_readable": human_readable,
    "human_to_bytes": human_to_bytes,
    "int": to_int,
    "log": logarithm,
    "pow": power,
    "root": root,
    "round": to_round,
}
