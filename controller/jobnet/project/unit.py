"""Holds the item of a flow that is a unit job, sorted into what is Jobnet's and what Ansible's."""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from jobnet.expressions import Template
from jobnet.project.context import Build, Place
from jobnet.project.kinds import Kind
from jobnet.project.nodes import Mapping, Node, Scalar
from jobnet.project.scalars import value_of
from jobnet.project.schema.values import NO, YES


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitItem:
    """One item; ``ansible`` are the keys that are not Jobnet's, in the order of the text."""

    kind: Kind
    node: Mapping
    pairs: MappingOf[str, tuple[Scalar, Node]]
    ansible: MappingOf[str, Node]
    hosts: Template | None
    conditions: tuple[Node, ...]

    def variables(self, place: Place, build: Build) -> tuple[Mapping, ...]:
        """Return inherited variables and the item's own, the innermost last."""
        own = self.ansible.get("vars")
        if own is None:
            return place.inherited.variables
        if not isinstance(own, Mapping):
            build.object_to(own, place.at("vars"), "wrong_type", "A mapping belongs here")
            return place.inherited.variables
        return (*place.inherited.variables, own)

    @property
    def check_mode(self) -> bool | None:
        """Return what ``check_mode`` says, None where it is not given."""
        return self._flag("check_mode")

    @property
    def diff(self) -> bool | None:
        """Return what ``diff`` says, None where it is not given."""
        return self._flag("diff")

    def _flag(self, key: str) -> bool | None:
        node = self.ansible.get(key)
        if not isinstance(node, Scalar):
            return None
        word = str(value_of(node)).lower()
        return word in YES if word in YES | NO else None
