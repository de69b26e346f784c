"""Makes leaves and attributes of parts out of a source of random choices."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from jobnet.calendars import ClockTime
from jobnet.definition import (
    AwaitedResult,
    Deadline,
    Deadlines,
    Dialog,
    ErrorRules,
    Estimate,
    ExitCodes,
    FileEvent,
    HostsMatch,
    Judgement,
    LateStartAction,
    LatestStart,
    LockMode,
    Match,
    Notify,
    OnError,
    OnLost,
    OnTimeout,
    Placement,
    PlayJob,
    RerunRule,
    Retry,
    RetryHosts,
    SendEvent,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitLimit,
    WaitNetwork,
    WaitUntil,
)
from jobnet.definition.bodies import AnswerRule
from jobnet.expressions import parse_expression, parse_template

EVENTS = ("ready", "done")
QUEUES = ("narrow", "wide")
LOCKS = ("database", "files")


class Leaves:
    """Makes what stands by itself: leaves, attributes."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, percent: int) -> bool:
        """Return true in so many cases of a hundred; a shrunk choice is false."""
        return self.random.randint(1, 100) > 100 - percent

    def job(self) -> UnitJob:
        """Return a unit job."""
        return UnitJob(
            content=PlayJob(hosts=parse_template("all"), keywords="tasks: []"), reads_parts=()
        )

    def limit(self) -> WaitLimit:
        """Return how long a wait lasts at most, if there is a limit."""
        timeout = self.random.choice((None, timedelta(minutes=5), timedelta(hours=2)))
        on_timeout = self.random.choice((OnTimeout.ABNORMAL, OnTimeout.CONTINUE))
        return WaitLimit(timeout=timeout, on_timeout=on_timeout)

    def wait_for(self) -> WaitFor:
        """Return a wait for a duration."""
        return WaitFor(duration=timedelta(seconds=self.random.choice((0, 1, 60, 3600))))

    def wait_until(self) -> WaitUntil:
        """Return a wait for a clock time, past or to come."""
        return WaitUntil(clock=ClockTime(seconds=3600 * self.random.choice((11, 13, 25))))

    def wait_file(self) -> WaitFile:
        """Return a file wait."""
        return WaitFile(
            hosts=parse_template("all"),
            path=parse_template("/in/orders.csv"),
            event=self.random.choice(tuple(FileEvent)),
            accepts_existing=self.chance(50),
            settle=self.random.choice((timedelta(0), timedelta(seconds=10))),
            hosts_match=self.random.choice(tuple(HostsMatch)),
            limit=self.limit(),
        )

    def wait_event(self) -> WaitEvent:
        """Return a wait for one of the events that this bundle sends."""
        where = parse_expression("event.data.rows > 1") if self.chance(40) else None
        name = self.random.choice(EVENTS)
        return WaitEvent(name=name, where=where, match=Match.ANY, limit=self.limit())

    def send(self) -> SendEvent:
        """Return the sending of an event, kept or not."""
        keep = self.random.choice((timedelta(0), timedelta(hours=1)))
        data = {"rows": self.random.randint(0, 3)}
        return SendEvent(name=self.random.choice(EVENTS), data=data, keep=keep)

    def dialog(self) -> Dialog:
        """Return a question with one or two votes."""
        return Dialog(
            message=parse_template("Go on?"),
            choices={"post": 0, "reject": 1},
            answer=AnswerRule(votes=self.random.randint(1, 2)),
            timeout=self.random.choice((None, timedelta(minutes=30))),
            on_timeout=self.random.choice((None, "reject")),
        )

    def notify(self) -> Notify:
        """Return a message."""
        return Notify(to=(parse_template("ops@example.com"),), message=parse_template("Hello"))

    def wait_network(self, near: tuple[str, ...]) -> WaitNetwork:
        """Return a wait for a network that is played outside, or for one of this very run.

        The latter may be a deadlock: the wait stands in it, or before its only call.
        """
        return WaitNetwork(
            network="elsewhere" if self.chance(70) else self.random.choice(near),
            match=self.random.choice((Match.SAME_DAY, Match.SAME_DAY, Match.LATEST, Match.ANY)),
            result=self.random.choice(tuple(AwaitedResult)),
            on_other=self.random.choice((None, OnTimeout.ABNORMAL, OnTimeout.CONTINUE)),
            limit=self.limit(),
        )

    def rules(self, timeout: timedelta | None, *, is_job: bool) -> ErrorRules:
        """Return what follows an end that is not normal."""
        chosen = OnError.STOP
        if self.chance(35):
            chosen = self.random.choice((OnError.CONTINUE, OnError.HOLD))
        rules = ErrorRules(on_error=chosen, timeout=timeout)
        if not is_job:
            return rules
        codes = ExitCodes(ranges=((1, 1, Judgement.WARNING), (7, 7, Judgement.NORMAL)))
        delay = self.random.choice((timedelta(0), timedelta(seconds=20)))
        hosts = self.random.choice(tuple(RetryHosts))
        retry = Retry(count=self.random.randint(1, 2), delay=delay, backoff=2, hosts=hosts)
        return replace(
            rules,
            retry=retry if self.chance(30) else Retry(),
            exit_codes=codes if self.chance(30) else None,
            on_lost=self.random.choice(tuple(OnLost)),
            rerun=RerunRule.NEVER if self.chance(3) else RerunRule.SAFE,
        )

    def deadlines(self) -> Deadlines:
        """Return one or two deadlines."""
        late = Deadline(after_start=timedelta(minutes=self.random.choice((0, 2, 60))))
        then = self.random.choice(tuple(LateStartAction))
        return Deadlines(
            end_by=late if self.chance(20) else None,
            late_start=late if self.chance(30) else None,
            late_end=late if self.chance(30) else None,
            overrun=Estimate(duration=timedelta(seconds=30)) if self.chance(30) else None,
            underrun=Estimate(duration=timedelta(seconds=30)) if self.chance(30) else None,
            latest_start=LatestStart(at=late, then=then) if self.chance(20) else None,
        )

    def placement(self) -> Placement:
        """Return a queue, a priority and locks, each perhaps."""
        locks = {}
        if self.chance(25):
            locks[self.random.choice(LOCKS)] = self.random.choice(tuple(LockMode))
        return Placement(
            queue=self.random.choice(QUEUES) if self.chance(40) else None,
            priority=self.random.choice((10, 90)) if self.chance(20) else None,
            locks=locks,
        )
