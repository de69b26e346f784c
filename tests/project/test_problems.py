"""What a bad definition gets: every problem at once, at its place, with what would be right."""

from pathlib import Path

import pytest
from jobnet.project import Level, Problem, lint
from jobnet.project.problems import PROBLEMS_MAX, Findings

from tests.project.written import network_of, problems, read

TASK = "- {id: a, ansible.builtin.command: 'true'}"

BAD = {
    "typo of a kind": (
        "- wait_untl: '22:00'",
        "5:5: flow[0]: `wait_untl` is not known here. Did you mean `wait_until`?",
    ),
    "typo of an attribute": (
        "- wait_for: 10m\n  on_eror: stop",
        "6:5: flow[0]: `on_eror` is not known here. Did you mean `on_error`?",
    ),
    "typo inside a body": (
        "- wait_event: {name: go, wher: 'true'}",
        "5:28: flow[0].wait_event: `wher` is not known here. Did you mean `where`?",
    ),
    "event without a name": (
        "- wait_event: {name: ''}",
        "5:24: flow[0].wait_event.name: An event has a name. Write one, such as `orders_ready`.",
    ),
    "sent event without a name": (
        "- send_event: {name: ' '}",
        "5:24: flow[0].send_event.name: An event has a name. Write one, such as `orders_ready`.",
    ),
    "typo of a word": (
        f"{TASK}\n- {{wait_for: 1s, on_error: contiune}}",
        "6:30: flow[1].on_error: `contiune` is not known here. Did you mean `continue`?",
    ),
    "number for a clock": (
        "- wait_until: 2200",
        '5:17: flow[0].wait_until: 2200 is a number. Write "22:00".',
    ),
    "duration without unit": (
        "- wait_for: 10",
        "5:15: flow[0].wait_for: 10 has no unit. Write 10s or 10m.",
    ),
    "two kinds": (
        "- {wait_for: 1s, dialog: {message: x, choices: {a: 0}}}",
        "5:6: flow[0]: `dialog` and `wait_for` stand in one part. Write a part for each of them.",
    ),
    "two modules": (
        "- {command: a, shell: b}",
        "5:18: flow[0]: `command` and `shell` stand in one part. Write a part for each of them.",
    ),
    "no kind": (
        "- {name: Nothing}",
        "5:6: flow[0]: Nothing here says what this part does.",
    ),
    "missing key": (
        "- wait_event: {timeout: 1h}",
        "5:17: flow[0].wait_event: `name` is missing here.",
    ),
    "body of the wrong type": (
        "- dialog: 5",
        "5:13: flow[0].dialog: A mapping belongs here. It needs: message, choices.",
    ),
    "part of the wrong type": ("- 5", "5:5: flow[0]: A part is a mapping."),
    "flow of the wrong type": (
        "- block: 5",
        "5:12: flow[0].block: A flow is a list of parts. Begin each part with `- `.",
    ),
    "id with capitals": (
        "- {wait_for: 1s, id: Stop-App}",
        "Write `stop_app`.",
    ),
    "id that is a method": (
        "- {wait_for: 1s, id: items}",
        "`items` is a word of Python or a method of mappings. Write `items_part`.",
    ),
    "double id": (
        "- {wait_for: 1s, id: a}\n- {wait_for: 2s, id: a}",
        "6:24: flow[1].id: Another part has the id `a`. Give each part its own.",
    ),
    "unknown part": (
        f"{TASK}\n- {{wait_for: 1s, when: parts.b.normal}}",
        "6:26: flow[1].when: No part has the id `b`. Known here: a.",
    ),
    "made-up id in an expression": (
        "- wait_for: 1s\n- {wait_for: 1s, when: parts.wait_for_1.normal}",
        "The id `wait_for_1` was made up and moves with the text. Give that part an `id`.",
    ),
    "unknown attribute of a part": (
        f"{TASK}\n- {{wait_for: 1s, when: parts.a.exitcode == 0}}",
        "A part has no `exitcode`. Did you mean `exit_code`?",
    ),
    "unknown name": (
        "- {wait_for: 1s, when: operating_dai == 1}",
        "`operating_dai` is not known here. Did you mean `operating_day`?",
    ),
    "failed outside of a rescue": (
        "- notify: {to: a@b.c, message: '{{ failed.part }}'}",
        "`failed` is not known here. `failed` exists only in a rescue.",
    ),
    "event outside of where": (
        "- {wait_for: 1s, when: event.data}",
        "`event` is not known here. `event` exists only in `where`.",
    ),
    "undeclared param": (
        "- {wait_for: 1s, when: params.x}",
        "No param is called `x`. The network declares no params.",
    ),
    "undeclared param in a job": (
        "- debug: {msg: '{{ params.x }}'}",
        "5:5: flow[0]: No param is called `x`.",
    ),
    "unknown part in a job": (
        "- debug: {msg: '{{ parts.b.outputs.rows }}'}",
        "5:5: flow[0]: No part has the id `b`.",
    ),
    "braces in a condition": (
        "- {wait_for: 1s, when: '{{ true }}'}",
        "A condition is a bare expression. Write it without {{ }}.",
    ),
    "broken Jinja": (
        "- {wait_for: 1s, when: 'parts.'}",
        "5:26: flow[0].when:",
    ),
    "broken template": (
        "- notify: {to: a@b.c, message: '{{ x'}",
        "5:34: flow[0].notify.message:",
    ),
    "unknown filter": (
        "- notify: {to: a@b.c, message: '{{ now | uper }}'}",
        "5:34: flow[0].notify.message:",
    ),
    "mixed condition": (
        "- {command: 'true', when: ansible_os == 1 and now > at('10:00')}",
        "is known to Jobnet alone",
    ),
    "comma in a flow mapping": (
        f"{TASK}\n- {{continue_from: a, until: range(1, 2), max_times: 3}}",
        (
            "6:40: flow[1]: `2)` stands here as a key without a value. "
            "Quote the expression or write block style."
        ),
    ),
    "unquoted template": (
        "- notify: {to: a@b.c, message: {{ now }}}",
        'This is read as a mapping with another one as its key. Quote a template: "{{ ... }}".',
    ),
    "timeout beside a wait": (
        "- {wait_event: {name: x}, timeout: 1h}",
        "5:29: flow[0]: `timeout` stands beside `wait_event`. Move it inside.",
    ),
    "both timeouts": (
        "- {wait_event: {name: x, timeout: 1h}, timeout: 1h}",
        "`timeout` stands inside and beside `wait_event`. Keep the one inside.",
    ),
    "on_timeout that is no choice": (
        "- dialog: {message: x, choices: {post: 0, reject: 1}, timeout: 1h, on_timeout: rejct}",
        "`rejct` is none of the choices. Did you mean `reject`?",
    ),
    "on_timeout without timeout": (
        "- wait_event: {name: x, on_timeout: continue}",
        "Without `timeout` this wait never times out.",
    ),
    "match and within": (
        "- wait_network: {network: x, match: latest, within: 6h}",
        "`match: latest` and `within` say two things.",
    ),
    "reserved name of a loop": (
        "- for_each: {items: [1], as: params, flow: []}",
        "`params` already has a meaning here.",
    ),
    "loop name twice": (
        "- for_each: {items: [1], as: x, flow: [{for_each: {items: [2], as: x, flow: []}}]}",
        "`x` already has a meaning here.",
    ),
    "register of a reserved name": (
        "- {command: 'true', register: parts}",
        "`parts` already has a meaning in every job.",
    ),
    "part inside a for-each from outside": (
        (
            "- {id: l, for_each: {items: [1], as: x, flow: [{id: a, wait_for: 1s}]}}\n"
            "- {wait_for: 1s, when: parts.a.normal}"
        ),
        "`a` runs once for each item of `l`. Write parts.l.by_key['KEY'].parts.a.",
    ),
    "inherited word on a wait": (
        "- {wait_for: 1s, become: true}",
        "`become` is not known here. It belongs on a unit job, a block or the network.",
    ),
    "task keyword beside tasks": (
        "- {tasks: [{debug: {}}], register: x}",
        "`register` belongs to a task and cannot stand beside `tasks`.",
    ),
    "playbook with a task keyword": (
        "- {playbook: x.yml, loop: [1]}",
        "A playbook is run as it is and takes no `loop`.",
    ),
    "missing playbook": ("- playbook: none.yml", "There is no playbook"),
    "computed playbook": ("- playbook: '{{ x }}.yml'", "A playbook is named, never computed."),
    "async without poll": (
        "- {command: sleep 5, async: 10, poll: 0}",
        "With `poll: 0` nobody learns how the task ended.",
    ),
    "debugger": ("- tasks: [{debug: {}, debugger: always}]", "A debugger waits for a keyboard"),
    "prompt": (
        "- {tasks: [{debug: {}}], vars_prompt: [{name: x}]}",
        "Nobody can answer a prompt of a job.",
    ),
    "unknown builtin": (
        "- ansible.builtin.comand: 'true'",
        (
            "ansible-core has no module `ansible.builtin.comand`. "
            "Did you mean `ansible.builtin.command`?"
        ),
    ),
    "unknown job type": (
        "- job: stop_srvice",
        "No job type is called `stop_srvice`.",
    ),
    "exit codes": (
        "- {command: x, exit_codes: {warning: 3-1}}",
        'The range 3-1 is empty. Write "1-3".',
    ),
    "judgement": (
        "- {command: x, exit_codes: {warnin: '1'}}",
        "`warnin` is no judgement. Did you mean `warning`?",
    ),
    "negative retry": (
        "- {command: x, retry: {count: -1}}",
        "flow[0].retry.count: -1 is not between 0 and",
    ),
    "boolean": (
        "- {command: x, hold: maybe}",
        "'maybe' is neither yes nor no. Write true or false.",
    ),
    "day rule": (
        "- calendar_branch: {cases: [{on: {nth_openday: 1}, flow: []}], else: []}",
        "No day word is called `nth_openday`. Did you mean `nth_open_day`?",
    ),
    "no hosts in a message": ("- wait_file: {event: created}", "`path` is missing here."),
}


