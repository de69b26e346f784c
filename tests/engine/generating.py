"""Makes networks of all kinds of parts, nested, out of a source of random choices.

``Maker`` takes any ``random.Random``: a seeded one in the simulation, hypothesis' own in the
property tests, which can then shrink what it finds. What it makes is what the reader of the YAML
would let pass: ids are unique per document, jumps go back, nothing calls itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from jobnet.calendars import DayRule, DayState
from jobnet.definition import (
    AnyOf,
    AwaitedResult,
    Block,
    Branch,
    Bundle,
    CalendarBranch,
    Case,
    ContinueFrom,
    DayCase,
    Deadlines,
    Dialog,
    Flow,
    ForEach,
    Losers,
    Match,
    NamedFlow,
    Network,
    Overlap,
    Parallel,
    Param,
    Part,
    Placement,
    Queue,
    SubNetwork,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitNetwork,
    WaitPart,
)
from jobnet.definition.bodies import Body
from jobnet.expressions import Expression, parse_expression, parse_template
from jobnet.ids import NetworkName, PartId

from tests.engine.generating_leaves import QUEUES, Leaves

DEPTH_MAX = 5
PARTS_MAX = 28
NOTHING_DEADLINES = Deadlines()


@dataclass(kw_only=True)
class Around:
    """What a flow under construction may refer to: parts before it, and targets of jumps."""

    depth: int
    network: str
    earlier: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    calls: tuple[str, ...] = ()

    def inside(self, *, jumps: bool, forgets: bool = False) -> "Around":
        """Return what a flow inside the present part may refer to."""
        return Around(
            depth=self.depth + 1,
            network=self.network,
            earlier=[] if forgets else list(self.earlier),
            targets=list(self.targets) if jumps else [],
            calls=self.calls,
        )


class Maker:
    """Makes one bundle; ``parts_max`` bounds each of its documents."""

    def __init__(self, random: Random, parts_max: int = PARTS_MAX) -> None:
        self.random = random
        self.leaves = Leaves(random)
        self.parts_max = parts_max
        self.left = parts_max
        self.count = 0

    def bundle(self) -> Bundle:
        """Return a network with those that it calls, and its queues."""
        names = ["main", *("inner", "innermost")[: self.random.randint(0, 2)]]
        networks = {}
        for index, name in enumerate(names):
            self.left = self.parts_max if index == 0 else self.parts_max // 4
            called = tuple(names[index + 1 :])
            networks[NetworkName(name)] = self.network(name, called, is_main=index == 0)
        queues = {
            name: Queue(name=name, limit=limit) for name, limit in zip(QUEUES, (1, 3), strict=True)
        }
        return Bundle(main=NetworkName("main"), networks=networks, queues=queues)

    def network(self, name: str, calls: tuple[str, ...], *, is_main: bool) -> Network:
        """Return one document."""
        around = Around(depth=1 if is_main else 3, network=name, calls=calls)
        flow = self.flow(around, least=2 if is_main else 1)
        overlap = self.random.choice((Overlap.PARALLEL, Overlap.QUEUE, Overlap.SKIP))
        params = {} if is_main else {"size": Param(type="int", required=False, default=3)}
        outputs = {"count": parse_template("{{ params.size + 1 }}")} if params else {}
        return Network(
            name=NetworkName(name),
            flow=flow,
            params=params,
            outputs=outputs,
            overlap=overlap,
            limit=self.random.choice((None, None, 1, 2)),
            deadlines=self.leaves.deadlines() if is_main else NOTHING_DEADLINES,
            placement=Placement(queue=self.random.choice((None, *QUEUES))),
        )

    def flow(self, around: Around, least: int = 0) -> Flow:
        """Return a sequence of parts; a deep one is short."""
        length = self.random.randint(least, 5 if around.depth == 1 else 3)
        parts: list[Part] = []
        for _ in range(length):
            if self.left <= 0:
                break
            part = self.part(around)
            parts.append(part)
            around.earlier.append(part.id)
            around.targets.append(part.id)
        return tuple(parts)

    def part(self, around: Around) -> Part:
        """Return one part with whatever attributes it may have."""
        self.left -= 1
        self.count += 1
        body = self.body(around)
        part = Part(id=PartId(f"{_word(body)}{self.count}"), body=body)
        self.count += 1
        return self.dressed(part, around)

    def body(self, around: Around) -> Body:
        """Return what a part does: a job most of all, a container only where there is depth."""
        if self.leaves.chance(45):
            if around.depth <= DEPTH_MAX and self.leaves.chance(60):
                return self.container(around)
            return self.other_leaf(around)
        return self.leaves.job()

    def other_leaf(self, around: Around) -> Body:
        """Return a leaf that is no job."""
        leaves = self.leaves
        makers: list[Callable[[], Body]] = [leaves.wait_for, leaves.wait_until, leaves.wait_file]
        makers += [leaves.wait_event, leaves.send, leaves.dialog, leaves.notify]
        near = (around.network, *around.calls)
        makers.append(lambda: leaves.wait_network(near))
        if around.earlier:
            makers.append(lambda: self.wait_part(around))
        if around.targets:
            makers += [lambda: self.continuity(around)] * 3
        if around.calls:
            makers += [lambda: self.call(around)] * 4
        return self.random.choice(makers)()

    def container(self, around: Around) -> Body:
        """Return a container with its flows."""
        makers = (
            self.branch,
            self.day_branch,
            self.parallel,
            self.any_of,
            self.for_each,
            self.block,
            self.block,
        )
        return self.random.choice(makers)(around)

    def condition(self, around: Around) -> Expression:
        """Return a condition, about a part before if there is one."""
        if not around.earlier or self.leaves.chance(10):
            return parse_expression(self.random.choice(("true", "false")))
        part = around.earlier[-1] if self.leaves.chance(70) else self.random.choice(around.earlier)
        text = self.random.choice(("normal", "abnormal", "exit_code == 0", "attempts > 1"))
        return parse_expression(f"parts.{part}.{text}")

    def branch(self, around: Around) -> Branch:
        """Return a branch of one or two cases, with or without else."""
        cases = tuple(
            Case(when=self.condition(around), flow=self.flow(around.inside(jumps=True), 1))
            for _ in range(self.random.randint(1, 2))
        )
        rest = self.flow(around.inside(jumps=True)) if self.leaves.chance(50) else ()
        return Branch(cases=cases, else_flow=rest)

    def day_branch(self, around: Around) -> CalendarBranch:
        """Return a calendar branch; without a calendar every day is open."""
        state = self.random.choice((DayState.OPEN, DayState.CLOSED))
        case = DayCase(on=DayRule(state=state), flow=self.flow(around.inside(jumps=True), 1))
        rest = self.flow(around.inside(jumps=True)) if self.leaves.chance(50) else ()
        return CalendarBranch(calendar=None, cases=(case,), else_flow=rest)

    def branches(self, around: Around) -> tuple[NamedFlow, ...]:
        """Return the branches of a parallel or an OR branch."""
        flows = (self.flow(around.inside(jumps=False)) for _ in range(self.random.randint(0, 3)))
        return tuple(NamedFlow(flow=flow) for flow in flows)

    def parallel(self, around: Around) -> Parallel:
        """Return a parallel with or without a limit."""
        return Parallel(branches=self.branches(around), limit=self.random.choice((None, 1, 2)))

    def any_of(self, around: Around) -> AnyOf:
        """Return an OR branch."""
        losers = self.random.choice((Losers.CONTINUE, Losers.CANCEL))
        return AnyOf(branches=self.branches(around), losers=losers)

    def for_each(self, around: Around) -> ForEach:
        """Return a for-each over a few items."""
        items = ("ann", "bob", "cy", "di")[: self.random.randint(0, 4)]
        inside = around.inside(jumps=False, forgets=True)
        limit = self.random.choice((None, 1, 2))
        return ForEach(items=items, as_name="item", flow=self.flow(inside, 1), limit=limit)

    def block(self, around: Around) -> Block:
        """Return a block with or without rescue and always."""
        return Block(
            flow=self.flow(around.inside(jumps=True), 1),
            rescue=self.flow(around.inside(jumps=True), 1) if self.leaves.chance(60) else (),
            always=self.flow(around.inside(jumps=True), 1) if self.leaves.chance(60) else (),
        )

    def call(self, around: Around) -> SubNetwork:
        """Return a call of one of the networks further in."""
        params = {"size": self.random.randint(1, 9)} if self.leaves.chance(50) else {}
        return SubNetwork(network=self.random.choice(around.calls), params=params)

    def continuity(self, around: Around) -> ContinueFrom:
        """Return a jump back that is bounded."""
        return ContinueFrom(
            target=PartId(self.random.choice(around.targets)),
            interval=self.random.choice((timedelta(0), timedelta(seconds=30))),
            max_times=self.random.randint(1, 2),
            until=self.condition(around) if self.leaves.chance(60) else None,
        )

    def wait_part(self, around: Around) -> WaitPart:
        """Return a wait for a part of the same run."""
        return WaitPart(
            network=None,
            part=self.random.choice(around.earlier),
            match=Match.ANY,
            result=AwaitedResult.ENDED,
            limit=self.leaves.limit(),
        )

    def dressed(self, part: Part, around: Around) -> Part:
        """Return a part with some of the attributes that parts may have."""
        is_job = isinstance(part.body, UnitJob)
        own_timeout = isinstance(
            part.body, Dialog | WaitFile | WaitEvent | WaitNetwork | WaitPart | ContinueFrom
        )
        timeout = timedelta(seconds=90) if not own_timeout and self.leaves.chance(10) else None
        when = self.condition(around) if self.leaves.chance(15) else None
        dressed = replace(part, when=when, errors=self.leaves.rules(timeout, is_job=is_job))
        if self.leaves.chance(15):
            dressed = replace(dressed, deadlines=self.leaves.deadlines())
        if is_job:
            dressed = replace(dressed, placement=self.leaves.placement())
        if self.leaves.chance(10):
            mark = self.random.randint(1, 3)
            dressed = replace(dressed, hold=mark == 1, skip=mark == 2, no_exec=mark == 3)
        return dressed


def _word(body: Body) -> str:
    words = "".join(f"_{char.lower()}" if char.isupper() else char for char in type(body).__name__)
    return f"{words[1:]}_"


def bundle_of(seed: int, parts_max: int = PARTS_MAX) -> Bundle:
    """Return the bundle of a seed."""
    return Maker(Random(seed), parts_max).bundle()  # noqa: S311 - chance, no secret


bundles = st.randoms(use_true_random=False).map(lambda random: Maker(random).bundle())
"""A strategy: hypothesis makes the choices, and can take them back."""
