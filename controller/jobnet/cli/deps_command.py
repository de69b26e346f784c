"""Shows what a network needs, or who needs it, as a tree."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown

INDENT: Final = "  "
INDENTS_MAX: Final = 40

Edge = Mapping[str, Any]


def show_dependencies(name: str, *, directions: Sequence[str], depth: int, form: Form) -> int:
    """Show one direction or both."""
    path = f"/networks/{quote(name, safe='')}/dependencies"
    with calling() as client:
        found = [client.get(path, direction=each, depth=depth) for each in directions]
    document = found[0] if len(found) == 1 else {"items": found}
    say(document, form, lambda: _lines(found))
    return ExitCode.NORMAL


def _lines(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for number, each in enumerate(found):
        if number:
            yield ""
        yield from _tree(each)
    yield from _shared(found[0])


def _tree(found: Mapping[str, Any]) -> Iterator[str]:
    is_up = found["direction"] == "up"
    network = shown(found["network"])
    if not found["edges"]:
        nobody = "needs no other network." if is_up else "is needed by no other network."
        yield f"{network} {nobody}"
        return
    yield f"{network} {'needs' if is_up else 'is needed by'}"
    yield from _branches(found, is_up=is_up)
    for circle in found["circles"]:
        yield shown(f"circle: {' > '.join(circle)}", length_max=1000)
    if found["is_cut"]:
        yield "There is more; raise --depth, or ask one of these."


def _branches(found: Mapping[str, Any], *, is_up: bool) -> Iterator[str]:
    """Yield a line for each edge; what was told above is not told again below."""
    far, near = ("needed", "needing") if is_up else ("needing", "needed")
    edges: dict[str, list[Edge]] = defaultdict(list)
    for edge in found["edges"]:
        edges[edge[near]].append(edge)
    told = {found["network"]}
    left = [iter(edges[found["network"]])]
    while left:
        edge = next(left[-1], None)
        if edge is None:
            left.pop()
            continue
        name = edge[far]
        is_again = name in told and bool(edges.get(name))
        yield INDENT * min(len(left), INDENTS_MAX) + _line(edge, name, is_again=is_again)
        if name not in told:
            told.add(name)
            left.append(iter(edges.get(name, ())))


def _line(edge: Edge, name: str, *, is_again: bool) -> str:
    words = edge["kind"].replace("_", " ")
    named = f" {edge['name']}" if edge["name"] else ""
    part = f"{edge['needing']}/{edge['part']}" if edge["part"] else edge["needing"]
    where = f"{edge['path']}:{edge['line']}"
    whom = name or "(no network sends it)"
    missing = "" if edge["is_applied"] or not name else " (not applied)"
    again = " (see above)" if is_again else ""
    return shown(f"{whom}{missing}: {words}{named} by {part}, {where}{again}", length_max=1000)


def _shared(found: Mapping[str, Any]) -> Iterator[str]:
    for each in found["shared"]:
        names = ", ".join(each["networks"])
        more = each["count"] - len(each["networks"])
        others = f" and {more} more" if more else ""
        yield shown(f"shares {each['kind']} {each['name']} with {names}{others}", length_max=1000)