@pytest.mark.parametrize(("flow", "expected"), BAD.values(), ids=BAD.keys())
def test_a_bad_part_is_told_with_place_and_hint(tmp_path: Path, flow: str, expected: str) -> None:
    found = problems(tmp_path, flow)

    assert len(found) == 1, found
    assert expected in found[0]


def test_all_problems_are_told_at_once_in_the_order_of_the_text(tmp_path: Path) -> None:
    flow = """
    - wait_until: 2200
    - {wait_for: 10m, prioriti: 3}
    - dialog: {choices: {a: 0}}
    - job: nothing
    """

    found = problems(tmp_path, flow, head="overlap: skp\nlimt: 1\n")

    assert [line.split(": ", 2)[1].split(":")[0] for line in found] == [
        "overlap",
        "`limt` is not known here. Did you mean `limit`?",
        "flow[0].wait_until",
        "flow[1]",
        "flow[2].dialog",
        "flow[3].job",
    ]


def test_a_job_needs_hosts_from_somewhere(tmp_path: Path) -> None:
    text = network_of("- debug: {msg: x}").replace("hosts: web\n", "")

    (problem,) = read(tmp_path, text).problems

    assert problem.code == "no_hosts"


def test_every_part_of_a_rescue_may_read_failed(tmp_path: Path) -> None:
    flow = """
    - block: [{command: 'false'}]
      rescue:
        - {command: echo, hosts: "{{ failed.hosts }}", when: failed.exit_code > 1}
        - {wait_for: 1s, when: failed.reason}
    """

    (only,) = problems(tmp_path, flow)

    assert "`failed` has no `reason`" in only


