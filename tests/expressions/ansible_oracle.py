"""Asks ansible-core itself what an expression or a template gives; only tests do."""

import warnings

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from jobnet.expressions import ExpressionFailed, Value, evaluate, parse_expression

FAILED = "this has no value"


def ansible_value(expression: str, names: dict[str, Value]) -> Value:
    """Return what Ansible makes of a bare expression, ``FAILED`` if it refuses."""
    templar = Templar(loader=DataLoader(), variables=dict(names))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python, about escapes such as \d
            return templar.evaluate_expression(trust_as_template(expression))
    except Exception:  # noqa: BLE001 - Ansible and its plugins raise many kinds
        return FAILED


def ansible_text(template: str, names: dict[str, Value]) -> Value:
    """Return what Ansible makes of a template, ``FAILED`` if it refuses."""
    templar = Templar(loader=DataLoader(), variables=dict(names))
    try:
        return templar.template(trust_as_template(template))
    except Exception:  # noqa: BLE001 - Ansible and its plugins raise many kinds
        return FAILED


def our_value(expression: str, names: dict[str, Value]) -> Value:
    """Return what we make of a bare expression, ``FAILED`` if it has no value."""
    try:
        return evaluate(parse_expression(expression), names)
    except ExpressionFailed:
        return FAILED
