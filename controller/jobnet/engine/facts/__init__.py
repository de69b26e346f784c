"""Lists what the journal keeps: past tense, frozen, journaled before anything acts on it.

Every fact has ``at``, an aware UTC instant that is never before the one of the entry
before it. A published fact keeps its fields for ever; a new meaning is a new fact. What the
facts do to a tracker stands in ``evolve``.
"""

from jobnet.engine.facts.operators import (
    Commented,
    LateAnswer,
    OperatorAwaited,
    OperatorDecided,
    OrderTaken,
    PartHeld,
    PartMarked,
    PartReleased,
    PlacementChanged,
    ResultChanged,
    VoteCast,
)
from jobnet.engine.facts.parts import (
    ArgumentsBound,
    AttemptEnded,
    AttemptRunning,
    BranchTaken,
    EndsSeen,
    EventSent,
    EventTaken,
    FilesLooked,
    ItemsFixed,
    KillRequested,
    PartEnded,
    PartHandled,
    PartOpened,
    PartPrompted,
    PartQueued,
    PartStarted,
    PartWaited,
    RetryPlanned,
)
from jobnet.engine.facts.runs import (
    FlagRaised,
    FlowAdvanced,
    FlowEnded,
    FlowOpened,
    HaltCarriedOut,
    HaltOrdered,
    IterationStarted,
    RestCancelled,
    RestNotRun,
    RunEnded,
    RunReopened,
    RunStarted,
    SuspensionChanged,
    TimerArmed,
    TimerOver,
)

Fact = (
    RunStarted
    | RunEnded
    | RunReopened
    | FlowOpened
    | FlowAdvanced
    | RestNotRun
    | RestCancelled
    | FlowEnded
    | PartOpened
    | PartWaited
    | PartQueued
    | PartHeld
    | PartReleased
    | PartMarked
    | ArgumentsBound
    | BranchTaken
    | ItemsFixed
    | PartStarted
    | AttemptRunning
    | AttemptEnded
    | LateAnswer
    | RetryPlanned
    | PartPrompted
    | VoteCast
    | EventSent
    | EventTaken
    | FilesLooked
    | EndsSeen
    | PartEnded
    | PartHandled
    | OperatorAwaited
    | OperatorDecided
    | IterationStarted
    | TimerArmed
    | TimerOver
    | FlagRaised
    | KillRequested
    | HaltOrdered
    | HaltCarriedOut
    | SuspensionChanged
    | ResultChanged
    | PlacementChanged
    | Commented
    | OrderTaken
)

__all__ = [
    "ArgumentsBound",
    "AttemptEnded",
    "AttemptRunning",
    "BranchTaken",
    "Commented",
    "EndsSeen",
    "EventSent",
    "EventTaken",
    "Fact",
    "FilesLooked",
    "FlagRaised",
    "FlowAdvanced",
    "FlowEnded",
    "FlowOpened",
    "HaltCarriedOut",
    "HaltOrdered",
    "ItemsFixed",
    "IterationStarted",
    "KillRequested",
    "LateAnswer",
    "OperatorAwaited",
    "OperatorDecided",
    "OrderTaken",
    "PartEnded",
    "PartHandled",
    "PartHeld",
    "PartMarked",
    "PartOpened",
    "PartPrompted",
    "PartQueued",
    "PartReleased",
    "PartStarted",
    "PartWaited",
    "PlacementChanged",
    "RestCancelled",
    "RestNotRun",
    "ResultChanged",
    "RetryPlanned",
    "RunEnded",
    "RunReopened",
    "RunStarted",
    "SuspensionChanged",
    "TimerArmed",
    "TimerOver",
    "VoteCast",
]