def test_a_doubled_key_is_told_with_its_first_place(tmp_path: Path) -> None:
    (only,) = problems(tmp_path, "- wait_for: 1s\n  wait_for: 2s")

    assert only == "6:5: The key `wait_for` stands twice; first in line 5. Remove one of them."


def test_a_list_of_problems_is_bounded() -> None:
    findings = Findings()

    for index in range(PROBLEMS_MAX + 7):
        findings.add(Problem(code="x", what=str(index)))

    assert len(findings.in_order()) == PROBLEMS_MAX + 1
    assert findings.in_order()[-1].code == "too_many_problems"


WARNINGS = {
    "branch_without_else": "- branch: {cases: [{when: 'true', flow: []}]}",
    "wait_without_timeout": "- wait_file: {path: /in/orders.csv}",
    "endless_loop": "- {id: a, wait_for: 1s}\n- continue_from: a",
    "loop_without_bound": "- {id: a, wait_for: 1s}\n- {continue_from: a, until: parts.a.normal}",
    "branch_too_late": "- {id: a, command: x}\n- wait_for: 1s\n"
    "- branch: {cases: [{when: parts.a.normal, flow: []}], else: []}",
    "loop_never_repeats": "- {id: a, wait_for: 1s}\n- {continue_from: a, until: 1 == 1}",
    "never_runs": "- {command: x, when: false}",
    "lost_retry_not_safe": "- {command: x, on_lost: retry}",
    "event_without_sender": "- wait_event: {name: go, timeout: 1h}",
    "empty_network": "",
    "prompt": "- pause: {prompt: Go on?}",
    "not_yet": "- {command: x, credentials: [desk]}",
    "unknown_queue": "- {wait_for: 1s, queue: nightly}",
    "unknown_network": "- wait_network: {network: other, timeout: 1h}",
}


@pytest.mark.parametrize(("code", "flow"), WARNINGS.items())
def test_a_silent_failure_is_a_warning(tmp_path: Path, code: str, flow: str) -> None:
    text = network_of(flow) if flow else "kind: network\nname: net\nflow: []\n"

    found = lint(read(tmp_path, text))

    assert [(one.code, one.severity) for one in found] == [(code, Level.WARNING)]


def test_a_pause_for_a_time_is_fine(tmp_path: Path) -> None:
    assert not lint(read(tmp_path, network_of("- pause: {seconds: 1}\n- pause: minutes=1")))


def test_a_playbook_that_would_miss_the_vars_of_its_network_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "p.yml").write_text("[]")
    text = network_of("- playbook: p.yml\n- {playbook: p.yml, vars: {}}", head="vars: {a: 1}\n")

    found = lint(read(tmp_path, text))

    assert [(one.code, one.path) for one in found] == [("vars_not_inherited", "flow[0]")]


def test_an_empty_else_says_that_nothing_is_meant(tmp_path: Path) -> None:
    flow = "- branch: {cases: [{when: 'true', flow: []}], else: []}"

    assert not lint(read(tmp_path, network_of(flow)))


def test_a_branch_right_behind_the_part_it_judges_is_fine(tmp_path: Path) -> None:
    flow = """
    - {id: a, command: x}
    - branch: {cases: [{when: parts.a.abnormal, flow: []}], else: []}
    - {wait_for: 1s, when: parts.a.normal}
    """

    assert not lint(read(tmp_path, network_of(flow)))
