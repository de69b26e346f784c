"""Rule 11: time that people take counts for late_end, not for overrun, in containers as well."""

import pytest
from jobnet.engine.orders import Answer, Kill, Release, Skip
from jobnet.ids import PartKey

from tests.engine.building import block, call, dialog, for_each, job, network, parallel, pause
from tests.engine.examples import Example, says
from tests.engine.scripting import takes
from tests.engine.test_appointments import flags_of

A, B, D = PartKey("a"), PartKey("b"), PartKey("d")
YES = Answer(part=D, choice="yes")

OVERRUNS = (
    says(
        "a container that only waits for a held part does not overrun",
        block("k", job("a", hold=True), overrun=60, late_end="12:01"),
        script={"a": takes(50)},
        orders_at={500: [Release(part=A)]},
        also=lambda p: flags_of(p, "k") == [("late_end", 60.0)],
    ),
    says(
        "nor for a dialog",
        block("k", dialog("d"), job("a"), overrun=60),
        script={"a": takes(59)},
        orders_at={500: [YES]},
        also=lambda p: flags_of(p, "k") == [],
    ),
    says(
        "its own time counts on after the hold",
        block("k", job("b"), job("a", hold=True), overrun=60),
        script={"b": takes(40), "a": takes(100)},
        orders_at={500: [Release(part=A)]},
        also=lambda p: flags_of(p, "k") == [("overrun", 520.0)],
    ),
    says(
        "a hold that ends before the time is up puts it off by its length",
        block("k", job("a", hold=True), overrun=60),
        script={"a": takes(100)},
        orders_at={30: [Release(part=A)]},
        also=lambda p: flags_of(p, "k") == [("overrun", 90.0)],
    ),
    says(
        "while something else in it is active, time counts",
        parallel("k", job("a", hold=True), job("b"), overrun=60),
        script={"b": takes(100)},
        orders_at={500: [Release(part=A)]},
        also=lambda p: flags_of(p, "k") == [("overrun", 60.0)],
    ),
    says(
        "from the moment that it ends, only people are waited for",
        parallel("k", job("a", hold=True), job("b"), overrun=60),
        script={"b": takes(50), "a": takes(20)},
        orders_at={500: [Release(part=A)]},
        also=lambda p: flags_of(p, "k") == [("overrun", 510.0)],
    ),
    says(
        "a time wait in it is active",
        parallel("k", job("a", hold=True), pause("x", 100), overrun=60),
        orders_at={500: [Release(part=A)]},
        also=lambda p: flags_of(p, "k") == [("overrun", 60.0)],
    ),
    says(
        "two that are held: each release ends one span",
        parallel("k", job("a", hold=True), job("b", hold=True), overrun=60),
        script={"a": takes(30), "b": takes(31)},
        orders_at={100: [Release(part=A)], 200: [Release(part=B)]},
        also=lambda p: flags_of(p, "k") == [("overrun", 230.0)],
    ),
    says(
        "nested containers are put off alike",
        block("k", block("l", job("a", hold=True), overrun=60), overrun=70),
        script={"a": takes(65)},
        orders_at={30: [Release(part=A)]},
        also=lambda p: flags_of(p, "l") == [("overrun", 90.0)] and flags_of(p, "k") == [],
    ),
    says(
        "a called network",
        call("s", "sub"),
        more={"networks": (network(job("a", hold=True), name="sub", overrun=60),)},
        script={"s.a": takes(50)},
        orders_at={500: [Release(part=PartKey("s.a"))]},
        also=lambda p: flags_of(p, "s") == [],
    ),
    says(
        "an item",
        for_each("f", ["x"], job("a", hold=True), overrun=60),
        script={"f[x].a": takes(100)},
        orders_at={500: [Release(part=PartKey("f[x].a"))]},
        also=lambda p: flags_of(p, "f") == [("overrun", 560.0)],
    ),
    says(
        "the run",
        main=network(job("a", hold=True), overrun=60, late_end="12:01"),
        script={"a": takes(100)},
        orders_at={500: [Release(part=A)]},
        also=lambda p: flags_of(p, None) == [("late_end", 60.0), ("overrun", 560.0)],
    ),
    says(
        "a held part that is skipped ends the span too",
        block("k", job("a", hold=True), job("b"), overrun=60),
        script={"b": takes(100)},
        orders_at={500: [Skip(part=A)]},
        also=lambda p: flags_of(p, "k") == [("overrun", 560.0)],
    ),
    says(
        "a container that is killed while it is held ends without",
        block("k", job("a", hold=True), overrun=60),
        orders_at={500: [Kill()]},
        run="killed",
        also=lambda p: flags_of(p, "k") == [],
    ),
)


@pytest.mark.parametrize("example", OVERRUNS)
def test_an_overrun_leaves_out_the_time_of_people(example: Example) -> None:
    example.prove()
