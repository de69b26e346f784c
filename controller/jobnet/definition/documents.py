"""Says what stands in a project beside the parts: networks, job types, queues, notifications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from jobnet.calendars import CalendarDefinition, ClockTime
from jobnet.definition.attributes import Care, Deadlines, ErrorRules, Placement
from jobnet.definition.bodies import SubNetwork
from jobnet.definition.parts import Flow, walk
from jobnet.definition.positions import NOWHERE, Position
from jobnet.expressions import Expression, Template
from jobnet.ids import NetworkName
from jobnet.schedules import StartCondition


class Overlap(StrEnum):
    """What happens to a second execution of a network beyond its limit."""

    SKIP = "skip"
    QUEUE = "queue"
    PARALLEL = "parallel"
    CANCEL_PREVIOUS = "cancel_previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One declared parameter, in the words of Ansible's argument specs.

    ``type`` is one of str, int, float, bool, path, dict, list, raw, secret.
    """

    type: str = "str"
    required: bool = True
    default: object = None
    choices: tuple[object, ...] = ()
    elements: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A job network as its file says.

    ``file`` and ``project_root`` are absolute; relative paths of the text have been resolved
    against the folder of ``file``. The names in ``start_on`` are as written.
    """

    name: NetworkName
    flow: Flow
    title: str = ""
    folder: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    calendar: str | None = None
    timezone: str | None = None
    limit: int | None = None
    overlap: Overlap = Overlap.QUEUE
    start_on: StartCondition | None = None
    outputs: Mapping[str, Template] = field(default_factory=dict)
    errors: ErrorRules = field(default_factory=ErrorRules)
    deadlines: Deadlines = field(default_factory=Deadlines)
    placement: Placement = field(default_factory=Placement)
    care: Care = field(default_factory=Care)
    four_eyes: tuple[str, ...] = ()
    exit_code: Expression | None = None
    file: str = ""
    project_root: str = ""
    position: Position = NOWHERE

    @property
    def called_networks(self) -> tuple[str, ...]:
        """Return the names of the networks that this one calls, sorted."""
        bodies = (part.body for part in walk(self.flow))
        return tuple(sorted({body.network for body in bodies if isinstance(body, SubNetwork)}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A queue is held when so many of its jobs find hosts unreachable within some time."""

    unreachable: int
    within: timedelta

    def __post_init__(self) -> None:
        """Refuse what would always or never hold a queue."""
        assert self.unreachable >= 1, "a queue trips by something that has happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue with its multiplicity; ``limit`` None: no limit.

    ``warm`` False: no job that asks for it starts warm, whatever is said nearer to it.
    """

    name: str
    folder: str = ""
    limit: int | None = None
    priority: int = 50
    is_held: bool = False
    nodes: tuple[str, ...] = ()
    distribution: str = "free_capacity"
    start_spacing: timedelta = timedelta(0)
    forward_to: tuple[str, ...] = ()
    trip: Trip | None = None
    warm: bool | None = None
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What holds for all networks of a folder and below, unless they say otherwise."""

    name: str
    folder: str = ""
    warm: bool | None = None
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a message goes: by ``mail`` or by ``webhook``."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who is told as well when nobody has acknowledged after some time."""

    after: timedelta
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A named list of addresses, and what they are told of without being asked."""

    name: str
    to: tuple[Address, ...]
    folder: str = ""
    on: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    digest_at: ClockTime | None = None
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What one run pins: its network, the networks that it calls, calendars and notifications.

    Names are resolved: every name that a body holds is a key of one of these mappings.
    """

    main: NetworkName
    networks: Mapping[NetworkName, Network]
    calendars: Mapping[str, CalendarDefinition] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    notifications: Mapping[str, Notification] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        """Return the network that the run executes."""
        return self.networks[self.main]
