"""Each kind of part becomes its value of the definition, with defaults where nothing is said."""

from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.calendars import DayRule
from jobnet.definition import (
    AnyOf,
    Block,
    Branch,
    CalendarBranch,
    ContinueFrom,
    Deadline,
    Dialog,
    Estimate,
    FileEvent,
    ForEach,
    Judgement,
    LateStartAction,
    LockMode,
    Losers,
    Match,
    Network,
    Notify,
    OnError,
    OnLost,
    OnTimeout,
    Overlap,
    Parallel,
    Part,
    RerunRule,
    RetryHosts,
    SendEvent,
    Severity,
    SubNetwork,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitNetwork,
    WaitPart,
    WaitUntil,
    walk,
)
from jobnet.expressions import Template
from jobnet.project import read_file
from jobnet.project.schemas import schemas

from tests.project.written import EXAMPLES, NETWORKS, flow_of, problems


def example(name: str) -> Network:
    networks = read_file(NETWORKS / f"{name}.yml").networks.values()
    return next(one for one in networks if one.name.endswith(name))


def parts(name: str) -> list[Part]:
    return list(walk(example(name).flow))


def body(name: str, index: int = 0) -> object:
    return example(name).flow[index].body


def test_dialog() -> None:
    found = body("dialog")

    assert isinstance(found, Dialog)
    assert dict(found.choices) == {"post": 0, "reject": 1}
    assert found.form["comment"].required
    assert found.answer.roles == ("ledger",)
    assert found.answer.not_submitter
    assert (found.timeout, found.on_timeout) == (timedelta(hours=2), "reject")


def test_branch() -> None:
    found = body("branch", 1)

    assert isinstance(found, Branch)
    assert [case.name for case in found.cases] == [
        "it answers",
        "it does not answer in business hours",
    ]
    assert found.cases[0].when.references == (("parts", "ping", "exit_code"),)
    assert isinstance(found.cases[0].flow[0].body, WaitFor)


def test_calendar_branch() -> None:
    found = body("calendar_branch")

    assert isinstance(found, CalendarBranch)
    assert found.cases[0].on == DayRule(nth_open_day=(-1,))
    assert found.cases[1].on.state == "closed"
    assert len(found.else_flow) == 1


def test_parallel_and_a_wait_for_a_part_of_this_run() -> None:
    found = body("parallel")

    assert isinstance(found, Parallel)
    assert found.limit == 2
    assert [one.name for one in found.branches] == ["web", "batch"]
    wait = found.branches[1].flow[1].body
    assert isinstance(wait, WaitPart)
    assert (wait.network, wait.part) == (None, "web")


def test_or_branch() -> None:
    found = body("any_of")

    assert isinstance(found, AnyOf)
    assert found.losers is Losers.CANCEL
    wait = found.branches[1].flow[0].body
    assert isinstance(wait, WaitUntil)
    assert str(wait.clock) == "25:30"


def test_continuity() -> None:
    found = body("continuity", 1)

    assert isinstance(found, ContinueFrom)
    assert (found.target, found.interval, found.max_times) == ("ping", timedelta(minutes=1), 1440)
    assert found.until is not None


def test_waits_for_others() -> None:
    first, second = (part.body for part in example("waits_for_others").flow)

    assert isinstance(first, WaitNetwork)
    assert (first.match, first.limit.timeout) == (Match.SAME_DAY, timedelta(hours=3))
    assert isinstance(second, WaitPart)
    assert (second.match, second.within) == (Match.WITHIN, timedelta(hours=6))
    assert second.on_other is OnTimeout.ABNORMAL
    assert second.limit.on_timeout is OnTimeout.CONTINUE


def test_file_wait() -> None:
    found = body("wait_file")

    assert isinstance(found, WaitFile)
    assert found.hosts is not None
    assert found.hosts.text == "db"
    assert (found.event, found.accepts_existing) == (FileEvent.CREATED, True)
    assert (found.settle, found.poll) == (timedelta(seconds=2), timedelta(seconds=1))


def test_time_waits() -> None:
    clocks = [getattr(part.body, "clock", None) for part in example("time_waits").flow]

    assert [str(clock) for clock in clocks[:2]] == ["22:00", "25:30"]


def test_events() -> None:
    sent, received, _ = (part.body for part in example("events").flow)

    assert isinstance(sent, SendEvent)
    assert isinstance(sent.data, dict)
    assert sent.data["rows"] == 3
    assert isinstance(sent.data["day"], Template)
    assert sent.keep == timedelta(days=1)
    assert isinstance(received, WaitEvent)
    assert received.where is not None


def test_block() -> None:
    found = body("block")

    assert isinstance(found, Block)
    assert [len(flow) for flow in (found.flow, found.rescue, found.always)] == [2, 1, 1]


