"""States the shapes of what people look at first: status, why something does not run, changes."""

from pydantic import Field, JsonValue

from jobnet.engine.states import State
from jobnet.services.controller.views.concerns import Concern
from jobnet.services.controller.views.deviations import Deviation
from jobnet.wire.parts import WaitingOn
from jobnet.wire.plan import Start
from jobnet.wire.runs import Run
from jobnet.wire.shapes import Answer, Instant, Related


class Attention(Answer):
    """One thing that a person should look at."""

    kind: Concern
    run: str
    part: str = Field(description="Empty: the run itself.")
    network: str
    what: str
    since: Instant
    commands: list[str] = Field(description="What to type to look at it, or to help.")


class Running(Answer):
    """A run that has not ended, and when runs like it usually end."""

    run: Run
    usual_seconds: float | None
    expected_end: Instant | None
    is_over_usual: bool


class WaitingPart(Answer):
    """A part of any run that has its turn and does not run."""

    run: str
    part: str
    network: str
    name: str
    kind: str
    state: State
    reason: str
    detail: str
    since: Instant


class Dialog(Answer):
    """A dialog that is open."""

    run: str
    part: str
    attempt: int
    network: str
    message: str
    choices: dict[str, int] = Field(description="Choices and the exit codes they give.")
    form: dict[str, JsonValue]
    who_may: dict[str, JsonValue]
    on_timeout: str | None
    opened_at: Instant
    due: Instant | None
    related: Related = Field(default={})


class Dialogs(Answer):
    """Open dialogs, the oldest first."""

    items: list[Dialog]


class Line(Answer):
    """How many jobs hold a slot of a queue, and how many stand in its line."""

    queue: str
    holding: int
    waiting: int


class Appointment(Answer):
    """Something that is due soon."""

    run: str = Field(description="Empty: a planned start, which has no run yet.")
    part: str = Field(description="Empty: the run itself.")
    kind: str
    due: Instant
    network: str = Field(description="What a planned start starts; else empty.")
    start: str = Field(description="The key of a planned start; else empty.")


class Deviating(Answer):
    """One thing that is not as defined."""

    kind: Deviation
    what: str
    value: str
    since: Instant
    by: str = Field(description="Empty: its definition says so, or nobody knows any more.")
    reason: str
    until: Instant | None


class Deviations(Answer):
    """All that is not as defined, the oldest first."""

    items: list[Deviating]


class Status(Answer):
    """The night on one page. Lists are bounded; ``open_runs`` counts all."""

    now: Instant
    open_runs: int
    suspended: list[WaitingOn]
    attention: list[Attention]
    running: list[Running]
    waiting: list[WaitingPart]
    dialogs: list[Dialog]
    queues: list[Line]
    next: list[Appointment]
    deviations: list[Deviating]


class Failure(Answer):
    """A part that ended badly, with the first host that failed."""

    part: str
    kind: str
    state: State
    reason: str | None
    message: str
    exit_code: int | None
    attempt: int
    ended: Instant | None
    handled: str
    host: str
    host_message: str


class Waiting(Answer):
    """A part and what it waits for."""

    part: str = Field(description="Empty: the run itself.")
    waiting_on: WaitingOn


class Hint(Answer):
    """A command to type next."""

    command: str
    purpose: str


class Why(Answer):
    """Why something does not run, or why it failed."""

    network: str
    run: Run | None = Field(description="None: the network has never run.")
    sentence: str = Field(description="All of it in one line.")
    waiting: list[Waiting]
    failures: list[Failure]
    hints: list[Hint]
    starts: list[Start] = Field(
        default=[], description="Of a network: when the plan starts it within two days."
    )
    silent: list[str] = Field(
        default=[], description="Of a network: why its schedules start nothing today."
    )


class Act(Answer):
    """One act: who did what to which thing, when, why, before and after."""

    id: int
    at: Instant
    by: str
    act: str
    subject: str
    reason: str
    before: JsonValue
    after: JsonValue
    refusal: str = Field(description="Why it was not done, or nothing.")
    key: str


class Acts(Answer):
    """Acts, the latest first; ``next`` is the address of the following page."""

    items: list[Act]
    next: str | None
