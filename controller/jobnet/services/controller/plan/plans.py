"""States what can be asked of the plan and done to it: show, change a day of it, compare."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan.entries import PlanDiff, PlanEntry, PlanPage, PlanWish


class Plans(Protocol):
    """The plan; every method may be called from any thread.

    A change takes an ``Act``; the same key again gives what it gave before.
    """

    def show(self, wish: PlanWish) -> PlanPage:
        """Return a page of the plan: past, near plan and what lies further ahead."""

    def entry(self, key: OccurrenceKey) -> PlanEntry:
        """Return one start; raises ``StartNotPlanned``."""

    def move(self, key: OccurrenceKey, to: datetime, act: Act) -> PlanEntry:
        """Start it at another instant; its operating day stays."""

    def skip(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Leave it out."""

    def hold(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Keep it back until it is released."""

    def release(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Let it start as planned, at once if its time has passed."""

    def start_now(self, key: OccurrenceKey, act: Act) -> PlanEntry:
        """Start it now, with its own operating day; also one that was missed or skipped."""

    def add(
        self,
        network: str,
        start: datetime,
        day: date | None,
        params: Mapping[str, object],
        act: Act,
    ) -> PlanEntry:
        """Add a start that no rule gives."""

    def copy(self, key: OccurrenceKey, day: date, act: Act) -> PlanEntry:
        """Add the same start to another operating day, at the same clock time."""

    def set_params(self, key: OccurrenceKey, params: Mapping[str, object], act: Act) -> PlanEntry:
        """Start it with other params; those not named stay as they were."""

    def take_back(self, change_id: str, act: Act) -> PlanEntry | None:
        """Take a change on the day back; None where no start is left, as of an added one."""

    def diff(self, paths: Iterable[str | Path] = (), *, prune: bool = False) -> PlanDiff:
        """Return how the plan would differ if files of this machine were applied."""

    def diff_texts(
        self, texts: Sequence[tuple[str, str]], *, base: str | None = None, prune: bool = False
    ) -> PlanDiff:
        """Return how the plan would differ if texts were applied, as ``apply_texts`` takes them."""
