"""Decides whose a ``when`` is: Jobnet's, asked once, or Ansible's, asked for each host.

A condition that names only what Jobnet knows is Jobnet's (the part is BYPASSED); any other
goes to Ansible as it stands. One that needs both at once can be asked by neither.
"""

from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes

from jobnet.errors.expressions import ExpressionRefused
from jobnet.expressions import Expression, parse_expression
from jobnet.project.context import Build, Place
from jobnet.project.keywords import HANDED_OVER, JOBNET_ONLY
from jobnet.project.mentions import Mention
from jobnet.project.nodes import Node, Scalar, Sequence
from jobnet.project.scalars import value_of
from jobnet.project.schema.values import TEXT_MAX

CONDITIONS_MAX = 100
LITERALS = frozenset({"range", "dict"})

_JINJA = Environment(autoescape=False)  # noqa: S701 - only its parser is used


@dataclass(frozen=True, slots=True)
class _Condition:
    """One condition of the text: parsed, or refused with the reason."""

    node: Scalar
    text: str
    parsed: Expression | ExpressionRefused

    @property
    def names(self) -> frozenset[str]:
        """Return the names that it reads; none where not even Jinja understands it."""
        if isinstance(self.parsed, Expression):
            return frozenset(path[0] for path in self.parsed.references)
        return _names_read(self.text)


def jobnet_condition(node: Node | None, place: Place, build: Build) -> Expression | None:
    """Return the condition of a part that is no unit job; all of it is Jobnet's."""
    return _conjunction(_each(node, place, build), node, place, build)


def split_condition(
    node: Node | None, place: Place, build: Build
) -> tuple[Expression | None, tuple[Node, ...]]:
    """Return what Jobnet asks, and the conditions that go to Ansible unrendered."""
    ours: list[_Condition] = []
    theirs: list[Node] = []
    for one in _each(node, place, build):
        if _is_ours(one, place, build):
            ours.append(one)
        else:
            theirs.append(one.node)
    return _conjunction(ours, node, place, build), tuple(theirs)


def parts_asked(conditions: tuple[Node, ...]) -> tuple[str, ...]:
    """Return the parts that conditions name which go to Ansible, sorted."""
    found: set[str] = set()
    for node in conditions:
        text = value_of(node) if isinstance(node, Scalar) else None
        try:
            references = parse_expression(str(text)).references
        except ExpressionRefused:
            continue  # a filter of a collection: Ansible alone understands it
        found.update(path[1] for path in references if path[0] == "parts" and len(path) > 1)
    return tuple(sorted(found))


def _conjunction(
    conditions: list[_Condition], node: Node | None, place: Place, build: Build
) -> Expression | None:
    """Return one expression that is true where all are, and note what it reads."""
    parsed: list[Expression] = []
    for one in conditions:
        if isinstance(one.parsed, Expression):
            parsed.append(one.parsed)
        else:
            build.object_to(one.node, place, one.parsed.code, str(one.parsed))
    if not parsed or node is None:
        return None
    expression = parsed[0]
    if len(parsed) > 1:
        joined = joined_condition([one.text for one in parsed])
        if joined is None:
            what = "These conditions are too long together"
            build.object_to(node, place, "text_too_long", what, "Write fewer of them")
            return None
        expression = joined
    mention = Mention(
        references=expression.references, node=node, path=place.path, scope=place.scope
    )
    build.mentions.append(mention)
    return expression


def joined_condition(texts: list[str]) -> Expression | None:
    """Return the expression that is true where all are, None where it would be too long."""
    try:
        return parse_expression(" and ".join(f"({text})" for text in texts))
    except ExpressionRefused:
        return None


def _each(node: Node | None, place: Place, build: Build) -> list[_Condition]:
    if node is None:
        return []
    found = node.items if isinstance(node, Sequence) else (node,)
    scalars = [one for one in found if isinstance(one, Scalar)]
    if len(scalars) < len(found) or len(found) > CONDITIONS_MAX:
        what = "A condition is an expression or a list of them"
        build.object_to(node, place, "no_condition", what)
        return []
    conditions = (_parsed(one, place, build) for one in scalars)
    return [one for one in conditions if one is not None]


def _parsed(node: Scalar, place: Place, build: Build) -> _Condition | None:
    """Return one condition, or None after telling why it is none at all."""
    value = value_of(node)
    text = str(value).lower() if isinstance(value, bool) else value
    if not isinstance(text, str) or len(text) > TEXT_MAX:
        what, hint = "A condition is an expression", "Write for example parts.load.exit_code == 0"
        build.object_to(node, place, "no_condition", what, hint)
        return None
    if text.strip().startswith("{{"):
        what, hint = "A condition is a bare expression", "Write it without {{ }}"
        build.object_to(node, place, "no_bare_expression", what, hint)
        return None
    try:
        return _Condition(node, text, parse_expression(text))
    except ExpressionRefused as error:
        return _Condition(node, text, error)


def _is_ours(condition: _Condition, place: Place, build: Build) -> bool:
    """Return whether Jobnet decides; a mix of both worlds is told as a problem.

    A condition that Jobnet's language refuses is Ansible's if Ansible could know all of its
    names: it may use a filter of a collection.
    """
    names, loops = condition.names, set(place.scope.loop_names)
    foreign = sorted(names - HANDED_OVER - JOBNET_ONLY - loops - LITERALS)
    only_ours = sorted(names & JOBNET_ONLY - loops)
    if foreign and only_ours:
        what = f"`{only_ours[0]}` is known to Jobnet alone and `{foreign[0]}` to Ansible alone"
        hint = "Write a list of two conditions"
        build.object_to(condition.node, place, "mixed_condition", what, hint)
    if foreign:
        return False
    return isinstance(condition.parsed, Expression) or bool(only_ours) or not names


def _names_read(text: str) -> frozenset[str]:
    try:
        tree = _JINJA.parse("{{ (" + text + ") }}")
    except (TemplateSyntaxError, RecursionError):
        return frozenset()
    return frozenset(one.name for one in tree.find_all(nodes.Name) if one.ctx == "load")
