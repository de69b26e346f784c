"""Fits the params of a called network to what it declares, in the words of argument specs.

Texts are converted as Ansible converts module arguments: "5" is a good int, "yes" a good bool.
All problems are named at once.
"""

from collections.abc import Mapping

from jobnet.definition import Network, Param
from jobnet.errors.expressions import ExpressionFailed

_TRUE = frozenset({"yes", "on", "true", "1", "y", "t"})
_FALSE = frozenset({"no", "off", "false", "0", "n", "f"})


def fit_params(network: Network, given: Mapping[str, object]) -> dict[str, object]:
    """Return all params of a network with their values, defaults included."""
    problems = [f"{name!r} is not declared" for name in given if name not in network.params]
    values: dict[str, object] = {}
    for name, param in network.params.items():
        if name in given:
            try:
                values[name] = fit(param, given[name])
            except ValueError as error:
                problems.append(f"{name!r} {error}")
        elif param.required:
            problems.append(f"{name!r} is required")
        else:
            values[name] = param.default
    if problems:
        raise ExpressionFailed(f"params of network {network.name!r}: {'; '.join(problems)}")
    return values


def fit(param: Param, value: object) -> object:
    """Return the value as the declared type; ValueError says what it would have to be."""
    if value is None and not param.required:
        return None
    fitted = _converted(param.type, value)
    if param.choices and fitted not in param.choices:
        raise ValueError(f"has to be one of {', '.join(map(str, param.choices))}")
    return fitted


def _converted(type_: str, value: object) -> object:  # noqa: C901, PLR0911
    match type_, value:
        case (("str" | "path" | "secret"), str()):
            return value
        case (("str" | "path"), (int() | float())) if not isinstance(value, bool):
            return str(value)
        case "int", int() if not isinstance(value, bool):
            return value
        case "int", str() if value.strip().lstrip("+-").isdecimal() and value.isascii():
            return int(value)
        case "float", (int() | float()) if not isinstance(value, bool):
            return float(value)
        case "float", str():
            return _float(value)
        case "bool", bool():
            return value
        case "bool", str() if value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        case "list", (list() | tuple()):
            return list(value)
        case "dict", Mapping():
            return dict(value)
        case "raw", _:
            return value
        case _:
            raise ValueError(f"has to be of type {type_}, not {type(value).__name__}")


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"has to be of type float, not {text!r:.40}") from error
