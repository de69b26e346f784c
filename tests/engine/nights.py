"""Networks that together hold every kind of part and order; ``transcripts`` plays them."""

from dataclasses import replace
from datetime import timedelta

from jobnet.calendars import CalendarDefinition, Weekday, compile_calendar
from jobnet.definition import FormField, Param, Queue, Retry
from jobnet.engine.inputs import AttemptAnswered, FilesSeen
from jobnet.engine.orders import (
    Answer,
    Cancel,
    ChangeResult,
    ChangeTime,
    ClearWait,
    Comment,
    ForceEnd,
    Hold,
    Kill,
    MoveQueue,
    NewResult,
    NoExec,
    Release,
    Rerun,
    RerunFrom,
    Resume,
    RunNow,
    SetPriority,
    Skip,
    Suspend,
    Unskip,
)
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.engine.waits import ExecutionEnd, FileLook, SentEvent
from jobnet.ids import EventId, EventName, HostName, NetworkName, PartKey, RunId

from tests.engine.building import (
    DAY,
    NOON,
    any_of,
    block,
    branch,
    call,
    day_branch,
    dialog,
    for_each,
    job,
    loop,
    network,
    notify,
    parallel,
    pause,
    send,
    until,
    wait_event,
    wait_file,
    wait_network,
    wait_part,
)
from tests.engine.examples import Example
from tests.engine.scripting import LOST, NEVER, NO_START, Does, takes

HOSTS = {
    "web": HostResult(
        state=HostState.CHANGED, stats={"rows": 2}, result={"size": 5}, counts={"ok": 3}
    ),
    "db": HostResult(state=HostState.FAILED, rc=4, message="disk full"),
    "far": HostResult(state=HostState.UNREACHABLE, message="no route"),
    "old": HostResult(state=HostState.OK),
}
OFFICE = compile_calendar(
    CalendarDefinition(
        name="office",
        week=frozenset({Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI}),
    )
)
FORM = {"n": FormField(type="int", required=True), "note": FormField(default="-")}


def key(text: str) -> PartKey:
    return PartKey(text)


def seen(part: str, **hosts: FileLook) -> FilesSeen:
    looks = {HostName(host): look for host, look in hosts.items()}
    return FilesSeen(part=key(part), attempt=1, looks=looks)


def ended(state: str, *, part: str | None = None) -> ExecutionEnd:
    return ExecutionEnd(
        network=NetworkName("pre"),
        execution="r-pre",
        part=part,
        run=RunId("r-pre"),
        state=state,
        is_fine_or_warning=state == "normal",
        operating_day=DAY,
        planned_start=NOON - timedelta(hours=1),
        ended_at=NOON + timedelta(seconds=3),
        outputs={"rows": 7},
    )


def sent(name: str, **data: object) -> SentEvent:
    return SentEvent(
        id=EventId(f"e-{name}"),
        name=EventName(name),
        data=data,
        sender="eve",
        operating_day=DAY,
        sent_at=NOON + timedelta(seconds=5),
    )


def again(start: str, *parts: str, **more: object) -> Rerun:
    keys = tuple(key(part) for part in parts)
    return Rerun(start=RerunFrom(start), parts=keys, **more)  # type: ignore[arg-type]


