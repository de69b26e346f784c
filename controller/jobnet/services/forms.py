"""Turns what a person types for a field of a dialog's form into a value of its type."""

import json
from collections.abc import Callable, Mapping

from jobnet.definition import FormField

TEXT_MAX = 64 * 1024

_TRUE = frozenset({"yes", "y", "true", "on", "1"})
_FALSE = frozenset({"no", "n", "false", "off", "0"})


def field_value(field: FormField, text: str) -> object:
    """Return the value; ``ValueError`` says what to type instead.

    Nothing typed means the default; a required field without one has to be typed.
    """
    if len(text) > TEXT_MAX:
        raise ValueError(f"write at most {TEXT_MAX} characters")
    if text == "":
        if field.required and field.default is None:
            raise ValueError("it is required")
        return field.default
    value = _READERS.get(field.type, str)(text)
    if field.choices and value not in field.choices:
        raise ValueError(f"write one of {', '.join(str(choice) for choice in field.choices)}")
    return value


def missing_fields(form: Mapping[str, FormField], given: Mapping[str, object]) -> tuple[str, ...]:
    """Return the required fields that have neither a value nor a default."""
    return tuple(
        name
        for name, field in form.items()
        if field.required and field.default is None and name not in given
    )


def completed(form: Mapping[str, FormField], given: Mapping[str, object]) -> dict[str, object]:
    """Return the given values and the defaults of all other fields, in the form's order."""
    return {name: given.get(name, field.default) for name, field in form.items()}


def _bool(text: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError("write yes or no")
    return word in _TRUE


def _number(kind: Callable[[str], object], say: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        if not text.isascii() or "_" in text:
            raise ValueError(say)
        try:
            return kind(text)
        except ValueError as error:
            raise ValueError(say) from error

    return read


def _json(kind: type, say: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(say) from error
        if not isinstance(value, kind):
            raise ValueError(say)  # noqa: TRY004 - it is the typed text that is wrong
        return value

    return read


def _list(text: str) -> object:
    if text.lstrip().startswith("["):
        return _json(list, 'write a list such as ["a", "b"] or a, b')(text)
    return [item.strip() for item in text.split(",")]


_READERS: Mapping[str, Callable[[str], object]] = {
    "int": _number(int, "write a whole number"),
    "float": _number(float, "write a number"),
    "bool": _bool,
    "list": _list,
    "dict": _json(dict, 'write a JSON object such as {"a": 1}'),
}
