"""States the shapes of networks that are applied."""

from pydantic import Field

from jobnet.wire.parts import WaitingOn
from jobnet.wire.runs import Run
from jobnet.wire.shapes import Answer, Instant, Related


class Network(Answer):
    """A network with its latest run; ``zone``, ``text`` and ``runs`` are null in lists."""

    name: str
    folder: str
    title: str
    version: int
    edition: int
    path: str
    line: int
    applied_at: Instant
    applied_by: str
    open_runs: int
    latest: Run | None
    suspended: WaitingOn | None
    zone: str | None = Field(
        default=None, description="The time zone of its starts that no schedule gives."
    )
    text: str | None = None
    runs: list[Run] | None = None
    related: Related


class NetworkPage(Answer):
    """Some networks by name; ``next`` is the address of the following page."""

    items: list[Network]
    next: str | None


class Last(Answer):
    """How a network went last, and how long its normal runs usually take."""

    network: str
    runs: list[Run] = Field(description="The latest runs, the latest first.")
    latest_normal: Run | None
    usual_seconds: float | None
    usual_seconds_by_part: dict[str, float]
