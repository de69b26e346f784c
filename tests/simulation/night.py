"""Plays a night of one run out of a seed, with everything that may go wrong, and watches it.

The night has two halves. First anything may happen: orders at any moment, deaths of the
controller, jumps of the clock. Then only what the run waits for is resolved, one thing after
the other, and it has to end.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from jobnet.definition import Bundle, SubNetwork, UnitJob
from jobnet.engine import Candidate, Tracker, begin, deriving, ends_of, evolve, open_commands, step
from jobnet.engine import commands as c
from jobnet.engine import facts as f
from jobnet.engine import inputs as i
from jobnet.engine import orders as o
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.standing import part_of
from jobnet.engine.states import State
from jobnet.errors.engine import AnswerRefused, OrderRefused
from jobnet.ids import NetworkName, OperatorName, RunId

from tests.simulation.blocking import Blocker, blockers
from tests.simulation.ordering import random_order
from tests.simulation.telling import told, told_track
from tests.simulation.watching import Broken, Watch
from tests.simulation.world import Attempt, World, candidate_of

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
STEPS_MAX = 6_000
RESOLVED_MAX = 1_500
GOES_ON_MAX = 200
WILD_STEPS = 400
LOG_LINES = 60
LINE_MAX = 240


@dataclass(frozen=True, kw_only=True)
class Chaos:
    """How often something goes wrong, in a hundred steps."""

    orders: int = 6
    deaths: int = 3
    jumps: int = 2
    reconsiders: int = 15
    reruns_max: int = 2


CALM = Chaos(orders=0, deaths=0, jumps=0, reconsiders=0, reruns_max=0)


class Night:
    """One run with its world, its operators and its watch."""

    def __init__(self, bundle: Bundle, seed: int, chaos: Chaos) -> None:
        self.random = Random(seed)  # noqa: S311 - chance, no secret
        self.chaos = chaos
        self.empty = begin(bundle, {})
        self.tracker = self.empty
        self.world = World(self.random, bundle, NOON)
        self.watch = Watch(self.empty, bundle)
        self.journal: list[f.Fact] = []
        self.log: list[str] = []
        self.steps = 0
        self.orders = 0
        self.reruns = 0

    def play(self) -> None:
        """Play the night to its end; raise ``Broken`` for whatever does not hold."""
        start = i.StartRun(
            run=RunId("r"),
            by=OperatorName("ann"),
            operating_day=date(2026, 5, 29),
            planned_start=NOON,
            zone="UTC",
        )
        self.feed(start)
        resolved = 0
        while self.steps < STEPS_MAX:
            if self.steps < WILD_STEPS:
                self._disturb()
            arrived = self.world.next()
            for given in arrived or ():
                self.feed(given)
            if arrived is not None:
                continue
            if not self._is_over():
                resolved += 1
                self._resolve(resolved)
            elif not self._rerun():
                self.watch.over(self.tracker)
                self._check_slots()
                return
        raise Broken(f"the run has not ended after {STEPS_MAX} steps")

    def report(self) -> str:
        """Return what somebody needs to find out what went wrong."""
        log = "\n".join(line[:LINE_MAX] for line in self.log[-LOG_LINES:])
        return f"{told(self.tracker.layout.bundle)}\n\n{log}\n\n{told_track(self.tracker)}"

    def _check_slots(self) -> None:
        """A job that was given up and still runs keeps its slot; nobody else holds one."""
        live = {(r.key, r.attempt) for r in self.tracker.parts.values() if r.is_live}
        jobs = {key for key in live if not self.world.jobs[key].is_message}
        if set(self.world.holding) != jobs or self.world.asking:
            raise Broken(f"{set(self.world.holding)} hold slots, {jobs} are running")

    def feed(self, given: i.Input) -> None:
        """Give the run an input, twice for the second time's sake, and do what follows."""
        each = given
        for _ in range(GOES_ON_MAX):
            now = self.world.wall
            try:
                decision = step(self.tracker, each, now)
            except (OrderRefused, AnswerRefused) as refusal:
                self.log.append(f"{self.steps} {now:%d %T} refused: {refusal}")
                return
            self.steps += 1
            self._check_twice(decision.tracker, each, now, is_complete=decision.is_complete)
            self._keep(each, now, decision.facts, decision.tracker)
            if decision.is_complete:
                self.watch.settled(self.tracker)
            if self._dies(decision.commands):
                decision_is_complete = not self.tracker.due
            else:
                decision_is_complete = decision.is_complete
            self.world.hand_on(self.tracker)
            if decision_is_complete:
                return
            each = i.GoOn()
        raise Broken(f"GoOn does not finish what {given} began")

    def _keep(
        self, given: i.Input, now: datetime, facts: tuple[f.Fact, ...], after: Tracker
    ) -> None:
        self.log.append(f"{self.steps} {now:%d %T} {given}")
        self.log.extend(f"    {fact}" for fact in facts)
        self.journal.extend(facts)
        self.watch.step(facts, after)
        self.tracker = after
        for fact in facts:
            if isinstance(fact, f.EventSent):
                self.world.events.append(fact.event)
            if isinstance(fact, f.RunEnded | f.PartEnded | f.ResultChanged):
                self.world.ends.extend(ends_of(after, fact))

    def _check_twice(
        self, tracker: Tracker, given: i.Input, now: datetime, *, is_complete: bool
    ) -> None:
        """Asking twice changes nothing; a late answer is noted, once."""
        if not is_complete:
            return
        second = step(tracker, given, now)
        if all(isinstance(fact, f.LateAnswer) for fact in second.facts):
            second = step(second.tracker, given, now)
        if second.facts:
            raise Broken(f"{given} twice gives {second.facts}")

    def _dies(self, commands: tuple[c.Command, ...]) -> bool:
        """Carry the commands out, or die between two of them and begin anew."""
        if not self.world.chance(self.chaos.deaths):
            for command in commands:
                self.world.do(command)
            return False
        for command in commands[: self.random.randint(0, len(commands))]:
            self.world.do(command)
        self.log.append("    the controller dies")
        tracker = self.empty
        for fact in self.journal:
            tracker = evolve(tracker, fact)
        if tracker != self.tracker:
            raise Broken("the journal gives another tracker")
        self.tracker = tracker
        self.world.restart(tracker, self._holders())
        for command in open_commands(tracker):
            self.world.do(command)
        return True

    def _holders(self) -> dict[Attempt, Candidate]:
        found: dict[Attempt, Candidate] = {}
        for record in self.tracker.parts.values():
            body = part_of(self.tracker, record).body
            is_call = isinstance(body, SubNetwork) and record.state is State.RUNNING
            if isinstance(body, SubNetwork) and is_call:
                network = self.tracker.layout.network(NetworkName(body.network))
                is_call = is_limited(network)
            if is_call or (record.is_live and isinstance(body, UnitJob)):
                command = deriving._ask_slot(self.tracker, record)
                key = (record.key, record.attempt)
                found[key] = candidate_of(command, self.world.now)
        return found

    def _is_over(self) -> bool:
        run = self.tracker.run
        return run is not None and run.ended is not None

    def _disturb(self) -> None:
        if self.world.chance(self.chaos.jumps):
            self._jump(self.random.choice((-3600, -30, 30, 7200)))
        if self.world.chance(self.chaos.reconsiders):
            self._reconsider()
        if self.world.chance(self.chaos.orders):
            self._order(random_order(self.random, self.tracker, self.world.wall))

    def _jump(self, seconds: int) -> None:
        """Set the wall clock; a jump is noticed or not, and the readings may agree again."""
        self.world.offset += timedelta(seconds=seconds)
        if self.world.chance(60):
            self.feed(i.ClockJumped(seconds=float(seconds)))
            if self.world.chance(60):
                after = self.random.choice((0, 1, 30, 5000))
                self.world.later(i.ClockAgreed(), after)

    def _reconsider(self) -> None:
        """Hold and release, or suspend and resume, while the slot of a part is on its way."""
        ready = [key for key in sorted(self.world.holding) if self._is_in_line(key)]
        if not ready:
            return
        part, _ = self.random.choice(ready)
        if self.world.chance(70):
            self._order(o.Hold(part=part))
            self._order(o.Release(part=part))
        else:
            self._order(o.Suspend())
            self._order(o.Resume())

    def _is_in_line(self, key: Attempt) -> bool:
        record = self.tracker.parts.get(key[0])
        return record is not None and record.attempt == key[1] and not record.is_live

    def _order(self, order: o.Order) -> None:
        self.orders += 1
        by = OperatorName(self.random.choice(("ann", "bob")))
        key = f"order-{self.orders if self.world.chance(95) else max(1, self.orders - 1)}"
        self.feed(i.OrderGiven(order=order, by=by, key=key))

    def _rerun(self) -> bool:
        """Order a rerun of an ended run now and then; return whether it runs again."""
        if self.reruns >= self.chaos.reruns_max or self.world.chance(40):
            return False
        self.reruns += 1
        start = self.random.choice(tuple(o.RerunFrom))
        parts = tuple(self.tracker.parts.items())
        keys = (self.random.choice(parts)[1].key,) if parts else ()
        order = o.Rerun(
            start=start,
            parts=keys,
            failed_hosts_only=self.world.chance(30),
            held=self.world.chance(20),
        )
        self._order(order)
        return not self._is_over()

    def _resolve(self, resolved: int) -> None:
        """Do one thing that the run waits for; complain if there is none."""
        if resolved > RESOLVED_MAX:
            raise Broken("the run does not end though everything is resolved")
        if self.tracker.due:
            raise Broken(f"nothing happens and {self.tracker.due} is due")
        waiting = blockers(self.tracker, self.world)
        helpless = [each for each in waiting if not each.resolver]
        if helpless or not waiting:
            raise Broken(f"nobody can move {helpless or 'the run'}")
        helped = [each for each in waiting if each.orders or "dead" in each.resolver]
        if not helped:
            raise Broken(f"all of them wait for each other: {waiting}")
        self._help(self.random.choice(helped))

    def _help(self, blocker: Blocker) -> None:
        if not blocker.orders:
            record = self.tracker.parts.get(blocker.part)
            assert record is not None, "a job has a record"
            self.world.confirm_dead((record.key, record.attempt))
        for order in blocker.orders[:1]:
            for by in ("bob", "cy"):
                self.orders += 1
                given = i.OrderGiven(order=order, by=OperatorName(by), key=f"help-{self.orders}")
                self.feed(given)
