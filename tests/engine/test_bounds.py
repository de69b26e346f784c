"""Rules 13 and 15: everything has a bound with a name, and is evaluated once."""

from datetime import timedelta

import pytest
from jobnet.definition import Param, Retry
from jobnet.engine import begin, step
from jobnet.engine.bounds import (
    CUT,
    EVENT_DATA_MAX_BYTES,
    FACTS_PER_STEP_MAX,
    HOSTS_MAX,
    ITEMS_MAX,
    JOURNAL_ENTRY_MAX_BYTES,
    MESSAGE_MAX,
    OUTPUTS_MAX_BYTES,
    bounded_result,
    size_of,
)
from jobnet.engine.facts import ArgumentsBound, AttemptEnded, BranchTaken, ItemsFixed
from jobnet.engine.inputs import GoOn, StartRun
from jobnet.engine.orders import Comment, Order, Rerun, RerunFrom
from jobnet.engine.replacing import replace
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.errors.engine import OrderRefused
from jobnet.ids import HostName, OperatorName, PartKey, RunId
from jobnet.services.journal import fact_to_line

from tests.engine.building import (
    DAY,
    NOON,
    branch,
    bundle,
    call,
    dialog,
    for_each,
    job,
    loop,
    network,
    notify,
    parallel,
    pause,
    send,
    wait_file,
    wait_network,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import Does
from tests.engine.test_matching import ended

BIG = "x" * (OUTPUTS_MAX_BYTES + 1)
OK, FAILED = HostResult(state=HostState.OK), HostResult(state=HostState.FAILED)
LOUD_HOSTS = {
    f"h{number}": HostResult(state=HostState.OK, result={"stdout": "x" * 500})
    for number in range(900)
}
MANY_HOSTS = {f"h{number}": FAILED if number == 1500 else OK for number in range(1501)}
INT = {"n": Param(type="int")}

BOUNDS = (
    says(
        "outputs of a part: cut with a mark and a WARNING",
        job("a"),
        script={"a": Does(outputs={"small": 1, "big": BIG})},
        run="warning",
        states={"a": "warning"},
        also=lambda p: p["a"].outputs == {"small": 1, "big": CUT} and "big" in p["a"].message,
    ),
    says(
        "outputs of a run: what is beyond is cut",
        for_each("f", list(range(200)), job("a")),
        script={f"f[{n}].a": Does(outputs={"x": "y" * 60_000}) for n in range(200)},
        run="warning",
        states={"f[0].a": "normal", "f[199].a": "warning"},
    ),
    says(
        "items: an abnormal end with that reason",
        for_each("f", "{{ params.items }}", job("a")),
        more={"params": {"items": list(range(ITEMS_MAX + 1))}},
        run="abnormal",
        states={"f": "abnormal"},
        also=lambda p: "10,000" in p["f"].message,
    ),
    says(
        "event data",
        send("s", data="{{ params.data }}"),
        more={"params": {"data": "x" * (EVENT_DATA_MAX_BYTES + 1)}},
        run="abnormal",
        states={"s": "abnormal"},
        also=lambda p: "64 KiB" in p["s"].message,
    ),
    says(
        "what a job is handed",
        job("a"),
        more={"params": {"data": "x" * 300_000}},
        run="abnormal",
        states={"a": "failed_to_start"},
        also=lambda p: "pass large data by file" in p["a"].message,
    ),
    says(
        "messages are one line of bounded length",
        job("a"),
        script={"a": Does(exit_code=1, message="long\nline " * 500)},
        run="abnormal",
        also=lambda p: len(p["a"].message) <= MESSAGE_MAX and "\n" not in p["a"].message,
    ),
    says(
        "results of hosts: those that failed are kept first, and the cut is a WARNING",
        job("a"),
        script={"a": Does(hosts=MANY_HOSTS)},
        run="warning",
        states={"a": "warning"},
        also=lambda p: (
            len(p["a"].hosts) == HOSTS_MAX
            and "h1500" in p["a"].hosts
            and p["a"].result is not None
            and p["a"].result.cuts == ("the results of 501 hosts beyond 1,000 were cut",)
            and p["a"].message == p["a"].result.cuts[0]
        ),
    ),
    says(
        "hosts that were cut leave an abnormal end abnormal, and say so too",
        job("a"),
        script={"a": Does(exit_code=4, message="unreachable", hosts=MANY_HOSTS)},
        run="abnormal",
        states={"a": "abnormal"},
        also=lambda p: p["a"].message.startswith("unreachable; the results of 501 hosts"),
    ),
    says(
        "results of hosts that no entry could hold",
        job("a"),
        script={"a": Does(hosts=LOUD_HOSTS)},
        run="warning",
        states={"a": "warning"},
        also=lambda p: "the results of the tasks of its hosts were cut" in p["a"].message,
    ),
    says(
        "words of a dialog, a message and a file wait",
        parallel(
            "p",
            dialog("d", message="{{ params.data }}"),
            notify("n", "{{ params.data }}"),
            wait_file("w", "{{ params.data }}"),
        ),
        more={"params": {"data": "x" * 300_000}},
        run="abnormal",
        states={"d": "abnormal", "n": "abnormal", "w": "abnormal"},
        also=lambda p: all("240 KiB" in p[key].message for key in "dnw"),
    ),
    says(
        "items count as the journal escapes them",
        for_each("f", "{{ params.items }}", job("a")),
        more={"params": {"items": [f"{n:04}" + "夜" * 10 for n in range(3000)]}},
        run="abnormal",
        also=lambda p: "with their keys" in p["f"].message,
    ),
    says(
        "params of a called network",
        call("s", "sub", {"text": "{{ params.data }}"}),
        more={
            "params": {"data": "x" * 300_000},
            "networks": (network(job("i"), name="sub", params={"text": Param(type="str")}),),
        },
        run="abnormal",
        also=lambda p: "240 KiB" in p["s"].message,
    ),
    says(
        "items with their keys: the entry stays within its size",
        for_each("f", "{{ params.items }}", job("a")),
        more={"params": {"items": [f"{n:040}" for n in range(4000)]}},
        run="abnormal",
        also=lambda p: "with their keys" in p["f"].message,
    ),
    says(
        "attempts",
        job("a", retry=Retry(count=5000)),
        script={"a": 1},
        run="abnormal",
        also=lambda p: p["a"].attempt == 1000,
    ),
)
ONCE = (
    says(
        "a decision is journaled and not taken again",
        job("a"),
        branch("b", ("parts.a.exit_code == 0", (job("x"),))),
        also=lambda p: len(p.of(BranchTaken)) == 1,
    ),
    says(
        "items are fixed at the turn of the for-each",
        for_each("f", "{{ params.items }}", job("a")),
        more={"params": {"items": ["x", "y"]}},
        also=lambda p: len(p.of(ItemsFixed)) == 1,
    ),
    says(
        "a retry sees the values of the first attempt",
        job("a", hosts="{{ params.h }}", retry=Retry(count=2, delay=timedelta(seconds=60))),
        more={"params": {"h": "db"}},
        script={"a": [1, 1, 0]},
        also=lambda p: len(p.of(ArgumentsBound)) == 1,
    ),
    says(
        "params of a called network are bound once",
        call("s", "sub", {"n": "{{ 40 + 2 }}"}),
        more={"networks": (network(pause("w"), job("i"), name="sub", params=INT),)},
        also=lambda p: (
            [f.values for f in p.of(ArgumentsBound) if f.part == "s"] == [{"params": {"n": 42}}]
        ),
    ),
    says(
        "a message is rendered once",
        notify("n", "{{ operating_day }}"),
        also=lambda p: len(p.of(ArgumentsBound)) == 1,
    ),
    says(
        "an expression without value ends the part and says why",
        branch("b", ("parts.a.outputs.missing == 1", (job("x"),))),
        job("a"),
        run="abnormal",
        states={"b": "abnormal", "x": "bypassed"},
        also=lambda p: "missing" in p["b"].message,
    ),
    says(
        "a condition that is no boolean ends the part and says so",
        job("a", when="params.word"),
        more={"params": {"word": "yes"}},
        run="abnormal",
        states={"a": "abnormal"},
        also=lambda p: "bool" in p["a"].message.lower(),
    ),
)


@pytest.mark.parametrize("example", BOUNDS)
def test_going_over_a_bound_is_visible(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", ONCE)
def test_expressions_are_evaluated_once(example: Example) -> None:
    example.prove()


def test_one_step_yields_a_bounded_number_of_facts_and_the_rest_is_fed_back() -> None:
    main = network(for_each("f", list(range(600)), send("s")))
    tracker = begin(bundle(main), {})
    start = StartRun(
        run=RunId("r"), by=OperatorName("b"), operating_day=DAY, planned_start=NOON, zone="UTC"
    )

    first = step(tracker, start, NOON)
    decision, steps = first, 1
    while not decision.is_complete:
        decision = step(decision.tracker, GoOn(), NOON)
        steps += 1

    assert not first.is_complete
    assert len(first.facts) <= FACTS_PER_STEP_MAX + 20
    assert steps > 4
    assert decision.tracker.run is not None
    assert decision.tracker.run.state.value == "normal"


def test_a_fact_about_a_whole_flow_is_one_fact() -> None:
    main = network(job("first"), *[job(f"j{number}") for number in range(2000)])

    played = play(main, {"first": 1})

    assert len(played.facts) < 20
    assert set(played.states.values()) == {"abnormal", "not_run"}


def test_a_result_is_cut_until_its_entry_fits_however_large_it_is() -> None:
    host = HostResult(
        state=HostState.FAILED,
        message="夜" * 200,
        result={"stdout": "夜" * 500},
        stats={"seen": ["ä" * 90]},
        counts={"ok": 1, "failures": 1},
    )
    huge = JobResult(
        end=JobEnd.ENDED,
        message="夜" * 500,
        hosts={HostName("夜" * 80 + str(number)): host for number in range(1_500)},
        outputs={"a": "夜" * 60_000},
        host_vars={HostName("h"): {"b": "夜" * 60_000}},
    )

    kept = bounded_result(huge)
    fact = AttemptEnded(at=NOON, part=PartKey("夜" * 60), attempt=1, result=kept)

    assert len(fact_to_line(fact, position=10**6)) <= JOURNAL_ENTRY_MAX_BYTES
    assert kept.cuts[0] == "the results of 500 hosts beyond 1,000 were cut"
    assert bounded_result(kept) == kept


def test_nothing_begins_in_a_run_whose_journal_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("beginnings", "answers", "ordering_runs"):
        monkeypatch.setattr(f"jobnet.engine.{module}.ENTRIES_MAX", 60)
    main = network(job("a", retry=Retry(count=3)), loop("l", "a", until="false"))

    played = play(main, orders_at={9_000: [Rerun(start=RerunFrom.WHOLE)]}, stop_at=8_000)

    assert played.run == "abnormal"
    assert {played["a"].end_reason, played["l"].end_reason} & {"entries_max"}
    assert len(played.facts) < 80


def test_a_rerun_of_a_run_whose_journal_is_full_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobnet.engine.ordering_runs.ENTRIES_MAX", 5)

    with pytest.raises(OrderRefused, match="5 entries"):
        play(network(job("a")), orders_at={60: [Rerun(start=RerunFrom.WHOLE)]})


def test_no_attempt_is_made_again_where_the_journal_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jobnet.engine.answers.ENTRIES_MAX", 20)

    played = play(network(job("a", retry=Retry(count=500))), {"a": 1})

    assert played.run == "abnormal"
    assert len(played.facts) < 30


@pytest.mark.parametrize(
    "order",
    [
        Comment(part=None, text="夜" * 20_000),
        Rerun(start=RerunFrom.WHOLE, params={"x": "y" * 70_000}),
        Rerun(start=RerunFrom.WHOLE, hosts=tuple(HostName(f"host{n}") for n in range(9_000))),
    ],
    ids=["a note", "params", "hosts"],
)
def test_an_order_that_no_entry_could_hold_is_refused(order: Order) -> None:
    with pytest.raises(OrderRefused, match="64 KiB are allowed"):
        play(network(job("a")), orders_at={60: [order]})


def test_many_ends_that_a_wait_has_seen_keep_the_outputs_of_the_last_one_only() -> None:
    ends = tuple(
        replace(ended(run=f"r{number}", at=number), outputs={"x": str(number) * 60_000})
        for number in range(30)
    )

    played = play(
        network(wait_network("w", "pre", match="any", result="ended")),
        arrivals_at={60: [*ends[:29], ends[29]]},
    )

    assert played.run == "normal"
    for fact in played.facts:
        assert len(fact_to_line(fact, position=1)) <= JOURNAL_ENTRY_MAX_BYTES


def test_a_loop_without_bound_is_ended_by_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobnet.engine.loops.ITERATIONS_MAX", 50)
    main = network(job("a"), loop("l", "a", until="false"))

    played = play(main)

    assert (played.run, played["l"].end_reason) == ("warning", "max_times")


def test_size_is_that_of_the_json() -> None:
    assert size_of({"ä": 1}) == len('{"ä": 1}'.encode())
    assert PartKey("a") == "a"
