"""Says what each kind of part does: one frozen value per kind, the 18 parts of the product.

``Template`` and ``Expression`` fields are evaluated once, at the part's turn, and the
values are journaled. An ``Arguments`` tree is plain data with templates at its leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from jobnet.calendars import ClockTime, DayRule
from jobnet.definition.jobs import UnitJob
from jobnet.expressions import Expression, Template
from jobnet.ids import PartId

if TYPE_CHECKING:
    from jobnet.definition.parts import Part

Arguments = object
"""None, bool, int, float, str, Template, tuple of Arguments, or mapping of text to Arguments."""


class Losers(StrEnum):
    """What happens to the other branches when the first branch of an OR branch has ended."""

    CONTINUE = "continue"
    CANCEL = "cancel"


class Match(StrEnum):
    """Which runs of another network a wait means."""

    SAME_DAY = "same_day"
    LATEST = "latest"
    WITHIN = "within"
    ANY = "any"


class AwaitedResult(StrEnum):
    """Which end satisfies a wait for another network or part."""

    NORMAL = "normal"
    ENDED = "ended"


class FileEvent(StrEnum):
    """What a file wait waits for, compared with what it saw when it began."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class HostsMatch(StrEnum):
    """On how many of its hosts a file wait must see its event."""

    ANY = "any"
    ALL = "all"


class OnTimeout(StrEnum):
    """How a wait ends whose time is up."""

    ABNORMAL = "abnormal"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLimit:
    """How long a wait lasts at most, and how it ends then; None: for ever."""

    timeout: timedelta | None = None
    on_timeout: OnTimeout = OnTimeout.ABNORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class SubNetwork:
    """A network called as a part, with parameters in, outputs and exit code out."""

    network: str
    params: Mapping[str, Arguments] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a dialog's form, in the words of Ansible's argument specs."""

    type: str = "str"
    required: bool = False
    default: object = None
    choices: tuple[object, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRule:
    """Who may answer a dialog, and how many have to agree."""

    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    not_submitter: bool = False
    votes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """A question to an operator; each choice gives an exit code.

    Without ``on_timeout`` (a choice) a dialog whose time is up ends abnormally.
    """

    message: Template
    choices: Mapping[str, int]
    form: Mapping[str, FormField] = field(default_factory=dict)
    answer: AnswerRule = AnswerRule()
    timeout: timedelta | None = None
    on_timeout: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way out of a branch, taken when its expression is true."""

    when: Expression
    flow: "tuple[Part, ...]"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Takes the first case that is true; a missing ``else_flow`` does nothing."""

    cases: tuple[Case, ...]
    else_flow: "tuple[Part, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCase:
    """One way out of a calendar branch, taken when the operating day fits its rule."""

    on: DayRule
    flow: "tuple[Part, ...]"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarBranch:
    """Takes the first case whose rule fits the operating day; None: the network's calendar."""

    calendar: str | None
    cases: tuple[DayCase, ...]
    else_flow: "tuple[Part, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFlow:
    """One branch of a parallel or an OR branch; its name is optional."""

    flow: "tuple[Part, ...]"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """Runs its branches at once, at most ``limit`` at a time, and joins when all have ended."""

    branches: tuple[NamedFlow, ...]
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """The OR branch: goes on when the first branch has ended fine or with warning."""

    branches: tuple[NamedFlow, ...]
    losers: Losers = Losers.CONTINUE


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueFrom:
    """Continuity: jumps back to an earlier part and runs on, unless ``until`` is true."""

    target: PartId
    interval: timedelta = timedelta(0)
    max_times: int | None = None
    until: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNetwork:
    """Waits for the end of another network's runs."""

    network: str
    match: Match = Match.SAME_DAY
    within: timedelta | None = None
    result: AwaitedResult = AwaitedResult.NORMAL
    on_other: OnTimeout | None = None
    limit: WaitLimit = WaitLimit()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitPart:
    """Waits for the end of a part in another network, or in this run where ``network`` is None."""

    network: str | None
    part: str
    match: Match = Match.SAME_DAY
    within: timedelta | None = None
    result: AwaitedResult = AwaitedResult.NORMAL
    on_other: OnTimeout | None = None
    limit: WaitLimit = WaitLimit()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFile:
    """Waits until a file on inventory hosts is created, updated or deleted.

    ``hosts`` None: the file is on the machine that runs the job.
    """

    hosts: Template | None
    path: Template
    event: FileEvent = FileEvent.CREATED
    accepts_existing: bool = False
    settle: timedelta = timedelta(0)
    poll: timedelta = timedelta(seconds=5)
    hosts_match: HostsMatch = HostsMatch.ANY
    inventory: tuple[Template, ...] = ()
    limit: WaitLimit = WaitLimit()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitUntil:
    """Waits until a clock time of the operating day; one already passed goes on at once."""

    clock: ClockTime | Template


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor:
    """Waits for a duration, counted from its own start."""

    duration: timedelta | Template


@dataclass(frozen=True, slots=True, kw_only=True)
class SendEvent:
    """Sends a named event; ``keep`` is how long late receivers still get it (0: not at all)."""

    name: str
    data: Arguments = None
    keep: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEvent:
    """Receives one event by name, filtered by an expression on ``event.data``."""

    name: str
    where: Expression | None = None
    match: Match = Match.SAME_DAY
    within: timedelta | None = None
    limit: WaitLimit = WaitLimit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Ansible's error handling over whole flows."""

    flow: "tuple[Part, ...]"
    rescue: "tuple[Part, ...]" = ()
    always: "tuple[Part, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEach:
    """Runs a flow per item, at most ``limit`` at a time.

    ``key`` is an expression on the item; None: the item itself if it is text or a number,
    else its index.
    """

    items: Arguments
    as_name: str
    flow: "tuple[Part, ...]"
    key: Expression | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Sends a message as a step of the flow; ``to`` names notification documents or addresses."""

    to: tuple[Template, ...]
    message: Template
    subject: Template | None = None
    attach: tuple[Template, ...] = ()
    digest: bool = False


Body = (
    UnitJob
    | SubNetwork
    | Dialog
    | Branch
    | CalendarBranch
    | Parallel
    | AnyOf
    | ContinueFrom
    | WaitNetwork
    | WaitPart
    | WaitFile
    | WaitUntil
    | WaitFor
    | SendEvent
    | WaitEvent
    | Block
    | ForEach
    | Notify
)
