"""Says what stands inside each kind of part."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from jobnet.definition import (
    AwaitedResult,
    FileEvent,
    HostsMatch,
    Losers,
    Match,
    OnTimeout,
)
from jobnet.project.schema.attributes import Shape
from jobnet.project.schema.days import DayRuleField
from jobnet.project.schema.values import (
    AnsibleField,
    AtLeastOne,
    Bool,
    ClockOrTemplate,
    Duration,
    DurationOrTemplate,
    EventName,
    ExpressionField,
    FlowField,
    Identifier,
    Number,
    Reference,
    TemplateField,
    Templates,
    Text,
    Texts,
    Timeout,
    TreeField,
)

FIELD_TYPES = Literal["str", "int", "float", "bool", "path", "dict", "list", "raw", "secret"]


class BodyShape(Shape):
    """``opaque`` names the keys whose values are read as nodes: flows, and data trees."""

    opaque: ClassVar[frozenset[str]] = frozenset()


class CaseShape(Shape):
    """One case of a branch."""

    when: ExpressionField
    flow: FlowField
    name: Text = ""


class BranchShape(BodyShape):
    """``branch``: the first case that is true is taken."""

    opaque = frozenset({"flow", "else"})
    cases: Annotated[list[CaseShape], Field(min_length=1)]
    else_flow: Annotated[FlowField, Field(alias="else")] = None


class DayCaseShape(Shape):
    """One case of a calendar branch."""

    on: DayRuleField
    flow: FlowField
    name: Text = ""


class CalendarBranchShape(BodyShape):
    """``calendar_branch``: the first case that the operating day fits is taken."""

    opaque = frozenset({"flow", "else"})
    calendar: Reference | None = None
    cases: Annotated[list[DayCaseShape], Field(min_length=1)]
    else_flow: Annotated[FlowField, Field(alias="else")] = None


class BranchOfFlows(Shape):
    """One branch of a parallel or an OR branch."""

    flow: FlowField
    name: Text = ""


class ParallelShape(BodyShape):
    """``parallel``: all branches at once, joined when all have ended."""

    opaque = frozenset({"flow"})
    branches: Annotated[list[BranchOfFlows], Field(min_length=1)]
    limit: AtLeastOne | None = None


class AnyOfShape(BodyShape):
    """``any_of``: the OR branch."""

    opaque = frozenset({"flow"})
    branches: Annotated[list[BranchOfFlows], Field(min_length=1)]
    losers: Losers = Losers.CONTINUE


class ForEachShape(BodyShape):
    """``for_each``: a flow per item."""

    opaque = frozenset({"flow", "items"})
    items: TreeField
    as_name: Annotated[Identifier, Field(alias="as")]
    flow: FlowField
    key: ExpressionField | None = None
    limit: AtLeastOne | None = None


class ContinueShape(BodyShape):
    """``continue_from`` and the keys beside it."""

    continue_from: Identifier
    interval: Duration | None = None
    max_times: AtLeastOne | None = None
    until: ExpressionField | None = None


class WaitLimitShape(BodyShape):
    """How long a wait lasts at most."""

    timeout: Timeout | None = None
    on_timeout: OnTimeout = OnTimeout.ABNORMAL


class WaitRunShape(WaitLimitShape):
    """Which runs of another network are meant, and what ends the wait."""

    match: Match | None = None
    within: Duration | None = None
    result: AwaitedResult = AwaitedResult.NORMAL
    on_other: OnTimeout | None = None


class WaitNetworkShape(WaitRunShape):
    """``wait_network``."""

    network: Reference


class WaitPartShape(WaitRunShape):
    """``wait_part``; without ``network`` it is a part of this run."""

    part: Text
    network: Reference | None = None


class WaitFileShape(WaitLimitShape):
    """``wait_file``."""

    path: TemplateField
    hosts: Templates | None = None
    event: FileEvent = FileEvent.CREATED
    existing: Literal["accept", "ignore"] = "ignore"
    settle: Duration | None = None
    poll: Duration | None = None
    hosts_match: HostsMatch = HostsMatch.ANY
    inventory: Templates = []


class WaitEventShape(WaitLimitShape):
    """``wait_event``."""

    name: EventName
    where: ExpressionField | None = None
    match: Match | None = None
    within: Duration | None = None


class SendEventShape(BodyShape):
    """``send_event``."""

    opaque = frozenset({"data"})
    name: EventName
    data: TreeField = None
    keep: Duration | None = None


class WaitUntilShape(BodyShape):
    """``wait_until``."""

    wait_until: ClockOrTemplate


class WaitForShape(BodyShape):
    """``wait_for`` a duration."""

    wait_for: DurationOrTemplate


class FormFieldShape(Shape):
    """One field of a dialog's form."""

    type: FIELD_TYPES = "str"
    required: Bool = False
    default: Any = None
    choices: list[Any] = []
    description: Text = ""


class AnswerShape(Shape):
    """Who may answer, and how many have to agree."""

    users: Texts = []
    roles: Texts = []
    not_submitter: Bool = False
    votes: AtLeastOne = 1


class DialogShape(BodyShape):
    """``dialog``: a question to an operator."""

    message: TemplateField
    choices: Annotated[dict[str, Number], Field(min_length=1, max_length=50)]
    form: dict[Identifier, FormFieldShape] = {}
    answer: AnswerShape = AnswerShape()
    timeout: Timeout | None = None
    on_timeout: Text | None = None


class NotifyShape(BodyShape):
    """``notify``: a message as a step of the flow."""

    to: Annotated[Templates, Field(min_length=1)]
    message: TemplateField
    subject: TemplateField | None = None
    attach: Templates = []
    digest: Bool = False


class SubNetworkShape(BodyShape):
    """``network``: another network as a part."""

    opaque = frozenset({"params"})
    network: Reference
    params: TreeField = None


class BlockShape(BodyShape):
    """``block``: Ansible's error handling over flows."""

    opaque = frozenset({"block", "rescue", "always", "vars", "environment", "tags", "when"})
    block: FlowField
    rescue: FlowField = None
    always: FlowField = None


class JobShape(BodyShape):
    """``job``: a job type by its name."""

    opaque = frozenset({"args"})
    job: Reference
    args: AnsibleField = None


class PlaybookShape(BodyShape):
    """``playbook``: a playbook of the project as it is."""

    opaque = frozenset({"vars"})
    playbook: Text
    vars: AnsibleField = None
    tags: Texts = []
    skip_tags: Texts = []
    become: Bool | None = None
    become_user: Text | None = None
    become_method: Text | None = None
    become_flags: Text | None = None
    check_mode: Bool | None = None
    diff: Bool | None = None
    forks: AtLeastOne | None = None


MAPPING_BODIES: dict[str, type[BodyShape]] = {
    "branch": BranchShape,
    "calendar_branch": CalendarBranchShape,
    "parallel": ParallelShape,
    "any_of": AnyOfShape,
    "for_each": ForEachShape,
    "wait_network": WaitNetworkShape,
    "wait_part": WaitPartShape,
    "wait_file": WaitFileShape,
    "wait_event": WaitEventShape,
    "send_event": SendEventShape,
    "dialog": DialogShape,
    "notify": NotifyShape,
}
"""Kinds whose key holds a mapping of their own."""

BESIDE_BODIES: dict[str, type[BodyShape]] = {
    "continue_from": ContinueShape,
    "wait_until": WaitUntilShape,
    "wait_for": WaitForShape,
    "network": SubNetworkShape,
    "block": BlockShape,
    "job": JobShape,
    "playbook": PlaybookShape,
}
"""Kinds whose words stand beside their key, among the attributes of the part."""
