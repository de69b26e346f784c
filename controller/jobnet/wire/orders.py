"""States what each operator's order may hold, and what is answered to it."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from jobnet.engine.orders import NewResult, RerunFrom
from jobnet.wire.shapes import Answer, Name, Reason, Request

TEXT_MAX = 1000
TARGETS_MAX = 1000
PRIORITY_MAX = 1000

Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX, pattern=r"^[^\x00]+$")]


class OrderRequest(Request):
    """An order that needs nothing but a reason."""

    reason: Reason = ""


class SkipRequest(OrderRequest):
    """Let a part end SKIPPED when its turn comes."""

    exit_code: int = Field(default=0, ge=-(2**31), lt=2**31)


class ChangeTimeRequest(OrderRequest):
    """Move the instant that a clock or duration wait is waiting for."""

    to: Text = Field(description="2026-05-29T21:55 in the zone of the run, or with an offset.")


class AnswerRequest(OrderRequest):
    """Answer an open dialog."""

    choice: Text
    form: dict[str, JsonValue] = Field(default={})


class KillRequest(OrderRequest):
    """End what runs."""

    now: bool = Field(default=False, description="Leave out every always as well.")


class ChangeResultRequest(OrderRequest):
    """Give a part another result."""

    result: NewResult
    exit_code: int | None = Field(default=None, ge=-(2**31), lt=2**31)


class SetPriorityRequest(OrderRequest):
    """Give a part another place in its queue."""

    priority: int = Field(ge=-PRIORITY_MAX, le=PRIORITY_MAX)


class MoveQueueRequest(OrderRequest):
    """Let a part wait in another queue."""

    queue: Text


class CommentRequest(OrderRequest):
    """Write a note."""

    text: Text


class RerunRequest(OrderRequest):
    """Run again: from where, on which hosts, with which params."""

    start: RerunFrom | None = Field(
        default=None, description="None: this part and all after it; of a run, its failed parts."
    )
    hosts: Text | None = Field(default=None, description="Names with commas between, or failed.")
    held: bool = False
    params: dict[str, JsonValue] = Field(default={})
    definition: Literal["pinned", "current"] = Field(
        default="pinned",
        description="current: go on with the definitions and project of now; the run has ended.",
    )


OrderName = Literal[
    "hold",
    "release",
    "suspend",
    "resume",
    "skip",
    "unskip",
    "no-exec",
    "run-now",
    "change-time",
    "clear-wait",
    "answer",
    "kill",
    "force-end",
    "change-result",
    "cancel",
    "rerun",
    "set-priority",
    "move-queue",
    "comment",
]


class Target(Request):
    """What an order is for: a run, or a part of it."""

    run: Name
    part: Name | None = None


class BulkRequest(Request):
    """One order for several runs or parts."""

    order: OrderName
    targets: Annotated[list[Target], Field(min_length=1, max_length=TARGETS_MAX)]
    fields: dict[str, JsonValue] = Field(default={}, description="What the order needs beside.")
    reason: Reason = ""


class Asking(Answer):
    """A part that wants a yes before it runs again, and what its author says about that."""

    part: str
    note: str


class ProjectChange(Answer):
    """How a project stood when the run began, and stands now."""

    root: str
    before: str
    after: str


class OrderAnswer(Answer):
    """What an order does, or, of a preview, would do.

    ``again`` and the following are told of reruns only: which parts run again, how many are
    carried, and which want to be asked about it with their notes. ``mapping`` and the following
    are told where it would go on with the current definitions.
    """

    sentence: str
    is_preview: bool
    again: list[str] = Field(default=[])
    carried: int = 0
    asking: list[Asking] = Field(default=[])
    mapping: str = Field(default="", description="How the parts belong together.")
    changes: str = Field(default="", description="A unified diff of the definitions.")
    projects: list[ProjectChange] = Field(default=[])


class TargetAnswer(Answer):
    """What became of an order for one of several targets; ``refusal`` "": it was carried out."""

    run: str
    part: str | None
    sentence: str
    refusal: str
    code: str = Field(description="The code of the refusal, or nothing.")


class BulkAnswer(Answer):
    """What became of an order for each of its targets, in their order."""

    is_preview: bool
    done: int
    refused: int
    items: list[TargetAnswer]
