"""Converts params to the types that are declared for them, and says what does not fit.

The words are those of Ansible's argument specs. Values given as text (``-e key=value``) are
converted; values from a file keep their own type where it fits already.
"""

from collections.abc import Mapping

from jobnet.definition import Network, Param
from jobnet.definition.typed_values import TEXT_MAX, Misfit, chosen_of, typed_value
from jobnet.errors.project import ParamsRefused
from jobnet.project.scalars import WrittenFloat, WrittenInt
from jobnet.project.schema.documents import ParamShape
from jobnet.project.suggestions import shown, suggest

TEXT_TYPES = frozenset({"str", "path", "secret"})
_NONE: Mapping[str, str] = {
    **dict.fromkeys(TEXT_TYPES, "is no text"),
    "int": "is no whole number",
    "float": "is no number",
    "bool": "is neither yes nor no",
    "dict": 'is no mapping; write JSON such as {"a": 1}',
    "list": 'is no list; write a,b or JSON such as ["a", "b"]',
    "raw": "is no value",
}


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
    if isinstance(value, str) and len(value) > TEXT_MAX:
        raise Unfit(f"a text of more than {TEXT_MAX:,} characters")
    try:
        plain = _plain_for(value, param.type)
        converted = typed_value(plain, type_=param.type, elements=param.elements)
    except Misfit as error:
        raise Unfit(f"{shown(plain_value(error.value))!r} {_NONE[error.type_]}") from error
    if param.choices and any(one not in param.choices for one in chosen_of(converted)):
        listed = ", ".join(str(one) for one in param.choices)
        raise Unfit(f"{shown(converted)!r} is none of its choices: {listed}")
    return converted


def _plain_for(value: object, type_: str) -> object:
    """Return ordinary data; a number counts as the text that was written where that is wanted."""
    if type_ in TEXT_TYPES and isinstance(value, WrittenInt | WrittenFloat):
        return value.text
    return plain_value(value)


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
