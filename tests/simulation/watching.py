"""Watches a night: what must hold after every fact and after every step.

``Broken`` says what does not hold. The checks read trackers and facts only; none of them asks
the functions of the engine that decide.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from jobnet.definition import AnyOf, Block, Bundle, LockMode, Parallel, SubNetwork, UnitJob
from jobnet.engine import Tracker, evolve, track
from jobnet.engine import facts as f
from jobnet.engine.bounds import FACTS_PER_STEP_MAX, size_of
from jobnet.engine.keys import id_of, part_key
from jobnet.engine.layout import address_of
from jobnet.engine.standing import chain, children, flow_of, part_of, parts_in, slots_of
from jobnet.engine.states import MOVES, State, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord
from jobnet.ids import PartKey

FACTS_SLACK = 60
"""One decision is never cut in two: a part with all its deadlines, an end with its timers."""
FACT_BYTES_MAX = 256 * 1024
_REOPENING = (f.IterationStarted, f.RunReopened)
_BEGINNING = (f.PartOpened, f.PartStarted, f.PartPrompted, f.PartQueued, f.PartWaited)


class Broken(AssertionError):
    """Something that must always hold does not."""


class Watch:
    """Replays every fact beside the run, and complains at once."""

    def __init__(self, empty: Tracker, bundle: Bundle) -> None:
        self.replayed = empty
        self.bundle = bundle
        self.started: set[tuple[str, int, int]] = set()
        self.last_at: datetime | None = None
        self.reopened: set[str] = set()
        self.carries = False  # a rerun of only one part passes over what follows it

    def step(self, facts: tuple[f.Fact, ...], after: Tracker) -> None:
        """Check the facts of one step, one after the other, and where they led."""
        if len(facts) > FACTS_PER_STEP_MAX + FACTS_SLACK:
            raise Broken(f"{len(facts)} facts in one step")
        for fact in facts:
            before = self.replayed
            self.replayed = evolve(before, fact)
            self._check_fact(before, fact, self.replayed)
        if self.replayed != after:
            raise Broken("replay gives another tracker")

    def _check_fact(self, before: Tracker, fact: f.Fact, after: Tracker) -> None:
        if self.last_at is not None and fact.at < self.last_at:
            raise Broken(f"{fact} is before {self.last_at}")
        self.last_at = fact.at
        if size_of(str(fact)) > FACT_BYTES_MAX:
            raise Broken(f"a {type(fact).__name__} is too large for the journal")
        for old, new in changes(before, after):
            self._check_move(fact, old, new)
        self._check_doubt(before, fact)
        if isinstance(fact, _BEGINNING):
            self._check_turn(before, fact)
        if isinstance(fact, f.PartOpened | f.PartStarted):
            record = after.parts.get(fact.part)
            assert record is not None, "it has begun"
            self.started.add((record.key, record.round, record.iteration))
        if isinstance(fact, f.PartEnded):
            self._check_end(after, fact)
        if isinstance(fact, f.RunReopened):
            was_running = before.run is not None and before.run.state is State.RUNNING
            self.carries = bool(fact.only) or (self.carries and was_running)
            self.reopened.update(fact.reopened)
        if isinstance(fact, f.FlowOpened):
            self._check_opened(before, fact)
        if isinstance(fact, f.RestNotRun | f.RestCancelled):
            self._check_rest(after, fact)

    def _check_doubt(self, before: Tracker, fact: f.Fact) -> None:
        """No job starts and no timer fires while the clock is doubted; messages do go out."""
        if before.run is None or not before.run.clock_jump_seconds:
            return
        record = before.parts.get(fact.part) if isinstance(fact, f.PartStarted) else None
        is_job = record is not None and _is_job(before, record)
        if is_job or (isinstance(fact, f.TimerOver) and fact.has_fired):
            raise Broken(f"{fact} while the clock is doubted")

    def _check_move(self, fact: f.Fact, old: PartRecord | None, new: PartRecord) -> None:
        was = State.FIXED if old is None else old.state
        if min(new.open_flows, new.lingering) < 0:
            raise Broken(f"{new.key} counts {new.open_flows}, {new.lingering} after {fact}")
        if was is new.state or (isinstance(fact, _REOPENING) and new.state is State.FIXED):
            return
        if new.state not in MOVES[was]:
            raise Broken(f"{new.key} goes from {was} to {new.state} by {type(fact).__name__}")
        if has_ended(was) and not isinstance(fact, f.RunReopened | f.ResultChanged):
            raise Broken(f"{new.key} ended {was} and is {new.state} by {type(fact).__name__}")

    def _check_turn(self, before: Tracker, fact: f.PartFact) -> None:
        """Nothing begins before what it needs."""
        record = before.parts.get(fact.part)
        address = address_of(before.layout, fact.part)
        flow = None if address is None else before.flows.get(address.flow)
        if flow is None or not flow.is_open or not _is_turn(before, flow, fact.part):
            raise Broken(f"{fact} begins and it is not its turn")
        for part in parts_in(before, flow)[: flow.next]:
            earlier = before.parts.get(part_key(flow.scope, part.id))
            is_left_out = earlier is None or earlier.state is State.FIXED
            if is_left_out and flow.key in self.reopened:
                continue  # an operator began behind parts that have never run
            if earlier is None or not has_ended(earlier.state):
                raise Broken(f"{fact} begins before {part.id} has ended")
        for _, owner in chain(before, flow):
            if owner is not None and owner.state is not State.RUNNING and not _lingers(owner):
                raise Broken(f"{fact} begins inside {owner.key}, which is {owner.state}")
        if record is not None and record.state is State.HELD:
            raise Broken(f"{fact} begins although it is held")

    def _check_opened(self, before: Tracker, fact: f.FlowOpened) -> None:
        """A flow begins with fresh parts; a rescue and an ``always`` begin when all is quiet."""
        owner = None if fact.owner is None else before.parts.get(fact.owner)
        is_after = owner is not None and fact.slot in {"rescue", "always"}
        if is_after and owner is not None and (owner.open_flows or owner.lingering):
            raise Broken(f"{fact.flow} begins while parts of its block are active")
        flow_id = None if fact.slot == "flow" and owner is None else fact.owner
        called = owner is not None and isinstance(part_of(before, owner).body, SubNetwork)
        in_text = None if called or flow_id is None else id_of(flow_id)
        for part in before.layout.flow(fact.network, in_text, fact.slot):
            record = before.parts.get(part_key(fact.scope, part.id))
            is_new = record is None or not record.started or record.state is State.FIXED
            if not is_new and not self.carries:
                raise Broken(f"{fact.flow} begins and {part.id} in it has ended")

    def _check_end(self, after: Tracker, fact: f.PartEnded) -> None:
        record = after.parts.get(fact.part)
        assert record is not None, "it has ended"
        body = part_of(after, record).body
        is_open = any(flow.is_open for flow in children(after, record))
        if is_open and not isinstance(body, AnyOf):
            raise Broken(f"{record.key} ended {fact.state} while flows in it are open")
        is_joined = isinstance(body, Parallel) and fact.state in {State.NORMAL, State.WARNING}
        if is_joined and len(list(children(after, record))) < len(slots_of(part_of(after, record))):
            raise Broken(f"{record.key} joined before all branches were begun")
        self._check_always(after, record)

    def _check_always(self, after: Tracker, record: PartRecord) -> None:
        body = part_of(after, record).body
        was_open = any(True for _ in children(after, record))
        if not isinstance(body, Block) or not body.always or not was_open:
            return
        is_now = any(self._halts(after, record))
        if not is_now and after.flows.get(f"{record.key}/always") is None:
            raise Broken(f"the always of {record.key} did not run")

    def _halts(self, tracker: Tracker, record: PartRecord) -> Iterator[bool]:
        assert tracker.run is not None, "the run has begun"
        yield "now" in {tracker.run.halt, record.halt}
        for _, owner in chain(tracker, flow_of(tracker, record.flow)):
            yield owner is not None and owner.halt == "now"

    def _check_rest(self, after: Tracker, fact: f.RestNotRun | f.RestCancelled) -> None:
        flow = flow_of(after, fact.flow)
        assert after.run is not None, "the run has begun"
        for part in parts_in(after, flow)[fact.first :]:
            record = after.parts.get(part_key(flow.scope, part.id))
            if record is None or record.state is State.FIXED or not record.started:
                continue
            if record.round == after.run.round:  # one of an earlier round is carried
                raise Broken(f"{record.key} is {record.state} and was stopped by {fact}")

    def settled(self, tracker: Tracker) -> None:
        """Check what must hold between steps."""
        assert tracker.run is not None, "the run has begun"
        lingering = 0
        for record in tracker.parts.values():
            flows = sum(1 for flow in children(tracker, record) if flow.is_open)
            if record.open_flows != flows:
                raise Broken(f"{record.key} counts {record.open_flows} flows; {flows} are open")
            if has_ended(record.state) and record.open_flows:
                lingering += 1
        if tracker.run.lingering != lingering:
            raise Broken(f"the run counts {tracker.run.lingering} losers; there are {lingering}")
        self._check_limits(tracker)

    def _check_limits(self, tracker: Tracker) -> None:
        live = [r for r in tracker.parts.values() if r.is_live and _is_job(tracker, r)]
        queues: Counter[str] = Counter()
        locks: dict[str, list[LockMode]] = {}
        for record in live:
            part = part_of(tracker, record)
            network = self.bundle.networks[flow_of(tracker, record.flow).network]
            queues[record.queue or part.placement.queue or network.placement.queue or ""] += 1
            for name, mode in part.placement.locks.items():
                locks.setdefault(name, []).append(mode)
        for name, queue in self.bundle.queues.items():
            if queue.limit is not None and queues[name] > queue.limit:
                raise Broken(f"{queues[name]} jobs run in queue {name!r} of {queue.limit}")
        for name, modes in locks.items():
            if len(modes) > 1 and LockMode.EXCLUSIVE in modes:
                raise Broken(f"lock {name!r} is held {modes}")
        for name, network in self.bundle.networks.items():
            running = [r for r in tracker.parts.values() if _executes(tracker, r, name)]
            if network.limit is not None and len(running) > network.limit:
                raise Broken(f"{len(running)} executions of {name} of {network.limit}")

    def over(self, tracker: Tracker) -> None:
        """Check what must hold when a run has ended."""
        assert tracker.run is not None, "the run has begun"
        timers = [record.timers for record in tracker.parts.values() if record.timers]
        if tracker.run.timers or timers:
            raise Broken(f"{timers or tracker.run.timers} are left at the end of the run")
        if tracker.due or tracker.parked or tracker.run.lingering:
            raise Broken("work is left at the end of the run")
        if any(record.open_flows or record.lingering for record in tracker.parts.values()):
            raise Broken("flows are counted as open at the end of the run")
        for line in track(tracker):
            if not has_ended(line.state):
                raise Broken(f"the run has ended and {line.shown_key} is {line.state}")
            record = line.record
            if line.state is not State.NOT_RUN or record is None:
                continue
            if (record.key, record.round, record.iteration) in self.started:
                raise Broken(f"{record.key} was started and is {line.state}")


def changes(before: Tracker, after: Tracker) -> Iterator[tuple[PartRecord | None, PartRecord]]:
    """Yield what became of the records that are not the same any more."""
    if before.parts is after.parts:
        return
    for key, record in after.parts.items():
        old = before.parts.get(key)
        if old is not record:
            yield old, record


def _is_turn(tracker: Tracker, flow: FlowRecord, part: PartKey) -> bool:
    parts = parts_in(tracker, flow)
    return flow.next < len(parts) and part_key(flow.scope, parts[flow.next].id) == part


def _lingers(owner: PartRecord) -> bool:
    return owner.open_flows > 0 or owner.lingering > 0


def _is_job(tracker: Tracker, record: PartRecord) -> bool:
    return isinstance(part_of(tracker, record).body, UnitJob)


def _executes(tracker: Tracker, record: PartRecord, network: str) -> bool:
    body = part_of(tracker, record).body
    is_call = isinstance(body, SubNetwork) and body.network == network
    return is_call and record.state is State.RUNNING
