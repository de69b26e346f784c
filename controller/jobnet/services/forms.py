"""Turns what a person types for a field of a dialog's form into a value of its type."""

from collections.abc import Mapping

from jobnet.definition import FormField
from jobnet.definition.typed_values import Misfit, chosen_of, typed_value

TEXT_MAX = 64 * 1024

_WANTED: Mapping[str, str] = {
    "int": "a whole number",
    "float": "a number",
    "bool": "yes or no",
    "list": 'a list such as ["a", "b"] or a, b',
    "dict": 'a JSON object such as {"a": 1}',
}


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
    try:
        value = typed_value(text, type_=field.type)
    except Misfit as error:
        raise ValueError(f"write {_WANTED.get(field.type, 'a text')}") from error
    if field.choices and any(one not in field.choices for one in chosen_of(value)):
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
