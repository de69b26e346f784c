"""Decides whose a ``when`` is: Jobnet's, asked once, or Ansible's, asked for each host.

A condition that names only what Jobnet knows is Jobnet's (the part is BYPASSED); any other
goes to Ansible as it stands. One that needs both at once can be asked by neither.
"""

from jinja2 import Environment, TemplateSyntaxError, nodes

from jobnet.errors.expressions import ExpressionRefused
from jobnet.expressions import Expression, parse_expression
from jobnet.project.context import Build, Place
from jobnet.project.keywords import HANDED_OVER, JOBNET_ONLY
from jobnet.project.mentions import Mention
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence
from jobnet.project.scalars import value_of
from jobnet.project.schema.values import TEXT_MAX

CONDITIONS_MAX = 100

_JINJA = Environment(autoescape=False)  # noqa: S701 - only its parser is used


def jobnet_condition(node: Node | None, place: Place, build: Build) -> Expression | None:
    """Return the condition of a part that is no unit job; all of it is Jobnet's."""
    texts = [_checked(one, place, build) for one in _each(node, place, build)]
    return conjunction([text for text in texts if text is not None], node, place, build)


def split_condition(
    node: Node | None, place: Place, build: Build
) -> tuple[Expression | None, tuple[Node, ...]]:
    """Return what Jobnet asks, and the conditions that go to Ansible unrendered."""
    ours: list[str] = []
    theirs: list[Node] = []
    for one in _each(node, place, build):
        if _is_ours(one, place, build):
            text = _checked(one, place, build)
            ours += [text] if text is not None else []
        else:
            theirs.append(one)
    return conjunction(ours, node, place, build), tuple(theirs)


def conjunction(
    texts: list[str], node: Node | None, place: Place, build: Build
) -> Expression | None:
    """Return one expression that is true where all are, and note what it reads."""
    if not texts or node is None:
        return None
    joined = texts[0] if len(texts) == 1 else " and ".join(f"({text})" for text in texts)
    expression = parse_expression(joined)
    mention = Mention(
        references=expression.references, node=node, path=place.path, scope=place.scope
    )
    build.mentions.append(mention)
    return expression


def _each(node: Node | None, place: Place, build: Build) -> list[Scalar]:
    if node is None:
        return []
    found = node.items if isinstance(node, Sequence) else (node,)
    scalars = [one for one in found if isinstance(one, Scalar)]
    if len(scalars) < len(found) or isinstance(node, Mapping) or len(found) > CONDITIONS_MAX:
        build.object_to(
            node, place, "no_condition", "A condition is an expression or a list of them"
        )
        return []
    return scalars


def _checked(node: Scalar, place: Place, build: Build) -> str | None:
    """Return the text of one condition, or None after telling why it is none."""
    value = value_of(node)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        build.object_to(
            node,
            place,
            "no_condition",
            "A condition is an expression",
            "Write for example parts.load.exit_code == 0",
        )
        return None
    if value.strip().startswith("{{"):
        build.object_to(
            node, place, "no_bare_expression", "This is a bare expression", "Write it without {{ }}"
        )
        return None
    try:
        parse_expression(value)
    except ExpressionRefused as error:
        build.object_to(node, place, error.code, str(error))
        return None
    return value


def _is_ours(node: Scalar, place: Place, build: Build) -> bool:
    """Return whether Jobnet decides; a mix of both worlds is told as a problem."""
    value = value_of(node)
    if not isinstance(value, str):
        return True
    names = _names_read(value)
    if names is None:
        return True  # not even Jinja can read it: parsing it as ours tells why
    known = HANDED_OVER | JOBNET_ONLY | set(place.scope.loop_names)
    foreign = sorted(names - known)
    only_ours = sorted(names & (JOBNET_ONLY - set(place.scope.loop_names)))
    if foreign and only_ours:
        what = f"`{only_ours[0]}` is known to Jobnet alone and `{foreign[0]}` to Ansible alone"
        build.object_to(node, place, "mixed_condition", what, "Write a list of two conditions")
    return not foreign and not _needs_ansible(value, only_ours)


def _names_read(text: str) -> set[str] | None:
    if len(text) > TEXT_MAX:
        return None
    try:
        tree = _JINJA.parse("{{ (" + text + ") }}")
    except (TemplateSyntaxError, RecursionError):
        return None
    return {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}


def _needs_ansible(text: str, only_ours: list[str]) -> bool:
    """Return whether only a filter or test that Jobnet lacks makes this Ansible's."""
    if only_ours:
        return False
    try:
        parse_expression(text)
    except ExpressionRefused:
        return True
    return False
