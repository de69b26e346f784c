"""Says which words the JSON Schema of networks allows in each kind of part.

A word inside another is written with a dot: ``cases.when``; a word that the author chooses
is written in capitals: ``form.FIELD.type``.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parents[2] / "docs/reference/schemas/network.json"
DEFINITIONS: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
CHOSEN = {"form": "FIELD", "choices": "NAME"}
EVERY_PART = frozenset(
    name.removeprefix("attribute_") for name in DEFINITIONS if name.startswith("attribute_")
)


def words_of(kind: str) -> set[str]:
    """Return the words of a kind of part, without those that every part may have."""
    properties = DEFINITIONS[f"{kind}_part"]["properties"]
    own = {key: value for key, value in properties.items() if key not in EVERY_PART}
    inside = set(_inside(own.pop(kind), "")) if _is_mapping(own.get(kind, {})) else set()
    return {*own, *inside, *(word for key, value in own.items() for word in _inside(value, key))}


def _is_mapping(schema: dict[str, Any]) -> bool:
    return "$ref" in schema and "properties" in DEFINITIONS[schema["$ref"].rpartition("/")[2]]


def _inside(schema: dict[str, Any], path: str) -> Iterator[str]:
    """Yield the words that may stand below a word."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name != "flow":
            yield from _inside(DEFINITIONS[name], path)
        return
    for choice in schema.get("anyOf", ()):
        yield from _inside(choice, path)
    if isinstance(schema.get("items"), dict):
        yield from _inside(schema["items"], path)
    more = schema.get("additionalProperties")
    last = path.rpartition(".")[2]
    if isinstance(more, dict) and last in CHOSEN:
        yield from _inside(more, f"{path}.{CHOSEN[last]}")
    for key, value in schema.get("properties", {}).items():
        word = f"{path}.{key}" if path else key
        yield word
        yield from _inside(value, word)
