"""Facts that operators make, and what waits for them."""

from dataclasses import dataclass
from datetime import datetime

from jobnet.engine.results import JobResult
from jobnet.engine.states import State
from jobnet.ids import OperatorName, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHeld:
    """The part does not start until it is released; ``by`` None: its definition says so."""

    at: datetime
    part: PartKey
    by: OperatorName | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReleased:
    """The hold is over."""

    at: datetime
    part: PartKey
    by: OperatorName
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMarked:
    """An order for a part whose turn has not come.

    The mark is ``hold``, ``skip``, ``cancel`` or ``no_exec``.

    ``is_set`` False takes the mark back. ``part`` None: no_exec for the whole run.
    """

    at: datetime
    part: PartKey | None
    mark: str
    is_set: bool
    by: OperatorName
    exit_code: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAnswer:
    """An answer for an attempt that was over already: kept, shown, without effect."""

    at: datetime
    part: PartKey
    attempt: int
    result: JobResult


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCast:
    """An operator has answered a dialog that needs more votes."""

    at: datetime
    part: PartKey
    attempt: int
    choice: str
    by: OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAwaited:
    """The part has ended, and its flow waits for an operator: on_error hold, or LOST."""

    at: datetime
    part: PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorDecided:
    """An operator let the flow go on (``goes_on``) or had the end judged as it stands."""

    at: datetime
    part: PartKey
    by: OperatorName
    goes_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChanged:
    """An operator has given a part another result."""

    at: datetime
    part: PartKey
    state: State
    exit_code: int | None
    by: OperatorName
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementChanged:
    """An operator has given a part another priority or queue."""

    at: datetime
    part: PartKey
    priority: int | None
    queue: str | None
    by: OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    """An operator has written a note."""

    at: datetime
    part: PartKey | None
    text: str
    by: OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTaken:
    """An order was carried out; its key makes asking twice harmless."""

    at: datetime
    key: str
    order: str
    part: PartKey | None
    by: OperatorName
    reason: str = ""


OperatorFact = (
    PartHeld
    | PartReleased
    | PartMarked
    | LateAnswer
    | VoteCast
    | OperatorAwaited
    | OperatorDecided
    | ResultChanged
    | PlacementChanged
    | Commented
    | OrderTaken
)
