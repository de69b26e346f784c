"""Finds the names that a text reads, without evaluating it.

The engine asks whether a branch names the part before it; lint asks whether the named things
exist. Loop variables and names that ``set`` defines are the text's own and are left out.
"""

from collections.abc import Iterable

from jinja2 import nodes

Path = tuple[str, ...]
Scope = set[str]


def references(tree: nodes.Node) -> tuple[Path, ...]:
    """Return every static path that is read, each once, sorted.

    A path ends at the first index that is not a plain text and before a method:
    ``parts['ping'].hosts[name].state`` reads ``("parts", "ping", "hosts")`` and ``("name",)``.
    """
    found: set[Path] = set()
    _read(tree, set(), found)
    return tuple(sorted(found))


def _read(node: nodes.Node, own: Scope, found: set[Path]) -> None:
    match node:
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            _read_path(node, own, found)
        case nodes.Call(node=nodes.Getattr(node=target)):
            _read_all([target, *node.args, *node.kwargs], own, found)
        case nodes.For():
            _read_loop(node, own, found)
        case nodes.If():
            _read_all([node.test, *node.body, *node.elif_, *node.else_], own, found)
        case nodes.Assign():
            _read(node.node, own, found)
            own |= _targets(node.target)
        case _:
            _read_all(node.iter_child_nodes(), own, found)


def _read_all(children: Iterable[nodes.Node], own: Scope, found: set[Path]) -> None:
    for child in children:
        _read(child, own, found)


def _read_path(node: nodes.Node, own: Scope, found: set[Path]) -> None:
    steps: list[str] = []
    while not isinstance(node, nodes.Name):
        match node:
            case nodes.Getattr():
                steps.append(node.attr)
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                steps.append(key)
            case nodes.Getitem():
                steps.clear()
                _read(node.arg, own, found)
            case _:
                _read(node, own, found)
                return
        node = node.node
    if node.name not in own:
        found.add((node.name, *reversed(steps)))


def _read_loop(loop: nodes.For, own: Scope, found: set[Path]) -> None:
    _read(loop.iter, own, found)
    inside = own | _targets(loop.target) | {"loop"}
    if loop.test is not None:
        _read(loop.test, inside, found)
    _read_all(loop.body, inside, found)
    _read_all(loop.else_, set(own), found)


def _targets(target: nodes.Node) -> Scope:
    if isinstance(target, nodes.Name):
        return {target.name}
    return {name.name for name in target.find_all(nodes.Name)}
