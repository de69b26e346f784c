"""States the shapes of the parts of a run, of what they wait for and of what they printed."""

from pydantic import Field, JsonValue

from jobnet.engine.states import State
from jobnet.services.controller.views.waiting import Resolver
from jobnet.wire.shapes import Answer, Instant, Related


class WaitingOn(Answer):
    """One thing that keeps something from running."""

    kind: str = Field(description="A reason of the glossary.")
    what: str
    since: Instant | None
    expected_at: Instant | None
    who_can_resolve: Resolver


class Host(Answer):
    """What a part came to on one host."""

    state: str
    rc: int | None
    message: str
    counts: dict[str, int]
    stats: JsonValue


class PastEnd(Answer):
    """How an earlier iteration or attempt ended."""

    iteration: int
    attempt: int
    state: State
    exit_code: int | None
    message: str
    ended: Instant


class Part(Answer):
    """One part of a run as it stands."""

    run: str
    key: str = Field(description="Its id with its scope: per_customer[acme].load.")
    shown_key: str = Field(description="The key with its iteration: load#3.")
    name: str
    kind: str
    slot: str = Field(description="In which flow of its container it is.")
    depth: int = Field(description="How many containers are around it.")
    state: State
    reason: str | None = Field(description="Why it waits; of an end such as timeout, why it came.")
    attempt: int
    iteration: int
    exit_code: int | None
    handled: str = Field(description="How an abnormal end was dealt with, or nothing.")
    since: Instant | None
    started: Instant | None
    ended: Instant | None
    message: str
    flags: list[str]
    marks: list[str] = Field(description="Orders that wait for its turn.")
    notes: list[str]
    outputs: JsonValue
    artifacts: dict[str, str]
    hosts: dict[str, Host]
    earlier: list[PastEnd]
    waiting_on: list[WaitingOn]


class PartDetails(Part):
    """One part with the addresses of what belongs to it."""

    related: Related


class Artifact(Answer):
    """A file that a part has left."""

    name: str = Field(description="Its path below the folder of artifacts.")
    size: int | None = Field(description="In bytes; null where it is not there any more.")
    address: str


class ArtifactList(Answer):
    """The files that a part has left, by name."""

    run: str
    part: str
    items: list[Artifact]


class Track(Answer):
    """All parts of a run in the order of the text, as they stood after one journal entry."""

    run: str
    state: State
    position: int
    now: Instant
    waiting_on: list[WaitingOn] = Field(description="What keeps the whole run from going on.")
    items: list[Part]


class Output(Answer):
    """A piece of what an attempt printed; offsets count characters."""

    run: str
    part: str
    attempt: int
    offset: int
    text: str
    total: int = Field(description="So many characters are there by now.")
    is_cut: bool = Field(description="More was printed than is kept.")
    is_complete: bool = Field(description="The attempt has ended; nothing more will come.")


class OutputHit(Answer):
    """A line that a search has found; lines count from 1."""

    offset: int
    line: int
    text: str


class OutputHits(Answer):
    """The first lines of an attempt's output that contain a text."""

    run: str
    part: str
    attempt: int
    items: list[OutputHit]
