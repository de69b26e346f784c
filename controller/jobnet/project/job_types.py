"""Says what a job type is: a job that is written once, with declared params.

Its text stays nodes until a part uses it: what stands in it is Ansible's.
"""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path

from jobnet.definition import NOWHERE, ExitCodes, Param, Position
from jobnet.expressions import Expression
from jobnet.project.nodes import Mapping

SHIPPED_FOLDER = Path(__file__).parent / "shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobType:
    """One job type; ``node`` is its whole document, ``content`` the key that says what runs."""

    name: str
    folder: str = ""
    title: str = ""
    content: str
    node: Mapping
    params: MappingOf[str, Param] = field(default_factory=dict)
    exit_code: Expression | None = None
    exit_codes: ExitCodes | None = None
    file: str = ""
    position: Position = NOWHERE