def test_for_each() -> None:
    found = body("for_each")

    assert isinstance(found, ForEach)
    assert (found.as_name, found.limit) == ("customer", 5)
    assert isinstance(found.items, Template)
    assert found.key is not None


def test_notify() -> None:
    found = body("notify", 1)

    assert isinstance(found, Notify)
    assert [one.text for one in found.to] == ["operations", "lead@example.com"]
    assert len(found.attach) == 1


def test_sub_network() -> None:
    found = body("sub_network")

    assert isinstance(found, SubNetwork)
    assert found.network == "load_day"
    assert isinstance(found.params["day"], Template)


def test_all_attributes() -> None:
    (part,) = example("attributes").flow
    errors, deadlines, placement = part.errors, part.deadlines, part.placement

    assert (errors.on_error, errors.on_lost) == (OnError.CONTINUE, OnLost.RETRY)
    assert (errors.rerun, errors.rerun_note) == (RerunRule.SAFE, "it may run twice")
    assert (errors.retry.count, errors.retry.delay.seconds, errors.retry.backoff) == (2, 10, 2)
    assert errors.retry.hosts is RetryHosts.FAILED
    assert errors.exit_codes is not None
    assert errors.exit_codes.judge(2) is Judgement.WARNING
    assert (errors.timeout, errors.kill_grace) == (timedelta(seconds=90), timedelta(seconds=5))
    assert deadlines.late_end == Deadline(after_start=timedelta(hours=2))
    assert str(deadlines.end_by.clock if deadlines.end_by else "") == "25:00"
    assert deadlines.underrun == Estimate(percent=50)
    assert deadlines.latest_start is not None
    assert deadlines.latest_start.then is LateStartAction.SKIP
    assert placement.locks == {"payroll_db": LockMode.EXCLUSIVE, "files": LockMode.SHARED}
    assert (placement.resources, placement.nodes) == ({"tape": 2}, ("batch",))
    assert (placement.queue, placement.priority, placement.warm) == ("backup", 70, False)
    assert part.care.severity is Severity.CRITICAL
    assert (part.hold, part.skip, part.no_exec) == (False, False, False)


def test_attributes_of_a_network() -> None:
    network = example("attributes")

    assert network.labels == {"team": "storage", "version": "1.10"}
    assert (network.limit, network.overlap, network.calendar) == (1, Overlap.SKIP, None)
    assert network.deadlines.late_start == Deadline(after_start=timedelta(minutes=10))
    assert network.errors.exit_codes is not None
    assert network.errors.exit_codes.judge(4711) is Judgement.ABNORMAL
    assert network.placement.warm is True


def test_what_is_not_said_has_the_defaults_of_the_language(tmp_path: Path) -> None:
    (part,) = flow_of(tmp_path, "- wait_event: {name: x}")

    assert part.errors.on_error is OnError.STOP
    assert part.errors.on_lost is OnLost.HOLD
    assert part.errors.rerun is RerunRule.ASK
    assert part.errors.retry.count == 0
    assert part.care.severity is None
    assert isinstance(part.body, WaitEvent)
    assert part.body.match is Match.SAME_DAY
    assert part.body.limit.timeout is None


def test_the_places_of_parts_are_known() -> None:
    places = {part.path: part.position.line for part in parts("block")}

    assert places == {
        "flow[0]": 5,
        "flow[0].block[0]": 6,
        "flow[0].block[1]": 9,
        "flow[0].rescue[0]": 19,
        "flow[0].always[0]": 25,
    }


NAMES = {
    "- {name: Stop App (AP-1), wait_for: 1s}": ("stop_app_ap_1", True),
    "- {name: 2nd, wait_for: 1s}": ("_2nd", True),
    "- {name: Überprüfung, wait_for: 1s}": ("uberprufung", True),
    "- {name: 備份, wait_for: 1s}": ("wait_for_1", False),
    "- {name: import, wait_for: 1s}": ("import_1", False),
    "- {name: Items, wait_for: 1s}": ("items_1", False),
    "- {id: given, name: Other, wait_for: 1s}": ("given", True),
    "- {wait_for: 1s}": ("wait_for_1", False),
    "- {command: x}": ("job_1", False),
}


@pytest.mark.parametrize(("item", "expected"), NAMES.items())
def test_an_id_is_the_given_one_or_comes_from_the_name(
    tmp_path: Path, item: str, expected: tuple[str, bool]
) -> None:
    (part,) = flow_of(tmp_path, item)

    assert (part.id, part.is_named) == expected


def test_a_doubled_derived_id_gets_a_number_even_before_the_written_one(tmp_path: Path) -> None:
    flow = """
    - {name: Load, wait_for: 1s}
    - {name: Load, wait_for: 1s}
    - {name: Save, wait_for: 1s}
    - branch: {cases: [{when: 'true', flow: [{id: save, wait_for: 1s}]}], else: []}
    """

    found = {part.id: part.is_named for part in walk(flow_of(tmp_path, flow))}

    assert found == {
        "load": True,
        "load_1": False,
        "save_1": False,
        "branch_1": False,
        "save": True,
    }


