"""Reads the JSON that ``awx export`` writes, of whatever shape it turns out to be.

Assets point at each other by natural keys: type, name and organization. Every question to an
``Asset`` has an answer of the right type; what is missing or odd counts as not set.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

import yaml

from jobnet.errors.importing import NotAnExport

KINDS = ("workflow_job_templates", "job_templates", "schedules", "inventory", "projects")
_WANTED = "`awx export`"
_DEPTH_MAX = 64
VARIABLES_DEPTH_MAX = 20
"""How deep variables are nested; they stand some levels deep in a document themselves."""


class _WithoutAliases(yaml.SafeLoader):
    """Reads plain data; an alias could make a few lines as large as it likes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Reference:
    """A natural key: which asset is meant."""

    type: str
    name: str
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """One object of an export."""

    data: Mapping[str, object]

    def text(self, key: str) -> str:
        """Return a text without blanks around it, or ""."""
        value = self.data.get(key)
        return value.strip() if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """Return a whole number, or 0."""
        value = self.data.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def flag(self, key: str) -> bool:
        """Return whether something is switched on."""
        return self.data.get(key) is True

    def reference(self, key: str) -> Reference | None:
        """Return which other asset is meant, or None."""
        return _reference(self.data.get(key))

    @property
    def itself(self) -> Reference | None:
        """The natural key of the asset."""
        return _reference(self.data.get("natural_key"))

    def related(self, key: str) -> list["Asset"]:
        """Return the assets that hang on this one."""
        related = self.data.get("related")
        return assets_in(related.get(key)) if _is_mapping(related) else []

    def related_one(self, key: str) -> "Asset | None":
        """Return the one asset that hangs on this one, or None."""
        related = self.data.get("related")
        found = related.get(key) if _is_mapping(related) else None
        return Asset(found) if _is_mapping(found) and found else None

    def variables(self, key: str) -> Mapping[str, object] | None:
        """Return variables, written as JSON, YAML or data; None where they cannot be read."""
        value = self.data.get(key)
        if isinstance(value, str):
            try:
                value = yaml.load(value, _WithoutAliases)  # noqa: S506 - a safe loader that refuses more
            except (yaml.YAMLError, RecursionError, ValueError):
                return None
        if value is None or value == "":
            return {}
        if not _is_mapping(value) or _depth(value) > VARIABLES_DEPTH_MAX:
            return None
        return {str(k): v for k, v in value.items()}


@dataclass(frozen=True, slots=True)
class Export:
    """One file of ``awx export``."""

    path: str
    assets: Mapping[str, tuple[Asset, ...]]

    def of(self, kind: str) -> tuple[Asset, ...]:
        """Return the assets of a kind such as ``job_templates``."""
        return self.assets.get(kind, ())


def read_export(text: str, path: str) -> Export:
    """Return what an export holds."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnExport(path, problem=f"no JSON: {error}", wanted=_WANTED) from error
    if not _is_mapping(data) or not any(isinstance(data.get(kind), list) for kind in KINDS):
        problem = f"a JSON object with a list of {', '.join(KINDS[:3])} is missing"
        raise NotAnExport(path, problem=problem, wanted=_WANTED)
    if _depth(data) > _DEPTH_MAX:
        problem = f"it is nested deeper than {_DEPTH_MAX} levels"
        raise NotAnExport(path, problem=problem, wanted=_WANTED)
    return Export(path, {str(kind): tuple(assets_in(value)) for kind, value in data.items()})


def assets_in(value: object) -> list[Asset]:
    """Return the objects of a list, also of one page of the API."""
    if _is_mapping(value) and "results" in value:
        value = value["results"]
    return [Asset(one) for one in value if _is_mapping(one)] if isinstance(value, list) else []


def _reference(value: object) -> Reference | None:
    if not _is_mapping(value):
        return None
    name = value.get("name") or value.get("identifier") or value.get("username")
    organization = value.get("organization")
    inside = organization.get("name") if _is_mapping(organization) else None
    type_ = value.get("type")
    if not isinstance(name, str) or not isinstance(type_, str):
        return None
    return Reference(type_, name, inside if isinstance(inside, str) else "")


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _depth(value: object) -> int:
    """Return how deep data are nested, without going deeper than it matters."""
    depth, level = 0, [value]
    while level and depth <= _DEPTH_MAX:
        level = [inner for outer in level for inner in _inner(outer)]
        depth += 1
    return depth


def _inner(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
