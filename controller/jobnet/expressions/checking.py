"""Decides which shapes of a text are accepted, and says why another one is not.

An allow list: a node, filter, test, method or function that is not named here or in one of the
registers is refused when the definition is read, never when a run comes to it.
"""

from collections.abc import Iterable, Iterator

from jinja2 import nodes

from jobnet.errors.expressions import nearest
from jobnet.expressions.filters import FILTERS
from jobnet.expressions.lexing import refused
from jobnet.expressions.methods import METHOD_NAMES
from jobnet.expressions.tests import TESTS
from jobnet.expressions.values import INTEGER_BITS_MAX

DEPTH_MAX = 64
"""How deep the tree may be: also how many filters or operators may follow one another."""

ACCEPTED = frozenset(
    {
        nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign,
        nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword,
        nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Getattr, nodes.Getitem,
        nodes.Slice, nodes.Compare, nodes.Operand, nodes.Concat, nodes.And, nodes.Or, nodes.Not,
        nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow,
        nodes.Neg, nodes.Pos,
    }
)  # fmt: skip

REASONS: dict[type[nodes.Node], str] = {
    nodes.Include: "a text cannot include other files; write it out here",
    nodes.Import: "a text cannot import other files; write it out here",
    nodes.FromImport: "a text cannot import other files; write it out here",
    nodes.Extends: "a text cannot extend other files; write it out here",
    nodes.Block: "blocks of template inheritance have no meaning here; leave the tag away",
    nodes.Macro: "macros cannot be defined here; repeat the text or use a job type",
    nodes.CallBlock: "macros cannot be called here; repeat the text or use a job type",
    nodes.FilterBlock: "write the filter behind the value: {{ value | upper }}",
    nodes.AssignBlock: "write {% set name = value %} in one tag",
    nodes.NSRef: "a name of an outer scope cannot be changed; use a filter such as sum or map",
    nodes.With: "write {% set name = value %} instead of {% with %}",
    nodes.Scope: "autoescape has no meaning here; leave the tag away",
}

_OUTSIDE = "reads the world outside; do it in a unit job and publish the result with set_stats"
FUNCTIONS_REFUSED = {
    "lookup": _OUTSIDE,
    "query": _OUTSIDE,
    "q": _OUTSIDE,
    "now": "is an instant here, not a function; write it without ()",
    "undef": "has no use here; leave the value away",
    "namespace": "cannot be used here; use a filter such as sum or map",
    "lipsum": "makes random text, which a run could not repeat",
    "cycler": "cannot be used here; use loop.index",
    "joiner": "cannot be used here; use the filter join",
}

FILTERS_REFUSED = {
    "random": "draws a random number, which a run could not repeat",
    "shuffle": "draws random numbers, which a run could not repeat",
    "strftime": "reads the clock; write now.strftime('%Y-%m-%d')",
    "pprint": "has no use here; write to_nice_json",
    "urlize": "makes HTML; write the link out in the text",
    "xmlattr": "makes HTML; write the attributes out in the text",
    "fileglob": _OUTSIDE,
    "expandvars": _OUTSIDE,
    "expanduser": _OUTSIDE,
    "realpath": _OUTSIDE,
    "vault": "needs a secret; use a credential",
    "unvault": "needs a secret; use a credential",
    "password_hash": "draws a random salt; hash inside the unit job",
}


def check(tree: nodes.Node, text: str) -> None:
    """Raise ``ExpressionRefused`` for the first node, in reading order, that is not accepted."""
    for node, depth in _walk(tree):
        if depth > DEPTH_MAX:
            raise refused(f"the text nests deeper than {DEPTH_MAX} levels", text, node.lineno)
        reason = _reason(node)
        if reason:
            raise refused(reason, text, node.lineno)


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Yield all nodes with their depth; no recursion, for the tree may be far too deep."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(list(node.iter_child_nodes())))


def _reason(node: nodes.Node) -> str:
    if type(node) not in ACCEPTED:
        kind = type(node).__name__.lower()
        return REASONS.get(type(node), f"{kind!r} cannot be used in a network's texts")
    match node:
        case nodes.Filter():
            return _filter_reason(node)
        case nodes.Test():
            return name_reason("test", node.name, TESTS) or _spread_reason(node)
        case nodes.Call():
            return _call_reason(node) or _spread_reason(node)
    return _content_reason(node)


def _content_reason(node: nodes.Node) -> str:
    match node:
        case nodes.Getattr(attr=name) if name.startswith("_"):
            return f"{name!r} begins with an underscore; such names are private"
        case nodes.For(recursive=True):
            return "recursive loops cannot be used here"
        case nodes.Const(value=int() as number) if number.bit_length() > INTEGER_BITS_MAX:
            return f"a whole number may have at most {INTEGER_BITS_MAX} bits"
        case nodes.Tuple(ctx="store") if not all(isinstance(i, nodes.Name) for i in node.items):
            return "a loop or set can only fill plain names here"
    return ""


def _filter_reason(node: nodes.Filter) -> str:
    short = node.name.removeprefix("ansible.builtin.")
    if short in FILTERS_REFUSED:
        return f"the filter {short!r} {FILTERS_REFUSED[short]}"
    inner = _inner_name(short, node)
    return (
        name_reason("filter", node.name, FILTERS)
        or (inner and name_reason(*inner))
        or _spread_reason(node)
    )


def _inner_name(name: str, node: nodes.Filter) -> tuple[str, str, Iterable[str]] | None:
    """Return the filter or test that ``map``, ``select`` and their kin are told to use."""
    place = {"map": 0, "select": 0, "reject": 0, "selectattr": 1, "rejectattr": 1}.get(name)
    if place is None or len(node.args) <= place:
        return None
    match node.args[place]:
        case nodes.Const(value=str() as inner):
            return ("filter", inner, FILTERS) if name == "map" else ("test", inner, TESTS)
    return None


def name_reason(kind: str, name: str, known: Iterable[str]) -> str:
    """Return why a filter or test is refused, with the nearest name, or nothing."""
    if name.removeprefix("ansible.builtin.") in known:
        return ""
    return f"there is no {kind} {name!r} here{nearest(name, known)}"


def _call_reason(node: nodes.Call) -> str:
    match node.node:
        case nodes.Name(name=name):
            return f"{name!r} {FUNCTIONS_REFUSED[name]}" if name in FUNCTIONS_REFUSED else ""
        case nodes.Getattr(attr=name) if name in METHOD_NAMES:
            return ""
        case nodes.Getattr(attr=name):
            return f"there is no method {name!r} here{nearest(name, METHOD_NAMES)}"
    return "only functions and methods with a name can be called"


def _spread_reason(node: nodes.Filter | nodes.Test | nodes.Call) -> str:
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return "arguments cannot be spread with * or **; write them one by one"
    return ""