def test_the_condition_of_a_network_is_asked_before_each_of_its_parts(tmp_path: Path) -> None:
    head = "when: is_open()\n"

    first, second = flow_of(
        tmp_path, "- wait_for: 1s\n- {wait_for: 1s, when: now is defined}", head=head
    )

    assert first.when is not None
    assert first.when.text == "is_open()"
    assert second.when is not None
    assert second.when.text == "(is_open()) and (now is defined)"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_run_of_the_text_twice_gives_the_same_definition(path: Path) -> None:
    assert read_file(path).documents == read_file(path).documents


JUMPS = {
    "forward": ("- {id: a, wait_for: 1s}\n- continue_from: b\n- {id: b, wait_for: 1s}",
                "`b` does not stand before this part"),
    "itself": ("- {id: a, continue_from: a}", "`a` does not stand before this part"),
    "unknown": ("- {id: ping, wait_for: 1s}\n- continue_from: pin", "Did you mean `ping`?"),
    "into a branch": (
        ("- {id: c, branch: {cases: [{when: 'true', flow: [{id: b, wait_for: 1s}]}], else: []}}\n"
        "- continue_from: b"), "`b` stands inside `c`"),
    "out of a parallel": (
        "- {id: a, wait_for: 1s}\n- {id: p, parallel: {branches: [{flow: [continue_from: a]}]}}",
        "`a` stands outside of `p`"),
    "out of a for-each": (
        ("- {id: a, wait_for: 1s}\n"
        "- {id: l, for_each: {items: [1], as: x, flow: [continue_from: a]}}"),
        "`a` stands outside of `l`"),
    "to another branch": (
        ("- {id: p, any_of: {branches: "
        "[{flow: [{id: a, wait_for: 1s}]}, {flow: [continue_from: a]}]}}"),
        "`a` stands inside `p`"),
    "to the container": ("- {id: b, block: [continue_from: b]}", "does not stand before"),
    "wait for the container": ("- {id: b, block: [{wait_part: {part: b, timeout: 1h}}]}",
                               "`b` holds this part and cannot end before it"),
    "wait for a later part": (
        "- wait_part: {part: b, timeout: 1h}\n- {id: b, wait_for: 1s}",
        "`b` waits itself until this part has ended"),
    "wait for itself": ("- {id: b, wait_part: {part: b, timeout: 1h}}", "`b` holds this part"),
    "wait for nobody": ("- wait_part: {part: b, timeout: 1h}", "No part has the id `b`"),
}  # fmt: skip


@pytest.mark.parametrize(("flow", "expected"), JUMPS.values(), ids=JUMPS.keys())
def test_jumps_and_waits_that_can_never_work_are_told(
    tmp_path: Path, flow: str, expected: str
) -> None:
    (only,) = problems(tmp_path, flow)

    assert expected in only


def test_two_branches_that_wait_for_each_other_are_told_at_both(tmp_path: Path) -> None:
    flow = """
    - parallel:
        branches:
          - flow: [{id: a, wait_part: {part: b, timeout: 1h}}]
          - flow: [{wait_for: 1s}, {id: b, wait_part: {part: a, timeout: 1h}}]
    """

    assert len(problems(tmp_path, flow)) == 2


FINE_JUMPS = {
    "same sequence": "- {id: a, wait_for: 1s}\n- {continue_from: a, max_times: 2}",
    "out of a branch": (
        "- {id: a, wait_for: 1s}\n"
        "- branch: {cases: [{when: 'true', flow: [{continue_from: a, max_times: 2}]}], else: []}"
    ),
    "out of a rescue": (
        "- {id: a, wait_for: 1s}\n"
        "- {block: [wait_for: 1s], rescue: [{continue_from: a, max_times: 2}]}"
    ),
    "inside a parallel": (
        "- parallel: {branches: [{flow: [{id: a, wait_for: 1s}, "
        "{continue_from: a, max_times: 2}]}]}"
    ),
}


@pytest.mark.parametrize("flow", FINE_JUMPS.values(), ids=FINE_JUMPS.keys())
def test_jumps_back_are_fine(tmp_path: Path, flow: str) -> None:
    assert not problems(tmp_path, flow)


def test_every_kind_of_part_has_an_example() -> None:
    kinds = {
        name.removesuffix("_part")
        for name in schemas()["network"]["$defs"]
        if name.endswith("_part")
    }
    texts = "".join(path.read_text() for path in EXAMPLES)

    assert [kind for kind in sorted(kinds - {"module"}) if f"{kind}:" not in texts] == []
