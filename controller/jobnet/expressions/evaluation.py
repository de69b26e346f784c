"""Walks through an expression's tree and computes its value, paying for every node.

Names come from the caller and from nowhere else. The value of anything is data: text that
looks like a template is text.
"""

from collections.abc import Callable, Mapping

from jinja2 import nodes

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import access, operators
from jobnet.expressions.budget import Budget, Meter
from jobnet.expressions.filters import FILTERS
from jobnet.expressions.functions import FUNCTIONS
from jobnet.expressions.lexing import place
from jobnet.expressions.methods import call_method
from jobnet.expressions.syntax import Expression
from jobnet.expressions.tests import TESTS
from jobnet.expressions.values import (
    CELL,
    Function,
    Undefined,
    Value,
    defined,
    hashable,
    is_namespace,
    kind,
    plain,
    text,
)
from jobnet.expressions.work import UNUSABLE, Work

DEFAULT = Budget()


def evaluate(
    expression: Expression, names: Mapping[str, Value], *, budget: Budget = DEFAULT
) -> Value:
    """Return the value of an expression, as JSON-like data, dates and durations only.

    Raise ``ExpressionFailed`` (or its kin ``UnknownName``, ``BudgetExceeded``) with the place.
    """
    evaluation = Evaluation(expression.text, names, budget)
    return evaluation.result(expression.tree)


def evaluate_condition(
    expression: Expression, names: Mapping[str, Value], *, budget: Budget = DEFAULT
) -> bool:
    """Return whether a condition holds; a value that is not a boolean is an error."""
    evaluation = Evaluation(expression.text, names, budget)
    value = evaluation.result(expression.tree)
    if isinstance(value, bool):
        return value
    raise ExpressionFailed(
        f"Conditional result ({bool(value)}) was derived from value of type {kind(value)!r}. "
        "Conditionals must have a boolean result. Compare it or use the filter bool"
    ).place(text=expression.text, line=1, column=1)


class Evaluation:
    """One walk through one text: its names, what loops and ``set`` added, and its meter."""

    __slots__ = ("meter", "names", "own", "text", "work")

    def __init__(self, text: str, names: Mapping[str, Value], budget: Budget) -> None:
        self.text = text
        self.names = names
        self.own: dict[str, Value] = {}
        self.meter = Meter(budget)
        self.work = Work(self.meter, FILTERS, TESTS)

    def result(self, node: nodes.Expr) -> Value:
        """Return the value of a whole expression, which stands on its own afterwards."""
        value = self.value(node)
        try:
            return plain(self.meter, value)
        except ExpressionFailed as error:
            raise self.placed(error, node) from error
        except RecursionError as error:
            raise self.placed(ExpressionFailed("the value nests too deep"), node) from error

    def value(self, node: nodes.Node) -> Value:
        """Return the value of a node; it may be undefined."""
        meter = self.meter
        meter.steps_left -= 1
        if meter.steps_left < 0:
            meter.step()
        try:
            return EVALUATE[type(node)](self, node)
        except ExpressionFailed as error:
            if error.text is not None:
                raise
            self.placed(error, node)
            raise
        except UNUSABLE as error:
            cause = str(error).splitlines()[:1]
            raise self.placed(
                ExpressionFailed(f"this cannot be computed: {''.join(cause)[:200]}"), node
            ) from error

    def defined(self, node: nodes.Node) -> Value:
        """Return the value of a node, which must be defined."""
        value = self.value(node)
        if value.__class__ is Undefined:
            assert isinstance(value, Undefined)
            raise self.placed(value.error(), node)
        return value

    def placed(self, error: ExpressionFailed, node: nodes.Node) -> ExpressionFailed:
        """Return the error with the place of the node."""
        line, column = place(self.text, node.lineno)
        return error.place(text=self.text, line=line, column=column)


def is_true(evaluation: Evaluation, node: nodes.Node) -> bool:
    """Return whether a value counts as true, as Jinja's and / or / if take it."""
    return is_truth(evaluation.defined(node))


def _name(evaluation: Evaluation, node: nodes.Name) -> Value:
    name = node.name
    if name in evaluation.own:
        return evaluation.own[name]
    try:
        return evaluation.names[name]
    except KeyError:
        return Undefined(name, tuple(sorted({*evaluation.names, *evaluation.own})))


def _constant(evaluation: Evaluation, node: nodes.Const) -> Value:
    value: Value = node.value
    if isinstance(value, str):
        evaluation.meter.build(len(value))
    return value


def _attribute(evaluation: Evaluation, node: nodes.Getattr) -> Value:
    return access.attribute(evaluation.value(node.node), node.attr, owner=spelled(node.node))


def _item(evaluation: Evaluation, node: nodes.Getitem) -> Value:
    value = evaluation.value(node.node)
    if isinstance(node.arg, nodes.Slice):
        parts = (node.arg.start, node.arg.stop, node.arg.step)
        bounds = [None if part is None else evaluation.defined(part) for part in parts]
        return access.cut(evaluation.meter, defined(value), *bounds)
    key = evaluation.defined(node.arg)
    return access.item(evaluation.meter, value, key, owner=spelled(node.node))