JOBS = Example(
    main=network(
        replace(job("load"), name="Load orders"),
        job("hosts", on_error="continue"),
        job("judged", exit_codes=[(4, 7, "warning")], retry=Retry(count=1)),
        job("tried", retry=Retry(count=2, delay=timedelta(seconds=30), backoff=2)),
        job("slow", timeout=50, on_error="continue", overrun=20, late_end=40, underrun=90),
        job("picked", hosts="{{ parts.hosts.failed[0] }}", exit_code="parts.picked.exit_code + 1"),
        job("absent", on_error="continue"),
        job("gone", on_lost="abnormal", on_error="continue"),
        job("quiet", when="parts.load.outputs.rows > 10"),
        job("shown", reads_parts=("load", "hosts", "quiet")),
        outputs={"rows": "{{ parts.load.outputs.rows }}", "text": "{{ params.day }} done"},
        exit_code="parts.hosts.exit_code",
        title="All kinds of ends",
    ),
    script={
        "load": Does(seconds=5, outputs={"rows": 3}, message="loaded"),
        "hosts": Does(seconds=1, exit_code=4, hosts=HOSTS, message="two hosts failed"),
        "judged": Does(exit_code=5),
        "tried": [1, 1, 0],
        "slow": takes(500),
        "picked": takes(2),
        "absent": NO_START,
        "gone": LOST,
    },
    more={
        "params": {"day": "friday"},
        "usual_seconds": {"": 600.0, "load": 4.0},
        "diff": True,
    },
)
CHECKED = Example(
    flow=(
        job("a"),
        job("b", check_mode="run", when="parts.a.exit_code == 3"),
        pause("p"),
        send("s"),
        notify("n"),
        dialog("d"),
        branch("if", ("parts.a.normal", (job("c"),)), otherwise=(job("e"),)),
    ),
    more={"check": True, "assumed_exit_codes": {"a": 3}},
)
LOOPS = Example(
    flow=(
        job("a", retry=Retry(count=1)),
        job("b"),
        loop("ask", "a", until="parts.a.iterations >= 3", interval=30),
        block("k", job("c"), loop("inner", "c", max_times=2), loop("outer", "b", max_times=1)),
        any_of("race", job("fast"), job("loser")),
        loop("late", "race", max_times=1),
        job("bad", on_error="continue"),
        loop("worn", "bad", until="parts.bad.normal", max_times=2),
        job("last"),
        loop("never", "last", until="false", max_times=1, late_start="12:30"),
    ),
    script={"loser": takes(70), "fast": takes(5), "bad": [1, 1, 1], "b": takes(1)},
)
CONTAINERS = Example(
    main=network(
        block(
            "k",
            job("a"),
            job("b"),
            rescue=(job("r", when="failed.part == 'b' and failed.exit_code == 3"),),
            always=(job("z"),),
        ),
        parallel("p", (job("p1"), job("p2")), job("p3"), job("p4"), limit=2),
        any_of("o", job("o1"), (job("o2"), job("o3")), losers="cancel"),
        branch("c", ("parts.a.abnormal", (job("c1"),)), ("true", (job("c2"),))),
        branch("d", ("parts.b.abnormal", (job("d1"),)), otherwise=(job("d2"),)),
        day_branch("day", ("open", (job("y1"),)), ("closed", (job("y2"),)), calendar="office"),
        for_each(
            "f",
            ["ann", "bob", "cid"],
            job("one"),
            job("two", when="who != 'cid'"),
            as_name="who",
            key="who | upper",
            limit=2,
            on_error="continue",
        ),
        call("s", "sub", {"n": "{{ parts.p1.outputs.n + 1 }}", "t": "x"}),
        job("e", when="parts.s.outputs.twice == 14"),
        calendar="office",
    ),
    script={
        "b": Does(exit_code=3, message="broken", hosts=HOSTS),
        "p1": Does(seconds=4, outputs={"n": 6}),
        "p3": takes(2),
        "p4": takes(9),
        "o1": takes(3),
        "o2": takes(1),
        "o3": takes(60),
        "f[ANN].one": Does(seconds=1, outputs={"x": 1}),
        "f[BOB].one": Does(seconds=2, exit_code=1, message="bob is bad"),
        "s.q": Does(outputs={"twice": 14}),
    },
    more={
        "networks": (
            network(
                job("q"),
                for_each("g", "{{ [params.n, params.t] }}", job("in")),
                name="sub",
                params={"n": Param(type="int"), "t": Param()},
                outputs={"twice": "{{ parts.q.outputs.twice }}"},
            ),
        ),
        "calendars": {"office": OFFICE},
    },
)
STOPPED = Example(
    main=network(
        block("k", job("a"), job("b"), rescue=(job("r"),), always=(job("z"),)),
        parallel("p", job("p1"), (job("p2"), job("p3"))),
        name="stopped",
    ),
    script={"b": Does(exit_code=2, seconds=3, message="no"), "r": 1},
    orders_at={20: [Comment(text="called the operator", part=key("b")), Comment(text="late")]},
)
WAITS = Example(
    flow=(
        until("clock", "12:00:01"),
        until("computed", "{{ '12:00:02' }}"),
        pause("short", 2),
        wait_network("net", "pre"),
        wait_part("part", "extract", "pre", result="ended"),
        wait_event("event", "ready", where="event.data.n == 2"),
        wait_file("file", settle=2),
        send("out", "done", {"rows": "{{ parts.net.outputs.outputs.rows }}"}, keep=60),
        notify("ok", "net had {{ parts.net.outputs.outputs.rows }} rows"),
        notify("bad", on_error="continue"),
        dialog("ask", form=FORM, choices={"yes": 0, "no": 3}, exit_codes=[(3, 3, "warning")]),
        wait_event("gives_up", "never", give_up=5, on_timeout="continue"),
        wait_file("never", give_up=5, on_timeout="continue"),
        dialog("silent", ask=7, on_timeout="no"),
        pause("end", 1),
    ),
    script={"bad": Does(message="mailbox full")},
    arrivals_at={
        3: [ended("normal")],
        4: [ended("abnormal", part="extract")],
        5: [sent("ready", n=1)],
        6: [sent("ready", n=2)],
        7: [seen("file", h1=FileLook(), h2=FileLook(error="unreachable"))],
        8: [seen("file", h1=FileLook(exists=True, size=5, mtime=1.0, inode=9))],
        9: [seen("file", h1=FileLook(exists=True, size=7, mtime=2.0, inode=9))],
    },
    orders_at={
        30: [Answer(part=key("ask"), choice="no", form={"n": "5"})],
    },
)
ORDERS = Example(
    main=network(
        job("a"),
        job("b", queue="tape", priority=40),
        job("c"),
        parallel("p", job("p1"), job("p2"), job("p3")),
        until("clock", "20:00"),
        pause("long", 500),
        wait_event("event"),
        job("stuck"),
        block("k", job("k1"), job("k2"), job("k3")),
        job("e"),
        job("f"),
    ),
    script={"a": takes(10), "p1": takes(50), "p2": 1, "stuck": NEVER, "k1": takes(20)},
    orders_at={
        1: [Hold(part=key("b")), Skip(part=key("c"), exit_code=2), Hold(part=key("p3"))],
        2: [SetPriority(part=key("b"), priority=60), MoveQueue(part=key("b"), queue="default")],
        15: [Release(part=key("b")), Comment(text="go", part=key("b")), Suspend()],
        16: [Resume(), Skip(part=key("e")), NoExec(part=key("f"))],
        20: [Release(part=key("p3")), Unskip(part=key("e"))],
        22: [Kill(part=key("p1"))],
        25: [ChangeResult(part=key("p1"), result=NewResult.NORMAL, exit_code=0)],
        26: [ChangeResult(part=key("p2"), result=NewResult.WARNING)],
        30: [RunNow(part=key("clock"))],
        31: [ChangeTime(part=key("long"), to=NOON + timedelta(seconds=40))],
        45: [ClearWait(part=key("event"))],
        50: [ForceEnd(part=key("stuck"))],
        55: [ChangeResult(part=key("stuck"), result=NewResult.NORMAL)],
        60: [Suspend(part=key("k"))],
        70: [Cancel(part=key("k"))],
    },
    arrivals_at={
        52: [
            AttemptAnswered(
                part=key("stuck"), attempt=1, result=JobResult(end=JobEnd.ENDED, exit_code=1)
            )
        ]
    },
    more={"queues": (Queue(name="tape", limit=1), Queue(name="default"))},
)
KILLED = Example(
    flow=(
        job("a"),
        block("k", job("b"), always=(job("z"),)),
        parallel("p", job("c"), pause("w", 900)),
        job("d"),
    ),
    script={"b": takes(2), "c": takes(900)},
    orders_at={30: [Kill()]},
)
RERUN = Example(
    main=network(
        job("a"),
        parallel("p", job("b"), job("s")),
        branch("c", ("parts.a.normal", (job("c1"),)), otherwise=(job("c2"),)),
        for_each("f", ["x", "y"], job("g")),
        call("n", "sub"),
        job("h"),
        outputs={"n": "{{ params.n }}"},
    ),
    script={
        "b": [1, 0],
        "s": Does(outputs={"x": 5}),
        "h": [Does(exit_code=2, hosts=HOSTS), 0],
        "f[y].g": [0, 1],
    },
    orders_at={
        100: [again("failed", params={"n": 2})],
        200: [again("failed", failed_hosts_only=True)],
        300: [again("part", "c", cases={key("c"): "else"}, held=True)],
        310: [Release(part=key("c"))],
        400: [again("after_failed")],
        500: [again("only", "a")],
        600: [again("whole", fresh_events=True)],
    },
    more={"params": {"n": 1}, "networks": (network(job("m"), name="sub"),)},
)
CLOCK = Example(
    main=network(
        job("a", late_start="12:00:10", end_by="12:02", overrun=30),
        job("b", latest_start=("12:01", "skip")),
        job("c", latest_start=("13:00", "hold")),
        block("k", job("d"), job("e", end_by=400), late_end=200, end_by="12:05"),
        job("f"),
        late_start=5,
        late_end="12:03",
        overrun=100,
    ),
    script={"a": takes(500), "d": takes(100), "e": takes(400)},
    orders_at={0: [Hold(part=key("a"))], 60: [Release(part=key("a"))]},
)

NIGHTS = {
    "jobs": JOBS,
    "checked": CHECKED,
    "loops": LOOPS,
    "containers": CONTAINERS,
    "stopped": STOPPED,
    "waits": WAITS,
    "orders": ORDERS,
    "killed": KILLED,
    "rerun": RERUN,
    "clock": CLOCK,
}
