"""What decides the end of a run, in nights made by hand."""

from datetime import datetime, timedelta

from jobnet.definition import Queue
from jobnet.services.forecast.critical import CriticalPath, critical_path, slack
from jobnet.services.forecast.expected_times import Rate
from jobnet.services.forecast.forecast import forecast
from jobnet.services.forecast.passing import play

from tests.engine.building import (
    any_of,
    block,
    bundle,
    call,
    for_each,
    job,
    network,
    parallel,
    wait_network,
)
from tests.services.forecast.situations import NOON, situation, start, times


def minutes(at: datetime) -> float:
    return (at - NOON).total_seconds() / 60


def chain(path: CriticalPath | None) -> list[tuple[str, str, float, float]]:
    assert path is not None
    return [
        (str(link.network), str(link.part), minutes(link.start), minutes(link.end))
        for link in path.links
    ]


def test_of_parallel_branches_the_longest_decides() -> None:
    flow = (
        job("first"),
        parallel("both", (job("short"), job("tail")), job("long")),
        job("last"),
    )
    lasts = times(night__first=5, night__short=5, night__tail=5, night__long=20, night__last=1)
    asked = situation([bundle(network(*flow))], [start("night")], times=lasts)

    path = critical_path(forecast(asked), "night-2026-05-29-1200")

    assert chain(path) == [
        ("night", "first", 0, 5),
        ("night", "long", 5, 25),
        ("night", "last", 25, 26),
    ]


def test_branches_that_end_together_do_not_lead_the_chain_astray() -> None:
    flow = (
        parallel("both", (job("a1"), job("a2")), (job("b1"), job("b2"), job("b3"))),
        job("last"),
    )
    asked = situation([bundle(network(*flow))], [start("night")])

    path = critical_path(forecast(asked), "night-2026-05-29-1200")

    assert [part for _, part, *_ in chain(path)] == ["b1", "b2", "b3", "last"]


def test_the_chain_goes_through_calls_blocks_and_loops_over_items() -> None:
    inner = network(block("tidy", job("copy"), always=(job("close"),)), name="inner")
    flow = (
        call("batch", "inner"),
        for_each("each", ["x", "y"], job("load"), limit=1),
        any_of("quick", job("slow"), job("fast"), losers="cancel"),
        job("last"),
    )
    lasts = times(
        inner__copy=3, inner__close=4, night__load=5, night__slow=50, night__fast=6, night__last=1
    )
    asked = situation([bundle(network(*flow), inner)], [start("night")], times=lasts)

    path = critical_path(forecast(asked), "night-2026-05-29-1200")

    assert [(part, end - begun) for _, part, begun, end in chain(path)] == [
        ("batch.copy", 3),
        ("batch.close", 4),
        ("each[x].load", 5),
        ("each[y].load", 5),
        ("fast", 6),
        ("last", 1),
    ]


def test_the_chain_leads_through_a_queue_to_whoever_had_the_slot() -> None:
    sap = Queue(name="sap", limit=1)
    made = [
        bundle(network(job("before"), job("work", queue="sap"), name=name), queues=(sap,))
        for name in ("a", "b")
    ]
    lasts = times(a__before=10, a__work=30, b__before=1, b__work=5)
    asked = situation(made, [start("a"), start("b", 12)], times=lasts)

    path = critical_path(forecast(asked), "b-2026-05-29-1212")

    assert chain(path) == [("a", "before", 0, 10), ("a", "work", 10, 40), ("b", "work", 40, 45)]
    assert path is not None
    assert path.links[-1].because is not None
    assert path.links[-1].because.reason == "queue_limit"


def test_the_chain_leads_through_waits_for_networks_and_their_limits() -> None:
    made = [
        bundle(network(job("pull"), name="extract", limit=1, overlap="queue")),
        bundle(network(wait_network("wait", "extract"), job("work"), name="load")),
    ]
    lasts = times(extract__pull=20, load__work=5)
    starts = [start("extract"), start("extract", 5), start("load", 6)]
    asked = situation(made, starts, times=lasts)

    path = critical_path(forecast(asked), "load-2026-05-29-1206")

    assert chain(path) == [
        ("extract", "pull", 0, 20),
        ("extract", "pull", 20, 40),
        ("load", "wait", 40, 40),
        ("load", "work", 40, 45),
    ]


def test_a_loser_that_goes_on_may_decide_when_a_run_ends() -> None:
    made = bundle(network(any_of("quick", job("slow"), job("fast")), job("last")))
    lasts = times(night__slow=50, night__fast=6, night__last=1)

    path = critical_path(
        forecast(situation([made], [start("night")], times=lasts)), "night-2026-05-29-1200"
    )

    assert chain(path) == [("night", "slow", 0, 50)]


def test_the_margin_is_what_is_left_until_the_deadline() -> None:
    made = bundle(network(job("work"), late_end="13:00", end_by="14:00"))
    asked = situation([made], [start("night")], times=times(night__work=45))

    path = critical_path(forecast(asked), "night|night|2026-05-29|12:00")

    assert path is not None
    assert path.margin == timedelta(minutes=15)
    assert critical_path(forecast(asked), "nobody") is None


def test_what_is_not_on_the_chain_has_slack() -> None:
    flow = (parallel("both", (job("short"), job("tail")), job("long")), job("last"))
    lasts = times(night__short=5, night__tail=5, night__long=20, night__last=1)
    asked = situation([bundle(network(*flow))], [start("night")], times=lasts)
    (run,) = play(asked, Rate.P50).runs

    left = {key: each.total_seconds() / 60 for key, each in slack(run).items()}

    assert left == {"short": 10, "tail": 10, "long": 0, "last": 0}
