"""Makes nodes: what Jobnet writes around the author's own text in a play."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf

from jobnet.project.emission import emit, is_plain_word
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, entries

PLACES = (0, 0)


def word(text: str) -> Scalar:
    """Return a plain scalar, such as ``false``."""
    return Scalar(text, "", None, *PLACES)


def text_node(text: str) -> Scalar:
    """Return a scalar that is read as this text, whatever it looks like."""
    return Scalar(text, '"', None, *PLACES)


def sequence(items: Iterable[Node]) -> Sequence:
    """Return a list of nodes."""
    return Sequence(tuple(items), None, *PLACES, 1, is_flow=False)


def mapping(pairs: MappingOf[str, Node]) -> Mapping:
    """Return a mapping; keys that could be read as anything but text are quoted."""
    return Mapping(
        tuple((_key(key), value) for key, value in pairs.items()), None, *PLACES, 1, is_flow=False
    )


def _key(key: str) -> Scalar:
    return word(key) if is_plain_word(key) else text_node(key)


def block_text(pairs: MappingOf[str, Node]) -> str:
    """Return the pairs as block YAML at indent 0, or "" where there are none."""
    return emit(mapping(pairs)) if pairs else ""


def merged(mappings: Iterable[Mapping]) -> dict[str, Node]:
    """Return the pairs of several mappings, the later ones winning, as Ansible nests ``vars``."""
    found: dict[str, Node] = {}
    for one in mappings:
        found |= {name: value for name, (_, value) in entries(one).items()}
    return found


def without(node: Mapping, keys: Iterable[str]) -> Mapping:
    """Return a mapping without some keys; the order and the merge keys of the rest stay."""
    gone = frozenset(keys)
    kept = tuple(
        pair for pair in node.pairs if not (isinstance(pair[0], Scalar) and pair[0].value in gone)
    )
    return node._replace(pairs=kept)


def with_pairs(node: Mapping, pairs: MappingOf[str, Node]) -> Mapping:
    """Return a mapping with further or replaced pairs at its end."""
    rest = without(node, pairs)
    return rest._replace(pairs=rest.pairs + mapping(pairs).pairs)
