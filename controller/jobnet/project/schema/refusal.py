"""Makes the errors of our own field types: a code, what is wrong and what would be right."""

from pydantic_core import PydanticCustomError


def refused(code: str, what: str, hint: str = "") -> PydanticCustomError:
    """Return the error for a value that has no meaning in its field."""
    return PydanticCustomError(code, "{what}", {"what": what, "hint": hint})
