"""The parts with flows inside: each of them good, bad, empty and at its edges."""

import pytest
from jobnet.calendars import CalendarDefinition, DayRule, Weekday, compile_calendar
from jobnet.definition import Param
from jobnet.engine.facts import BranchTaken

from tests.engine.building import (
    block,
    branch,
    call,
    day_branch,
    for_each,
    job,
    network,
    notify,
    parallel,
    pause,
)
from tests.engine.examples import Example, says
from tests.engine.scripting import Does, takes

OFFICE = compile_calendar(
    CalendarDefinition(
        name="office",
        week=frozenset({Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI}),
    )
)
WEEKEND = compile_calendar(
    CalendarDefinition(name="weekend", week=frozenset({Weekday.SAT, Weekday.SUN}))
)
CALENDARS = {"calendars": {"office": OFFICE, "weekend": WEEKEND}}
NUMBER = {"n": Param(type="int")}
SUB = network(
    job("i"),
    name="sub",
    params={**NUMBER, "opt": Param(required=False, default="d")},
    outputs={"twice": "{{ params.n * 2 }}", "opt": "{{ params.opt }}"},
)

BRANCHES = (
    says(
        "the first case that matches is taken",
        job("a"),
        branch("b", ("parts.a.normal", (job("x"),)), ("true", (job("y"),))),
        states={"x": "normal", "y": "bypassed", "b": "normal"},
    ),
    says(
        "none matches: else",
        branch("b", ("false", (job("x"),)), otherwise=(job("y"),)),
        states={"x": "bypassed", "y": "normal"},
    ),
    says(
        "none matches and no else: it does nothing",
        branch("b", ("false", (job("x"),))),
        job("c"),
        states={"b": "normal", "x": "bypassed", "c": "normal"},
        also=lambda p: [fact.slot for fact in p.of(BranchTaken)] == [None],
    ),
    says(
        "a taken case without parts",
        branch("b", ("true", ())),
        job("c"),
        states={"b": "normal", "c": "normal"},
    ),
    says(
        "by the exit code of a called network",
        call("s", "sub"),
        branch("b", ("parts.s.exit_code == 4", (job("x"),))),
        more={"networks": (network(job("i"), name="sub"),)},
        script={"s.i": 4},
        states={"s": "abnormal", "x": "normal"},
    ),
    says(
        "what fails inside counts",
        branch("b", ("true", (job("x"), job("y")))),
        script={"x": 6},
        run="abnormal",
        states={"b": "abnormal", "y": "not_run"},
        also=lambda p: p["b"].exit_code == 6 and p["b"].message.startswith("x: "),
    ),
    says(
        "a part that has not run is never undefined",
        branch("b", ("parts.later.state == 'fixed'", (job("x"),))),
        job("later"),
        states={"x": "normal"},
    ),
    says(
        "a bypassed part is fine",
        branch("b", ("false", (job("x"),))),
        branch("c", ("parts.x.normal and parts.x.exit_code is none", (job("y"),))),
        states={"y": "normal"},
    ),
)
DAY_BRANCHES = (
    says(
        "an open day",
        day_branch("b", ("open", (job("x"),)), ("closed", (job("y"),)), calendar="office"),
        more=CALENDARS,
        states={"x": "normal", "y": "bypassed"},
    ),
    says(
        "a closed day",
        day_branch("b", ("open", (job("x"),)), ("closed", (job("y"),)), calendar="weekend"),
        more=CALENDARS,
        states={"x": "bypassed", "y": "normal"},
    ),
    says(
        "the last business day of the month",
        day_branch("b", (DayRule(nth_open_day=(-1,)), (job("x"),)), calendar="office"),
        more=CALENDARS,
        states={"x": "normal"},
    ),
    says(
        "the calendar of the network where the branch names none",
        main=network(day_branch("b", ("closed", (job("y"),))), calendar="weekend"),
        more=CALENDARS,
        states={"y": "normal"},
    ),
    says(
        "without any calendar every day is open",
        day_branch("b", ("open", (job("x"),))),
        states={"x": "normal"},
    ),
    says(
        "no case fits: else",
        day_branch("b", (DayRule(day_of_month=(1,)), (job("x"),)), otherwise=(job("y"),)),
        states={"x": "bypassed", "y": "normal"},
    ),
    says("no case fits, no else", day_branch("b", ("closed", (job("x"),))), states={"b": "normal"}),
)
CALLS = (
    says(
        "params in, outputs and exit code out",
        call("s", "sub", {"n": "{{ 20 + 1 }}"}),
        notify(
            "n", "{{ parts.s.outputs.twice }} {{ parts.s.outputs.opt }} {{ parts.s.exit_code }}"
        ),
        more={"networks": (SUB,)},
        also=lambda p: p["n"].arguments["message"] == "42 d 0",
    ),
    says(
        "its parts are seen from outside",
        call("s", "sub", {"n": 1}),
        branch("b", ("parts.s.parts.i.exit_code == 0", (job("x"),))),
        more={"networks": (SUB,)},
        states={"s.i": "normal", "x": "normal"},
    ),
    says(
        "its own scope: parts outside are unknown inside",
        job("outside"),
        call("s", "sub"),
        more={"networks": (network(job("i", when="parts.outside.normal"), name="sub"),)},
        run="abnormal",
        states={"s.i": "abnormal"},
    ),
    says(
        "a text is converted as Ansible converts it",
        call("s", "sub", {"n": "7"}),
        more={"networks": (SUB,)},
        also=lambda p: p["s"].arguments["params"]["n"] == 7,
    ),
    says(
        "a param of another type",
        call("s", "sub", {"n": "many"}),
        more={"networks": (SUB,)},
        run="abnormal",
        states={"s": "abnormal"},
        also=lambda p: "of type int" in p["s"].message,
    ),
    says(
        "a required param is missing, another is not declared: both are said",
        call("s", "sub", {"x": 1}),
        more={"networks": (SUB,)},
        run="abnormal",
        also=lambda p: "'n' is required" in p["s"].message and "'x' is not" in p["s"].message,
    ),
    says(
        "an empty network",
        call("s", "sub"),
        more={"networks": (network(name="sub"),)},
        states={"s": "normal"},
    ),
    says(
        "a network with exit_code is judged by it, and outputs are evaluated on every end",
        call("s", "sub"),
        more={
            "networks": (
                network(
                    job("i"), name="sub", exit_code="parts.i.exit_code - 3", outputs={"o": "x"}
                ),
            )
        },
        script={"s.i": 3},
        states={"s.i": "abnormal", "s": "normal"},
        also=lambda p: p["s"].outputs == {"o": "x"} and p["s"].exit_code == 0,
    ),
    says(
        "outputs without value make it abnormal and say why",
        call("s", "sub"),
        more={"networks": (network(job("i"), name="sub", outputs={"o": "{{ params.no }}"}),)},
        run="abnormal",
        states={"s.i": "normal", "s": "abnormal"},
        also=lambda p: "outputs of sub" in p["s"].message,
    ),
    says(
        "called twice: two scopes",
        parallel("p", call("s", "sub", {"n": 1}), call("t", "sub", {"n": 2})),
        more={"networks": (SUB,)},
        states={"s.i": "normal", "t.i": "normal"},
        also=lambda p: p["t"].outputs["twice"] == 4,
    ),
    says(
        "a network that calls another",
        call("s", "outer"),
        more={
            "networks": (network(call("t", "inner"), name="outer"), network(job("i"), name="inner"))
        },
        states={"s.t.i": "normal"},
    ),
)
BLOCKS = (
    says(
        "always runs after a good flow, the rescue does not",
        block("k", job("a"), rescue=(job("r"),), always=(job("z"),)),
        states={"k": "normal", "r": "bypassed", "z": "normal"},
    ),
    says(
        "an empty block",
        block("k", always=(job("z"),)),
        states={"k": "normal", "z": "normal"},
    ),
    says(
        "rescue, then always",
        block("k", job("a"), rescue=(job("r"),), always=(job("z"),)),
        script={"a": 1, "r": takes(9)},
        also=lambda p: p.starts("z") == [9.0] and p.run == "normal",
    ),
    says(
        "always runs after a failed rescue",
        block("k", job("a"), rescue=(job("r"),), always=(job("z"),)),
        script={"a": 1, "r": 1},
        run="abnormal",
        states={"z": "normal"},
    ),
    says(
        "the exit code of a rescued block is that of its rescue",
        block("k", job("a"), rescue=(job("r"),)),
        script={"a": 5},
        also=lambda p: p["k"].exit_code == 0,
    ),
    says(
        "the rescue runs once, for all that failed",
        block("k", for_each("f", ["x", "y"], job("a")), rescue=(job("r"),)),
        script={"f[x].a": 1, "f[y].a": 1},
        also=lambda p: len(p.starts("r")) == 1,
    ),
)
FOR_EACHES = (
    says(
        "a flow per item, all at once",
        for_each("f", ["x", "y"], job("a"), job("b")),
        script={"f[x].a": takes(5)},
        seconds=5,
        states={"f[x].b": "normal", "f[y].b": "normal"},
        also=lambda p: p.starts("f[y].b") == [0.0],
    ),
    says("no items", for_each("f", [], job("a")), job("c"), states={"f": "normal", "c": "normal"}),
    says(
        "at most limit items at a time",
        for_each("f", ["x", "y", "z"], job("a"), limit=2),
        script={"f[x].a": takes(9), "f[y].a": takes(4), "f[z].a": takes(1)},
        also=lambda p: p.starts("f[z].a") == [4.0],
    ),
    says(
        "keys come from key",
        for_each("f", [{"id": "eu"}, {"id": "us"}], job("a"), key="item.id"),
        states={"f[eu].a": "normal", "f[us].a": "normal"},
    ),
    says(
        "keys are indexes where items are neither text nor number",
        for_each("f", [{"x": 1}, 7], job("a")),
        states={"f[0].a": "normal", "f[7].a": "normal"},
    ),
    says(
        "equal keys are an error",
        for_each("f", ["x", "x"], job("a")),
        run="abnormal",
        states={"f": "abnormal"},
        also=lambda p: "'x'" in p["f"].message,
    ),
    says(
        "a key with brackets, dots and controls does no harm",
        for_each("f", ["a[1].b", "c/d\n"], job("a")),
        states={"f[a(1).b].a": "normal", "f[c/d?].a": "normal"},
    ),
    says(
        "items that are no list",
        for_each("f", "{{ params.text }}", job("a")),
        more={"params": {"text": "x,y"}},
        run="abnormal",
        states={"f": "abnormal"},
    ),
    says(
        "the item has its name inside",
        for_each("f", ["x", "y"], notify("n", "for {{ who }}"), as_name="who"),
        also=lambda p: p["f[y].n"].arguments["message"] == "for y",
    ),
    says(
        "nested",
        for_each(
            "f",
            ["x"],
            for_each("g", [1, 2], notify("n", "{{ a }}{{ b }}"), as_name="b"),
            as_name="a",
        ),
        also=lambda p: p["f[x].g[2].n"].arguments["message"] == "x2",
    ),
    says(
        "parts inside mean the nearest scope",
        for_each("f", ["x", "y"], job("a"), branch("b", ("parts.a.exit_code == 1", (job("c"),)))),
        script={"f[x].a": 1},
        states={"f[x].c": "normal", "f[y].c": "bypassed"},
    ),
    says(
        "by_key and results from outside",
        for_each("f", ["x", "y"], job("a")),
        notify("n", "{{ parts.f.by_key['y'].parts.a.outputs.v }} {{ parts.f.results[0].key }}"),
        script={"f[y].a": Does(outputs={"v": 9})},
        also=lambda p: p["n"].arguments["message"] == "9 x",
    ),
    says(
        "one bad item does not stop the others, and the worst counts",
        for_each("f", ["x", "y"], job("a"), pause("w", 5)),
        script={"f[x].a": 3},
        run="abnormal",
        states={"f[x].w": "not_run", "f[y].w": "normal", "f": "abnormal"},
        also=lambda p: p["f"].exit_code == 3,
    ),
)


@pytest.mark.parametrize("example", BRANCHES)
def test_a_condition_branch(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", DAY_BRANCHES)
def test_a_calendar_branch(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", CALLS)
def test_a_sub_network(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", BLOCKS)
def test_a_block(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", FOR_EACHES)
def test_a_for_each(example: Example) -> None:
    example.prove()
