"""Writes down how a run goes on the virtual clock, and gives its course when it is over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from jobnet.definition import UnitJob
from jobnet.engine import Tracker
from jobnet.engine.facts import Fact
from jobnet.engine.standing import children, flow_of, part_of, run_of
from jobnet.engine.states import State, has_ended
from jobnet.engine.tracker import PartRecord
from jobnet.ids import PartKey
from jobnet.services.forecast.causes import last_parts, parts_before
from jobnet.services.forecast.course import Cause, Course, PartCourse, Wait

_WAITS = frozenset({State.WAITING, State.QUEUED, State.HELD, State.PROMPTING})
_DEADLINES = frozenset({"end_by", "latest_start", "timeout"})
_Open = tuple[State, str, str, datetime]
RUN = PartKey("")


class CourseLog:
    """What has become of the parts of one run so far."""

    def __init__(self, name: str, zero: datetime) -> None:
        """Begin with the log of a run; times count from ``zero``."""
        self._name, self._zero = name, zero
        self._begun: dict[PartKey, datetime] = {}
        self._open: dict[PartKey, _Open] = {}
        self._waits: dict[PartKey, list[Wait]] = {}
        self._behind: dict[PartKey, tuple[Cause, ...]] = {}
        self._cause: dict[PartKey, Cause] = {}

    def take(self, facts: Iterable[Fact], tracker: Tracker, now: datetime) -> None:
        """Note what the facts of one step changed; the tracker already holds them."""
        for fact in facts:
            key = getattr(fact, "part", None)
            record = None if key is None else tracker.parts.get(key)
            if record is not None and record.state is not State.FIXED:
                self._moved(record, now)

    def resume(self, tracker: Tracker) -> None:
        """Note how a run stands that had begun before the clock."""
        for record in tracker.parts.values():
            if record.state is State.FIXED:
                continue
            self._begun[record.key] = record.started or record.since
            if record.state in _WAITS:
                reason = "" if record.reason is None else record.reason.value
                self._open[record.key] = (record.state, reason, record.detail, record.since)

    def waits(self, part: PartKey, behind: tuple[Cause, ...]) -> None:
        """Note who holds what a part waits for."""
        if behind:
            self._behind[part] = tuple(self._seen(each) for each in behind)

    def goes_on(self, part: PartKey, cause: Cause | None) -> None:
        """Note who lets a part go on."""
        if cause is not None:
            self._cause[part] = self._seen(cause)

    def run_waits(self, reason: str, detail: str, now: datetime) -> None:
        """Note that the run itself stands in line."""
        self._open.setdefault(RUN, (State.WAITING, reason, detail, now))

    def run_begins(self, now: datetime) -> None:
        """Note that the run itself may begin."""
        self._close(RUN, now)

    def course(self, tracker: Tracker, *, endless: tuple[str, ...] = ()) -> Course:
        """Return how the run went, or goes as far as anybody can tell."""
        for key in list(self._open):
            self._close(key, None)
        if tracker.run is None:
            waits = tuple(self._waits.get(RUN, ()))
            return Course(
                state=State.WAITING, started=None, ended=None, waits=waits, endless=endless
            )
        run = run_of(tracker)
        delayed = frozenset(key for key in self._waits if key != RUN)
        return Course(
            state=run.state,
            reason=run.halt if run.halt in _DEADLINES else "",
            started=run.started - self._zero,
            ended=None if run.ended is None else run.ended - self._zero,
            parts=tuple(
                self._part(tracker, record, delayed)
                for record in tracker.parts.values()
                if record.key in self._begun
            ),
            waits=tuple(self._waits.get(RUN, ())),
            last=last_parts(tracker, delayed),
            endless=endless,
        )

    def missed(self, now: datetime) -> Course:
        """Return the course of a run that never begins."""
        after = now - self._zero
        return Course(state=State.MISSED, started=None, ended=after)

    def _part(
        self, tracker: Tracker, record: PartRecord, delayed: frozenset[PartKey]
    ) -> PartCourse:
        body = part_of(tracker, record).body
        return PartCourse(
            key=record.key,
            network=flow_of(tracker, record.flow).network,
            is_job=isinstance(body, UnitJob),
            state=record.state,
            reason=record.end_reason if record.end_reason in _DEADLINES else "",
            begun=self._begun[record.key] - self._zero,
            started=self._after(record.started),
            ended=self._after(record.ended),
            waits=tuple(self._waits.get(record.key, ())),
            after=parts_before(tracker, record, delayed),
            is_leaf=next(children(tracker, record), None) is None,
        )

    def _seen(self, cause: Cause) -> Cause:
        """Return a cause as this run names it: without its own name."""
        return Cause(run="", part=cause.part) if cause.run == self._name else cause

    def _after(self, instant: datetime | None) -> timedelta | None:
        return None if instant is None else instant - self._zero

    def _moved(self, record: PartRecord, now: datetime) -> None:
        key = record.key
        self._begun.setdefault(key, now)
        before = self._open.get(key)
        reason = "" if record.reason is None else record.reason.value
        if before is not None:
            if before[0] is record.state and before[1] in {reason, ""}:
                self._open[key] = (record.state, reason, record.detail, before[3])
                return
            self._close(key, now)
        if record.state in _WAITS and not has_ended(record.state):
            self._open[key] = (record.state, reason, record.detail, now)

    def _close(self, key: PartKey, now: datetime | None) -> None:
        if key not in self._open:
            return
        state, reason, detail, start = self._open.pop(key)
        behind, cause = self._behind.pop(key, ()), self._cause.pop(key, None)
        if now is not None and now <= start:
            return
        wait = Wait(
            state=state,
            reason=reason,
            detail=detail,
            start=start - self._zero,
            end=None if now is None else now - self._zero,
            behind=behind,
            cause=cause,
        )
        self._waits.setdefault(key, []).append(wait)
