"""Fits the params of a called network to what it declares, in the words of argument specs.

Texts are converted as Ansible converts module arguments: "5" is a good int, "yes" a good bool.
All problems are named at once.
"""

from collections.abc import Mapping

from jobnet.definition import Network, Param
from jobnet.definition.typed_values import Misfit, chosen_of, typed_value
from jobnet.errors.expressions import ExpressionFailed


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
    try:
        fitted = typed_value(value, type_=param.type, elements=param.elements)
    except Misfit as error:
        is_text = isinstance(error.value, str)
        found = f"{error.value!r:.40}" if is_text else type(error.value).__name__
        raise ValueError(f"has to be of type {error.type_}, not {found}") from error
    if param.choices and any(one not in param.choices for one in chosen_of(fitted)):
        raise ValueError(f"has to be one of {', '.join(map(str, param.choices))}")
    return fitted
