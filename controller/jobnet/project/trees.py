"""Reads data whose texts may be templates: params of a called network, data of an event."""

from jobnet.definition import Arguments
from jobnet.errors.expressions import ExpressionRefused
from jobnet.expressions import Template, parse_template
from jobnet.project.context import Build, Place
from jobnet.project.mentions import Mention
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, entries
from jobnet.project.scalars import value_of
from jobnet.project.schema.values import TEXT_MAX, is_template


def tree(node: Node | None, place: Place, build: Build) -> Arguments:
    """Return plain data with a ``Template`` for each text that has one; problems are told."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return _leaf(node, place, build)
    if isinstance(node, Sequence):
        return tuple(tree(item, place.at(n), build) for n, item in enumerate(node.items))
    return mapping_tree(node, place, build)


def mapping_tree(node: Mapping, place: Place, build: Build) -> dict[str, Arguments]:
    """Return the tree of a mapping."""
    return {name: tree(value, place.at(name), build) for name, (_, value) in entries(node).items()}


def _leaf(node: Scalar, place: Place, build: Build) -> Arguments:
    value = value_of(node)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if not is_template(value):
        return value
    return template_at(node, place, build)


def template_at(node: Scalar, place: Place, build: Build) -> Template | None:
    """Return the template that a scalar holds, or None after telling what is wrong with it."""
    if len(node.value) > TEXT_MAX:
        what = f"The text is longer than {TEXT_MAX // 1024} KiB"
        build.object_to(node, place, "text_too_long", what)
        return None
    try:
        template = parse_template(node.value)
    except ExpressionRefused as error:
        build.object_to(node, place, error.code, str(error))
        return None
    if template.references:
        mention = Mention(
            references=template.references, node=node, path=place.path, scope=place.scope
        )
        build.mentions.append(mention)
    return template
