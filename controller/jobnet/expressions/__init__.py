"""Reads and evaluates the expressions and templates of networks, within a budget.

The language is Jinja's, with Ansible's filters and tests; the code that runs is ours and pays
for each node, item and KiB. A text is parsed once (``parse_expression``, ``parse_template``),
may be kept, and evaluated any number of times with the names that its caller defines.
"""

from jobnet.errors.expressions import (
    BudgetExceeded,
    ExpressionFailed,
    ExpressionRefused,
    UnknownName,
)
from jobnet.expressions.budget import Budget
from jobnet.expressions.evaluation import evaluate, evaluate_condition
from jobnet.expressions.rendering import render
from jobnet.expressions.syntax import Expression, Template, parse_expression, parse_template
from jobnet.expressions.values import Function, Namespace, Value

__all__ = [
    "Budget",
    "BudgetExceeded",
    "Expression",
    "ExpressionFailed",
    "ExpressionRefused",
    "Function",
    "Namespace",
    "Template",
    "UnknownName",
    "Value",
    "evaluate",
    "evaluate_condition",
    "parse_expression",
    "parse_template",
    "render",
]
