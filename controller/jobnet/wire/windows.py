"""States the shapes of maintenance windows: when they are open, and how one is opened by hand."""

from typing import Annotated

from pydantic import Field

from jobnet.schedules import WindowAction
from jobnet.schedules.windows import WindowTargets
from jobnet.services.controller.windows.windows import NAMED_MAX, WindowsView, WindowView
from jobnet.wire.orders import Text
from jobnet.wire.shapes import Answer, GivenInstant, Instant, Name, Reason, Request

Names = Annotated[list[Name], Field(max_length=NAMED_MAX)]


class OpenWindowRequest(Request):
    """A window to open by hand. Nothing named: it covers whatever starts."""

    name: Name
    hosts: Text | None = Field(default=None, description="A pattern of inventory hosts.")
    nodes: Names = Field(default=[])
    queues: Names = Field(default=[])
    networks: Names = Field(default=[])
    action: WindowAction = WindowAction.HOLD
    first: GivenInstant | None = Field(default=None, description="None: now.")
    until: GivenInstant
    reason: Reason = ""

    def targets(self) -> WindowTargets:
        """Return what it covers, as the services know it."""
        return WindowTargets(
            hosts=self.hosts,
            nodes=tuple(self.nodes),
            queues=tuple(self.queues),
            networks=tuple(self.networks),
        )


class Targets(Answer):
    """What a window covers; nothing named: whatever starts."""

    hosts: str | None
    nodes: list[str]
    queues: list[str]
    networks: list[str]


class Window(Answer):
    """One time in which a window is open."""

    name: str
    title: str
    action: WindowAction
    targets: Targets
    first: Instant
    last: Instant
    is_open: bool
    is_by_hand: bool
    by: str = Field(description="Who opened it by hand.")
    reason: str
    silenced: int = Field(description="So many alerts were not sent because of it.")


class WindowProblem(Answer):
    """A window that could not be worked out; it counts as closed."""

    name: str
    what: str


class Windows(Answer):
    """Windows in order of time."""

    items: list[Window]
    problems: list[WindowProblem]


def windows_of(view: WindowsView) -> Windows:
    """Return the shape of windows."""
    problems = [WindowProblem(name=name, what=what) for name, what in view.problems]
    return Windows(items=[window_of(one) for one in view.windows], problems=problems)


def window_of(view: WindowView) -> Window:
    """Return the shape of one time of a window."""
    targets = view.targets
    return Window(
        name=view.name,
        title=view.title,
        action=view.action,
        targets=Targets(
            hosts=targets.hosts,
            nodes=list(targets.nodes),
            queues=list(targets.queues),
            networks=list(targets.networks),
        ),
        first=view.first,
        last=view.last,
        is_open=view.is_open,
        is_by_hand=view.is_by_hand,
        by=view.by,
        reason=view.reason,
        silenced=view.silenced,
    )
