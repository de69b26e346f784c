"""Says what each kind of document holds."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

from typing import Annotated, Any, Literal

from pydantic import Field

from jobnet.definition import Overlap
from jobnet.project.schema.attributes import CommonShape, ExitCodesField, Shape
from jobnet.project.schema.bodies import FIELD_TYPES
from jobnet.project.schema.calendars import CalendarShape
from jobnet.project.schema.headings import DocumentShape
from jobnet.project.schema.schedules import ScheduleShape, WindowShape
from jobnet.project.schema.start_conditions import StartOnField
from jobnet.project.schema.values import (
    AnsibleField,
    AtLeastOne,
    Bool,
    Clock,
    Count,
    Duration,
    ExpressionField,
    FlowField,
    Identifier,
    Names,
    OneOrMore,
    Priority,
    Reference,
    TemplateField,
    Templates,
    Text,
    Texts,
    Zone,
)


class ParamShape(Shape):
    """A declared parameter, in the words of Ansible's argument specs."""

    type: FIELD_TYPES = "str"
    required: Bool | None = None
    default: Any = None
    choices: list[Any] = []
    elements: FIELD_TYPES | None = None
    description: Text = ""


class NetworkShape(DocumentShape, CommonShape):
    """``kind: network``."""

    opaque = frozenset({"flow", "vars", "environment", "tags", "when", "become"})
    kind: Literal["network"]
    flow: FlowField
    labels: dict[str, Text] = {}
    params: dict[Identifier, ParamShape] = {}
    inventory: Templates = []
    hosts: Templates | None = None
    calendar: Reference | None = None
    timezone: Zone | None = None
    limit: AtLeastOne | None = None
    overlap: Overlap = Overlap.QUEUE
    start_on: StartOnField | None = None
    outputs: dict[Identifier, TemplateField] = {}
    four_eyes: Texts = []
    become: AnsibleField = None
    become_user: AnsibleField = None
    become_method: AnsibleField = None
    become_flags: AnsibleField = None
    become_exe: AnsibleField = None
    vars: AnsibleField = None
    environment: AnsibleField = None
    tags: AnsibleField = None
    when: AnsibleField = None


class JobTypeShape(DocumentShape):
    """``kind: job_type``: a job that is written once and used like a module."""

    opaque = frozenset({"hosts", "tasks", "role", "playbook", "outputs", "handlers", "vars"})
    kind: Literal["job_type"]
    params: dict[Identifier, ParamShape] = {}
    hosts: AnsibleField = None
    tasks: AnsibleField = None
    role: AnsibleField = None
    playbook: AnsibleField = None
    outputs: AnsibleField = None
    exit_code: ExpressionField | None = None
    exit_codes: ExitCodesField | None = None


class TripShape(Shape):
    """When a queue is held because its jobs do not reach their hosts."""

    unreachable: AtLeastOne
    within: Duration


class QueueShape(DocumentShape):
    """``kind: queue``."""

    kind: Literal["queue"]
    limit: Count | None = None
    priority: Priority = 50
    state: Literal["open", "held"] = "open"
    nodes: Texts = []
    distribution: Literal["free_capacity", "round_robin", "fewest_waiting"] = "free_capacity"
    start_spacing: Duration | None = None
    forward_to: Names = []
    trip: TripShape | None = None
    warm: Bool | None = None


class ProjectShape(DocumentShape):
    """``kind: project``: what holds for all networks of its folder and below."""

    kind: Literal["project"]
    warm: Bool | None = None


class AddressShape(Shape):
    """Where a message goes."""

    mail: Text | None = None
    webhook: Text | None = None


class EscalationShape(Shape):
    """Who is told as well when nobody has acknowledged after some time."""

    after: Duration
    to: Names


class DigestShape(Shape):
    """When collected messages are sent."""

    at: Clock


NOTABLE = Literal[
    "normal",
    "warning",
    "abnormal",
    "recovered",
    "late_start",
    "late_end",
    "overrun",
    "underrun",
    "dialog",
    "lost",
    "missed",
    "hold",
    "loser_failed",
]


class NotificationShape(DocumentShape):
    """``kind: notification``."""

    kind: Literal["notification"]
    to: Annotated[list[AddressShape], OneOrMore, Field(min_length=1)]
    on: Annotated[list[NOTABLE], OneOrMore] = []
    folders: Texts = []
    escalate: list[EscalationShape] = []
    digest: DigestShape | None = None


CREDENTIAL_TYPES = Literal[
    "ssh", "become", "vault", "aws", "azure", "smtp", "imap", "database", "token", "oidc"
]


class SecretSource(Shape):
    """Where a secret comes from; never the secret itself."""

    env: Text | None = None
    file: Text | None = None
    vault: Text | None = None


class CredentialShape(DocumentShape):
    """``kind: credential``."""

    kind: Literal["credential"]
    type: CREDENTIAL_TYPES
    user: Text | None = None
    value: SecretSource | Literal["stored"]
    granted_to: Texts = []


SHAPES: dict[str, type[DocumentShape]] = {
    "network": NetworkShape,
    "job_type": JobTypeShape,
    "calendar": CalendarShape,
    "notification": NotificationShape,
    "queue": QueueShape,
    "project": ProjectShape,
    "schedule": ScheduleShape,
    "credential": CredentialShape,
    "window": WindowShape,
}