def spelled(node: nodes.Node) -> str:
    """Return a path as a reader would write it, ``parts.ping``, or nothing for any other node."""
    steps: list[str] = []
    while isinstance(node, nodes.Getattr):
        steps.append(node.attr)
        node = node.node
    if not isinstance(node, nodes.Name):
        return ""
    return ".".join([node.name, *reversed(steps)])


def _list(evaluation: Evaluation, node: nodes.List | nodes.Tuple) -> Value:
    evaluation.meter.build(CELL * len(node.items))
    values = [evaluation.defined(item) for item in node.items]
    return tuple(values) if isinstance(node, nodes.Tuple) else values


def _dictionary(evaluation: Evaluation, node: nodes.Dict) -> Value:
    evaluation.meter.build(2 * CELL * len(node.items))
    return {
        hashable(evaluation.meter, evaluation.defined(pair.key)): evaluation.defined(pair.value)
        for pair in node.items
    }


def _conditional(evaluation: Evaluation, node: nodes.CondExpr) -> Value:
    if is_true(evaluation, node.test):
        return evaluation.value(node.expr1)
    if node.expr2 is None:
        return Undefined("else", (), "this conditional expression")
    return evaluation.value(node.expr2)


def _and(evaluation: Evaluation, node: nodes.And) -> Value:
    left = evaluation.defined(node.left)
    return evaluation.defined(node.right) if is_truth(left) else left


def _or(evaluation: Evaluation, node: nodes.Or) -> Value:
    left = evaluation.defined(node.left)
    return left if is_truth(left) else evaluation.defined(node.right)


def is_truth(value: Value) -> bool:
    """Return whether a value that is at hand counts as true."""
    return bool(value.names()) if is_namespace(value) else bool(value)


def _compare(evaluation: Evaluation, node: nodes.Compare) -> Value:
    left = evaluation.defined(node.expr)
    for operand in node.ops:
        right = evaluation.defined(operand.expr)
        if not operators.COMPARISONS[operand.op](evaluation.meter, left, right):
            return False
        left = right
    return True


def _binary(evaluation: Evaluation, node: nodes.BinExpr) -> Value:
    left, right = evaluation.defined(node.left), evaluation.defined(node.right)
    return operators.BINARY[type(node).__name__](evaluation.meter, left, right)


def _joined(evaluation: Evaluation, node: nodes.Concat) -> Value:
    pieces = [text(evaluation.meter, evaluation.defined(part)) for part in node.nodes]
    evaluation.meter.build(sum(map(len, pieces)))
    return "".join(pieces)


def _arguments(
    evaluation: Evaluation, node: nodes.Filter | nodes.Test | nodes.Call
) -> tuple[list[Value], dict[str, Value]]:
    positional = [evaluation.value(argument) for argument in node.args]
    named = {str(pair.key): evaluation.value(pair.value) for pair in node.kwargs}
    return positional, named


def _filter(evaluation: Evaluation, node: nodes.Filter) -> Value:
    assert node.node is not None, "a filter block is refused when it is read"
    value = evaluation.value(node.node)
    return evaluation.work.filter(node.name, value, *_arguments(evaluation, node))


def _test(evaluation: Evaluation, node: nodes.Test) -> Value:
    value = evaluation.value(node.node)
    return evaluation.work.test(node.name, value, *_arguments(evaluation, node))


def _call(evaluation: Evaluation, node: nodes.Call) -> Value:
    positional, named = _arguments(evaluation, node)
    for argument in (*positional, *named.values()):
        defined(argument)
    if isinstance(node.node, nodes.Getattr):
        if named:
            raise ExpressionFailed("methods take their arguments without names here")
        value = evaluation.value(node.node.node)
        return call_method(evaluation.meter, value, node.node.attr, positional)
    assert isinstance(node.node, nodes.Name), "other calls are refused when they are read"
    function = _name(evaluation, node.node)
    if isinstance(function, Function):
        return function.call(*positional, **named)
    if isinstance(function, Undefined) and node.node.name in FUNCTIONS:
        return FUNCTIONS[node.node.name](evaluation.meter, *positional, **named)
    if isinstance(function, Undefined):
        raise function.error()
    raise ExpressionFailed(f"{node.node.name!r} is no function; write it without ()")


EVALUATE: dict[type[nodes.Node], Callable[..., Value]] = {
    nodes.Add: _binary,
    nodes.And: _and,
    nodes.Call: _call,
    nodes.Compare: _compare,
    nodes.Concat: _joined,
    nodes.CondExpr: _conditional,
    nodes.Const: _constant,
    nodes.Dict: _dictionary,
    nodes.Div: _binary,
    nodes.Filter: _filter,
    nodes.FloorDiv: _binary,
    nodes.Getattr: _attribute,
    nodes.Getitem: _item,
    nodes.List: _list,
    nodes.Mod: _binary,
    nodes.Mul: _binary,
    nodes.Name: _name,
    nodes.Neg: lambda e, node: operators.negative(e.meter, e.defined(node.node)),
    nodes.Not: lambda e, node: not is_true(e, node.node),
    nodes.Or: _or,
    nodes.Pos: lambda e, node: operators.positive(e.meter, e.defined(node.node)),
    nodes.Pow: _binary,
    nodes.Sub: _binary,
    nodes.TemplateData: lambda _, node: node.data,
    nodes.Test: _test,
    nodes.Tuple: _list,
}
