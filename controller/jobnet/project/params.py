"""Converts params to the types that are declared for them, and says what does not fit.

The words are those of Ansible's argument specs. Values given as text (``-e key=value``) are
converted; values from a file keep their own type where it fits already.
"""

import json
from collections.abc import Callable, Mapping

from jobnet.definition import Network, Param
from jobnet.errors.project import ParamsRefused
from jobnet.project.scalars import WrittenFloat, WrittenInt
from jobnet.project.schema.documents import ParamShape
from jobnet.project.schema.values import NO, YES
from jobnet.project.suggestions import shown, suggest

VALUE_LENGTH_MAX = 1024 * 1024


class Unfit(Exception):
    """A value that does not fit; the text says what would."""


def declared(shape: ParamShape) -> Param:
    """Return the declaration that a document makes."""
    has_default = "default" in shape.model_fields_set
    required = shape.required if shape.required is not None else not has_default
    return Param(
        type=shape.type,
        required=required and not has_default,
        default=plain_value(shape.default),
        choices=tuple(plain_value(one) for one in shape.choices),
        elements=shape.elements,
        description=shape.description,
    )


def plain_value(value: object) -> object:
    """Return data whose numbers are ordinary ones."""
    if isinstance(value, WrittenInt):
        return int(value)
    if isinstance(value, WrittenFloat):
        return float(value)
    if isinstance(value, list):
        return [plain_value(one) for one in value]
    if isinstance(value, dict):
        return {key: plain_value(one) for key, one in value.items()}
    return value


def convert(value: object, param: Param) -> object:
    """Return the value in its declared type, or raise ``Unfit``."""
    converted = CONVERTERS[param.type](value)
    if param.elements and isinstance(converted, list):
        converted = [CONVERTERS[param.elements](one) for one in converted]
    if param.choices and any(one not in param.choices for one in _chosen(converted, param)):
        listed = ", ".join(str(one) for one in param.choices)
        raise Unfit(f"{shown(converted)!r} is none of its choices: {listed}")
    return converted


def _chosen(value: object, param: Param) -> list[object]:
    return value if param.type == "list" and isinstance(value, list) else [value]


def convert_params(network: Network, given: Mapping[str, object]) -> dict[str, object]:
    """Return the value of every declared param: the given one converted, else the default.

    All that does not fit is told at once by ``ParamsRefused``.
    """
    problems = [
        f"{shown(name)!r} is not declared. {suggest(name, network.params)}".rstrip(". ?")
        for name in given
        if name not in network.params
    ]
    values: dict[str, object] = {}
    for name, param in network.params.items():
        if name not in given:
            if param.required:
                problems.append(f"{name!r} is required; give it with -e {name}=VALUE")
            values[name] = param.default
            continue
        try:
            values[name] = convert(given[name], param)
        except Unfit as objection:
            problems.append(f"{name!r}: {objection}")
    if problems:
        raise ParamsRefused(network.name, problems)
    return values


def _text(value: object) -> str:
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.text
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unfit(f"{shown(value)!r} is no text")
    text = str(value)
    if len(text) > VALUE_LENGTH_MAX:
        raise Unfit(f"a text of more than {VALUE_LENGTH_MAX:,} characters")
    return text


def _int(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    text = value.strip() if isinstance(value, str) else ""
    if text.isascii() and text.lstrip("+-").isdigit() and len(text) < 300:  # noqa: PLR2004 - digits
        return int(text)
    raise Unfit(f"{shown(value)!r} is no whole number")


def _float(value: object) -> float:
    try:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise Unfit(f"{shown(value)!r} is no number")


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, str | int) else ""
    if word in YES | {"1", "y", "t"} or word in NO | {"0", "n", "f"}:
        return word in YES | {"1", "y", "t"}
    raise Unfit(f"{shown(value)!r} is neither yes nor no")


def _dict(value: object) -> object:
    found = _from_json(value) if isinstance(value, str) else value
    if isinstance(found, dict):
        return plain_value(found)
    raise Unfit(f'{shown(value)!r} is no mapping; write JSON such as {{"a": 1}}')


def _list(value: object) -> object:
    if isinstance(value, str):
        found = _from_json(value) if value.lstrip().startswith("[") else None
        value = found if found is not None else [one.strip() for one in value.split(",")]
    if isinstance(value, list | tuple):
        return plain_value(list(value))
    raise Unfit(f'{shown(value)!r} is no list; write a,b or JSON such as ["a", "b"]')


def _from_json(text: str) -> object:
    if len(text) > VALUE_LENGTH_MAX:
        raise Unfit(f"a text of more than {VALUE_LENGTH_MAX:,} characters")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


CONVERTERS: dict[str, Callable[[object], object]] = {
    "str": _text,
    "path": _text,
    "secret": _text,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "dict": _dict,
    "list": _list,
    "raw": plain_value,
}
