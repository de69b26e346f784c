"""The parts without flows inside: each of them good, bad, empty and at its edges."""

from datetime import timedelta
from typing import Any

import pytest
from jobnet.definition import FormField, Notify, Retry, RetryHosts
from jobnet.engine.commands import OpenDialog, SendMessage, StartJob, WatchFile
from jobnet.engine.facts import EventSent
from jobnet.engine.inputs import FilesSeen
from jobnet.engine.orders import Answer, ClearWait
from jobnet.engine.results import HostResult, HostState
from jobnet.engine.waits import FileLook
from jobnet.errors.engine import AnswerRefused
from jobnet.expressions import parse_template
from jobnet.ids import HostName, OperatorName, PartKey

from tests.engine.building import (
    block,
    dialog,
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
from tests.engine.playing import Played, play
from tests.engine.scripting import NO_START, Does, takes

W = PartKey("w")
D = PartKey("d")
HOSTS = {
    "h1": HostResult(state=HostState.OK),
    "h2": HostResult(state=HostState.UNREACHABLE),
}
FORM = {"form": {"n": FormField(type="int", required=True), "note": FormField(default="-")}}


def commands(played: Played, kind: type) -> list[Any]:
    return [command for command in played.commands if isinstance(command, kind)]


def seen(**hosts: FileLook) -> FilesSeen:
    looks = {HostName(host): look for host, look in hosts.items()}
    return FilesSeen(part=W, attempt=1, looks=looks)


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
        also=lambda p: "nothing" in p["a"].message,
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
DIALOGS = (
    says(
        "an answer ends it NORMAL whatever exit code its choice gives",
        dialog("d"),
        orders_at={9: [Answer(part=D, choice="no")]},
        states={"d": "normal"},
        also=lambda p: (
            p["d"].exit_code == 1
            and p["d"].outputs == {"choice": "no", "by": "ann", "at": "2026-05-29T12:00:09+00:00"}
        ),
    ),
    says(
        "exit_codes may judge otherwise",
        dialog("d", exit_codes=[(1, 1, "abnormal")]),
        orders_at={9: [Answer(part=D, choice="no")]},
        run="abnormal",
    ),
    says(
        "nobody answers: it prompts",
        dialog("d", message="Post {{ operating_day }}?"),
        run="running",
        states={"d": "prompting"},
        also=lambda p: [c.message for c in commands(p, OpenDialog)] == ["Post 2026-05-29?"],
    ),
    says(
        "form fields become outputs of their type, with defaults",
        dialog("d", **FORM),
        orders_at={9: [Answer(part=D, choice="yes", form={"n": "5"})]},
        also=lambda p: (p["d"].outputs["n"], p["d"].outputs["note"]) == (5, "-"),
    ),
    says(
        "two votes have to agree; a second vote of the same one replaces the first",
        dialog("d", answer={"votes": 2}),
        orders_at={9: [Answer(part=D, choice="yes"), Answer(part=D, choice="no")]},
        run="running",
        states={"d": "prompting"},
        also=lambda p: p["d"].votes == (("ann", "no"),),
    ),
    says(
        "a message that cannot be evaluated ends it abnormally",
        dialog("d", message="{{ params.nothing }}"),
        run="abnormal",
    ),
)
REFUSED_ANSWERS: tuple[tuple[str, dict[str, Any], Answer, str], ...] = (
    ("no choice of it", {}, Answer(part=D, choice="maybe"), "choose yes, no"),
    ("a user who may not", {"answer": {"users": ("eve",)}}, Answer(part=D, choice="yes"), "ann"),
    ("no field of it", {}, Answer(part=D, choice="yes", form={"x": 1}), "no field"),
    ("a required field is missing", FORM, Answer(part=D, choice="yes"), "'n' is required"),
    (
        "a field of another type",
        FORM,
        Answer(part=D, choice="yes", form={"n": "many"}),
        "of type int",
    ),
    (
        "a form of 1 MB",
        FORM,
        Answer(part=D, choice="yes", form={"n": 1, "note": "x" * 10**6}),
        "64 KiB",
    ),
)
FILE_WAITS = (
    says(
        "created: absent, then present",
        wait_file("w"),
        arrivals_at={1: [seen(h=ABSENT)], 9: [seen(h=THERE)]},
        seconds=9,
        also=lambda p: p["w"].outputs == {"h": {"path": "/in/orders.csv", "size": 5, "mtime": 1.0}},
    ),
    says(
        "a file that was already there is not created",
        wait_file("w"),
        arrivals_at={1: [seen(h=THERE)]},
        run="running",
    ),
    says(
        "existing accept takes one already there",
        wait_file("w", accepts_existing=True),
        arrivals_at={1: [seen(h=THERE)]},
        seconds=1,
    ),
    says(
        "there, deleted, there again: created",
        wait_file("w"),
        arrivals_at={1: [seen(h=THERE)], 2: [seen(h=ABSENT)], 3: [seen(h=THERE)]},
        seconds=3,
    ),
    says(
        "updated: size, mtime or inode differ",
        wait_file("w", event="updated"),
        arrivals_at={1: [seen(h=THERE)], 2: [seen(h=THERE)], 3: [seen(h=GROWN)]},
        seconds=3,
    ),
    says(
        "deleted: present, then absent",
        wait_file("w", event="deleted"),
        arrivals_at={1: [seen(h=ABSENT)], 2: [seen(h=THERE)], 3: [seen(h=ABSENT)]},
        seconds=3,
    ),
    says(
        "settle counts from the last change",
        wait_file("w", settle=10),
        arrivals_at={1: [seen(h=ABSENT)], 5: [seen(h=THERE)], 12: [seen(h=GROWN)]},
        seconds=22,
    ),
    says(
        "a file that vanishes while it settles is not there",
        wait_file("w", settle=10),
        arrivals_at={1: [seen(h=ABSENT)], 5: [seen(h=THERE)], 12: [seen(h=ABSENT)]},
        run="running",
    ),
    says(
        "a look that fails is not absent: the wait goes on and says why",
        wait_file("w", event="deleted"),
        arrivals_at={1: [seen(h=THERE)], 2: [seen(h=UNSEEN)]},
        run="running",
        also=lambda p: "h: unreachable" in p["w"].detail,
    ),
    says(
        "any of the hosts",
        wait_file("w"),
        arrivals_at={1: [seen(h=ABSENT, i=ABSENT)], 2: [seen(h=THERE, i=ABSENT)]},
        seconds=2,
    ),
    says(
        "all of the hosts",
        wait_file("w", hosts_match="all"),
        arrivals_at={
            1: [seen(h=ABSENT, i=ABSENT)],
            2: [seen(h=THERE, i=ABSENT)],
            3: [seen(h=THERE, i=THERE)],
        },
        seconds=3,
    ),
    says(
        "no host at all: it waits",
        wait_file("w", hosts_match="all"),
        arrivals_at={1: [seen()]},
        run="running",
    ),
    says(
        "the path is bound once",
        wait_file("w", "/in/{{ operating_day }}.csv"),
        orders_at={5: [ClearWait(part=W)]},
        also=lambda p: [c.path for c in commands(p, WatchFile)] == ["/in/2026-05-29.csv"],
    ),
    says(
        "a path that cannot be evaluated",
        wait_file("w", "{{ params.nothing }}"),
        run="abnormal",
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


@pytest.mark.parametrize("example", DIALOGS)
def test_a_dialog(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize(
    ("words", "answer", "because"),
    [row[1:] for row in REFUSED_ANSWERS],
    ids=[row[0] for row in REFUSED_ANSWERS],
)
def test_an_answer_that_does_not_fit_is_refused(
    words: dict[str, object], answer: Answer, because: str
) -> None:
    with pytest.raises(AnswerRefused, match=because):
        play(network(dialog("d", **words)), orders_at={9: [answer]})


def test_the_submitter_may_not_answer_where_somebody_else_has_to() -> None:
    main = network(dialog("d", answer={"not_submitter": True}))
    answer = Answer(part=D, choice="yes")

    with pytest.raises(AnswerRefused, match="somebody else"):
        play(main, orders_at={9: [answer]}, ordered_by=OperatorName("bob"))


@pytest.mark.parametrize("example", FILE_WAITS)
def test_a_file_wait(example: Example) -> None:
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
