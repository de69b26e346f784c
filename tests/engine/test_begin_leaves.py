"""The parts without flows inside: each of them good, bad, empty and at its edges."""

from datetime import timedelta
from typing import Any

import pytest
from jobnet.definition import Notify, Retry, RetryHosts
from jobnet.engine.commands import SendMessage, StartJob
from jobnet.engine.facts import EventSent
from jobnet.engine.results import HostResult, HostState
from jobnet.engine.waits import FileLook
from jobnet.expressions import parse_template
from jobnet.ids import PartKey

from tests.engine.building import (
    block,
    for_each,
    job,
    network,
    notify,
    parallel,
    part,
    pause,
    send,
    until,
    wait_event,
    wait_file,
    wait_network,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import NO_START, Does, takes

W = PartKey("w")
HOSTS = {
    "h1": HostResult(state=HostState.OK),
    "h2": HostResult(state=HostState.UNREACHABLE),
}


def commands(played: Played, kind: type) -> list[Any]:
    return [command for command in played.commands if isinstance(command, kind)]


ABSENT, THERE = FileLook(), FileLook(exists=True, size=5, mtime=1.0, inode=9)
GROWN = FileLook(exists=True, size=50, mtime=2.0, inode=9)
UNSEEN = FileLook(error="unreachable")

UNIT_JOBS = (
    says("good", job("a"), script={"a": takes(5)}, seconds=5, states={"a": "normal"}),
    says("bad", job("a"), script={"a": 3}, run="abnormal", also=lambda p: p.exit_code == 3),
    says(
        "no host matched: FAILED_TO_START, never tried again, no exit code",
        job("a", retry=Retry(count=3)),
        script={"a": NO_START},
        run="abnormal",
        states={"a": "failed_to_start"},
        also=lambda p: p["a"].attempt == 1 and p["a"].exit_code is None,
    ),
    says(
        "hosts that cannot be evaluated: FAILED_TO_START with the reason",
        job("a", hosts="{{ params.nothing }}"),
        run="abnormal",
        states={"a": "failed_to_start"},
        also=lambda p: "nothing" in p["a"].message and p["a"].end_reason == "arguments",
    ),
    says(
        "hosts are bound once and handed over",
        job("a", hosts="{{ params.h }}"),
        more={"params": {"h": "db"}},
        also=lambda p: [c.hosts for c in commands(p, StartJob)] == ["db"],
    ),
    says(
        "retry: pauses grow by backoff",
        job("a", retry=Retry(count=3, delay=timedelta(seconds=10), backoff=2)),
        script={"a": [1, 1, 1, 0]},
        also=lambda p: p.starts("a") == [0.0, 10.0, 30.0, 70.0],
    ),
    says(
        "retry used up: abnormal",
        job("a", retry=Retry(count=1)),
        script={"a": 1},
        run="abnormal",
        also=lambda p: p["a"].attempt == 2,
    ),
    says(
        "retry of failed hosts takes unreachable ones, too; the last result of each counts",
        job("a", retry=Retry(count=1, hosts=RetryHosts.FAILED)),
        script={
            "a": [
                Does(exit_code=4, hosts=HOSTS),
                Does(hosts={"h2": HostResult(state=HostState.OK)}),
            ]
        },
        also=lambda p: (
            [c.only_hosts for c in commands(p, StartJob)] == [(), ("h2",)]
            and {host.state.value for host in p["a"].hosts.values()} == {"ok"}
        ),
    ),
    says(
        "exit_codes override by number",
        job("a", exit_codes=[(1, 3, "warning"), (0, 0, "normal")]),
        script={"a": 2},
        run="warning",
        states={"a": "warning"},
    ),
    says(
        "exit_codes may make 0 abnormal",
        job("a", exit_codes=[(0, 0, "abnormal")]),
        run="abnormal",
    ),
    says(
        "an exit_code expression wins",
        job("a", exit_code="parts.a.hosts | length"),
        script={"a": Does(exit_code=1, hosts=HOSTS)},
        run="abnormal",
        also=lambda p: p["a"].exit_code == 2,
    ),
    says(
        "an exit_code expression without value is abnormal and says why",
        job("a", exit_code="parts.a.outputs.nothing"),
        run="abnormal",
        also=lambda p: p["a"].message.startswith("exit_code:"),
    ),
    says(
        "a when that is false: BYPASSED",
        job("a", when="false"),
        states={"a": "bypassed"},
        also=lambda p: "its condition is false" in p["a"].message,
    ),
    says(
        "check mode is handed over",
        job("a"),
        more={"check": True},
        also=lambda p: [c.check for c in commands(p, StartJob)] == [True],
    ),
    says(
        "a job's own check_mode wins",
        job("a", check_mode=False),
        more={"check": True},
        also=lambda p: [c.check for c in commands(p, StartJob)] == [False],
    ),
    says(
        "in a rescue failed tells part, hosts, message and exit code",
        block(
            "k",
            job("a"),
            rescue=(job("r", hosts="{{ failed.hosts }}"), notify("n", "{{ failed.part }}")),
        ),
        script={"a": Does(exit_code=1, hosts=HOSTS)},
        also=lambda p: (
            [c.hosts for c in commands(p, StartJob)] == ["all", "h2"]
            and [c.message for c in commands(p, SendMessage)] == ["a"]
        ),
    ),
)
EVENTS = (
    says(
        "data is evaluated and sent",
        send("s", data={"n": "{{ 1 + 1 }}", "list": [1, "{{ operating_day }}"]}),
        also=lambda p: (
            [fact.event.data for fact in p.of(EventSent)] == [{"n": 2, "list": [1, "2026-05-29"]}]
        ),
    ),
    says(
        "without data",
        send("s"),
        also=lambda p: [fact.event.data for fact in p.of(EventSent)] == [None],
    ),
    says("data without value", send("s", data="{{ params.nothing }}"), run="abnormal"),
    says(
        "each event has an id of its own",
        for_each("f", ["x", "y"], send("s")),
        also=lambda p: [fact.event.id for fact in p.of(EventSent)] == ["r-1:1", "r-1:2"],
    ),
    says(
        "in check mode nothing is sent",
        send("s"),
        more={"check": True},
        also=lambda p: p.of(EventSent) == [],
    ),
)
MESSAGES = (
    says(
        "the message is rendered and sent",
        notify("n", "Done on {{ operating_day }}", to="{{ params.mail }}"),
        more={"params": {"mail": "ann@example.com"}},
        also=lambda p: (
            [(c.to, c.message) for c in commands(p, SendMessage)]
            == [(("ann@example.com",), "Done on 2026-05-29")]
        ),
    ),
    says(
        "one that cannot be sent ends it abnormally with the reason",
        notify("n"),
        script={"n": Does(message="the mail server refused it")},
        run="abnormal",
        states={"n": "abnormal"},
        also=lambda p: p["n"].message == "the mail server refused it",
    ),
    says(
        "an empty message is a message",
        notify("n", ""),
        also=lambda p: [c.message for c in commands(p, SendMessage)] == [""],
    ),
    says("an address that is no text", notify("n", to="{{ params }}"), run="abnormal"),
    says(
        "in check mode nothing is sent",
        notify("n"),
        more={"check": True},
        also=lambda p: commands(p, SendMessage) == [],
    ),
    says(
        "a message that nobody takes reaches its timeout",
        notify("n", timeout=60),
        script={"n": Does(seconds=5000)},
        run="abnormal",
        states={"n": "abnormal"},
        also=lambda p: p["n"].end_reason == "timeout",
    ),
)
IN_CHECK_MODE = (
    says("a clock is not waited for", until("w", "23:00")),
    says("a pause is not waited for", pause("w", 5000)),
    says("a file is not waited for", wait_file("w")),
    says("an event is not waited for", wait_event("w")),
    says("a network is not waited for", wait_network("w", "pre")),
)


@pytest.mark.parametrize("example", UNIT_JOBS)
def test_a_unit_job(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", EVENTS)
def test_an_event_send(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", MESSAGES)
def test_a_notify(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", IN_CHECK_MODE)
def test_in_check_mode(example: Example) -> None:
    played = play(network(*example.flow), check=True)

    assert (played.run, played.seconds) == ("normal", 0)
    assert "check mode" in played["w"].message


def test_a_notify_has_a_subject_and_attachments() -> None:
    body = Notify(
        to=(parse_template("ops"),),
        message=parse_template("see"),
        subject=parse_template("Report {{ operating_day }}"),
        attach=(parse_template("/tmp/{{ run.id }}.xlsx"),),  # noqa: S108 - a text, not a file
    )

    played = play(network(parallel("p", part("n", body))))

    sent = [command for command in played.commands if isinstance(command, SendMessage)]
    assert [(each.subject, each.attach) for each in sent] == [
        ("Report 2026-05-29", ("/tmp/r-1.xlsx",))  # noqa: S108
    ]
