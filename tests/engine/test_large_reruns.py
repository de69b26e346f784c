"""Rule 13: a rerun of thousands of parts stays within the size of an entry, and is the same."""

from itertools import count

import pytest
from jobnet.definition import Network
from jobnet.engine import Tracker, begin, evolve, step
from jobnet.engine import commands as c
from jobnet.engine import inputs as i
from jobnet.engine.bounds import JOURNAL_ENTRY_MAX_BYTES
from jobnet.engine.facts import Fact, RerunListed, RunReopened
from jobnet.engine.orders import Order, Rerun, RerunFrom
from jobnet.engine.reopening import in_pieces
from jobnet.engine.results import JobEnd, JobResult
from jobnet.ids import FlowKey, OperatorName, PartKey, RunId
from jobnet.services.journal import fact_from_line, fact_to_line

from tests.engine.building import DAY, NOON, bundle, for_each, job, network, parallel
from tests.engine.examples import Example, says
from tests.engine.played import Played

FEW, MANY = 60, 1_600
LONG = "x" * 60
START = i.StartRun(
    run=RunId("r"), by=OperatorName("b"), operating_day=DAY, planned_start=NOON, zone="UTC"
)


def shape_of(name: str, size: int) -> Network:
    """A network of so many parts, items or branches with long keys."""
    match name:
        case "items":
            items = [f"{LONG}{number}" for number in range(size)]
            return network(for_each("f", items, job("work"), job("check")))
        case "a flow":
            return network(*[job(f"{LONG}{number}") for number in range(size)])
        case _:
            return network(parallel("p", *[job(f"{LONG}{number}") for number in range(size)]))


def rerun(start: str, *, held: bool = False) -> Order:
    return Rerun(start=RerunFrom(start), held=held)


class Night:
    """A run in which each job of the first round fails, played without a clock."""

    def __init__(self, main: Network) -> None:
        self.facts: list[Fact] = []
        self.empty = self.tracker = begin(bundle(main), {})
        self._keys = count()
        self.give(START, is_normal=False)

    def order(self, order: Order) -> None:
        """Give an order; all jobs that it starts are well."""
        given = i.OrderGiven(order=order, by=OperatorName("ann"), key=f"k{next(self._keys)}")
        self.give(given, is_normal=True)

    def give(self, first: i.Input, *, is_normal: bool) -> None:
        """Give an input and answer whatever it starts."""
        result = JobResult(end=JobEnd.ENDED, is_normal=is_normal, exit_code=int(not is_normal))
        pending: list[i.Input] = [first]
        while pending:
            decision = step(self.tracker, pending.pop(), NOON)
            self.tracker = decision.tracker
            self.facts.extend(decision.facts)
            for command in decision.commands:
                match command:
                    case c.AskSlot(part=part, attempt=attempt):
                        pending.append(i.SlotGranted(part=part, attempt=attempt))
                    case c.StartJob(part=part, attempt=attempt):
                        answer = i.AttemptAnswered(part=part, attempt=attempt, result=result)
                        pending.append(answer)
                    case _:
                        pass
            if not decision.is_complete:
                pending.append(i.GoOn())

    @property
    def run(self) -> str:
        """The state of the run."""
        assert self.tracker.run is not None
        return self.tracker.run.state.value


def replayed(empty: Tracker, facts: list[Fact]) -> Tracker:
    """The tracker of a journal that was written and read."""
    tracker = empty
    for position, fact in enumerate(facts, start=1):
        line = fact_to_line(fact, position=position)
        assert len(line) <= JOURNAL_ENTRY_MAX_BYTES
        tracker = evolve(tracker, fact_from_line(line, position=position))
    return tracker


@pytest.mark.parametrize("shape", ["items", "a flow", "branches"])
@pytest.mark.parametrize("start", ["whole", "failed", "after_failed"])
def test_a_rerun_in_several_facts_is_the_same_rerun(
    shape: str, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, listed = Night(shape_of(shape, FEW)), Night(shape_of(shape, FEW))
    plain.order(rerun(start))
    monkeypatch.setattr("jobnet.engine.reopening.KEYS_PER_FACT_MAX_BYTES", 1)

    listed.order(rerun(start))

    assert listed.run == ("warning" if start == "after_failed" else "normal")
    assert any(isinstance(fact, RerunListed) for fact in listed.facts)
    assert replayed(listed.empty, listed.facts) == listed.tracker
    assert listed.tracker.listed == ()
    assert listed.tracker.parts == plain.tracker.parts
    assert listed.tracker.flows == plain.tracker.flows
    assert listed.tracker.run == plain.tracker.run


def test_no_entry_of_a_rerun_of_thousands_is_too_long() -> None:
    night = Night(shape_of("items", MANY))

    night.order(rerun("failed", held=True))

    held = [each for each in night.tracker.parts.values() if each.state.value == "held"]
    assert len(held) == MANY
    assert any(isinstance(fact, RerunListed) for fact in night.facts)
    assert replayed(night.empty, night.facts) == night.tracker


def reopened(**words: tuple[str, ...]) -> RunReopened:
    lists = {"reset": (), "reopened": (), **words}
    keys = {
        name: tuple(map(FlowKey if name == "reopened" else PartKey, values))
        for name, values in lists.items()
    }
    return RunReopened(at=NOON, round=2, by=OperatorName("ann"), reason="", **keys)  # type: ignore[arg-type]


def test_what_fits_into_an_entry_stays_one_fact() -> None:
    fact = reopened(reset=("a", "b"), reopened=("/flow",), passed=("c",))

    assert list(in_pieces(fact)) == [fact]


def test_pieces_keep_every_key_in_its_list_and_in_its_order() -> None:
    keys = tuple(f"{LONG}{number}" for number in range(5_000))
    fact = reopened(reset=keys, reopened=tuple(f"{key}/flow" for key in keys), held=keys[:10])

    *listed, last = in_pieces(fact)

    assert all(isinstance(each, RerunListed) for each in listed)
    assert last == reopened()
    for name in ("reset", "reopened", "held", "only", "passed", "narrowed"):
        kept = tuple(key for each in listed for key in getattr(each, name))
        assert kept == getattr(fact, name)


SMALL = (
    says(
        "a rerun of little is one fact, as it always was",
        job("a"),
        job("b"),
        script={"a": [1, 0]},
        orders_at={60: [rerun("failed")]},
        also=lambda p: facts_of_rerun(p) == ["RunReopened"],
    ),
)


def facts_of_rerun(played: Played) -> list[str]:
    """The kinds of the facts that a rerun consists of."""
    kinds = [type(fact).__name__ for fact in played.facts]
    return [kind for kind in kinds if kind in {"RerunListed", "RunReopened"}]


@pytest.mark.parametrize("example", SMALL)
def test_published_reruns_keep_their_shape(example: Example) -> None:
    example.prove()
