"""Reads ``-e``: key=value, a JSON object, or a file of YAML; later ones win.

Values of key=value stay text here; the network's declaration says what they become. Values
of a file or a JSON object have types of their own already.
"""

import json
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from jobnet.errors.play import ParamTextRefused

FILE_BYTES_MAX = 1024 * 1024
DEPTH_MAX = 50


def read_params(texts: Iterable[str]) -> dict[str, object]:
    """Return all values by name."""
    found: dict[str, object] = {}
    for text in texts:
        found.update(_one(text))
    return found


def _one(text: str) -> dict[str, object]:
    if text.startswith("@"):
        return _file(text)
    if text.lstrip().startswith("{"):
        try:
            return _mapping(json.loads(text), text)
        except (ValueError, RecursionError) as error:
            raise ParamTextRefused(text, problem=f"this is no JSON object ({error})") from error
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParamTextRefused(text, problem="there is no = in it")
    return {name.strip(): value}


def _file(text: str) -> dict[str, object]:
    path = Path(text[1:])
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ParamTextRefused(text, problem=f"the file cannot be read ({reason})") from error
    if len(content) > FILE_BYTES_MAX:
        raise ParamTextRefused(text, problem=f"the file is larger than {FILE_BYTES_MAX} bytes")
    try:
        yaml = content.decode("utf-8-sig")
        _check_shape(yaml)
        value = YAML(typ="safe", pure=True).load(StringIO(yaml))
    except (YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ParamTextRefused(text, problem=f"the file is no YAML ({reason})") from error
    return _mapping(value, text)


def _check_shape(yaml: str) -> None:
    """Refuse what costs far more than its size: aliases, and nesting without end.

    The events come while the text is read, so nothing behind the first excess is looked at.
    """
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(yaml):
        if isinstance(event, AliasEvent):
            raise ValueError("aliases such as *name are not read here")  # noqa: TRY004
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        if depth > DEPTH_MAX:
            raise ValueError(f"values are nested more than {DEPTH_MAX} deep")


def _mapping(value: object, text: str) -> dict[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ParamTextRefused(text, problem="it holds no mapping of names to values")
    return dict(value)
