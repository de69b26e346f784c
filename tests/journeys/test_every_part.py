"""Every part of the product in one run of the real command, with real Ansible and real waits."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.playing import Played, new_project

pytestmark = pytest.mark.journey

NETWORK = """\
kind: network
name: every_part
inventory: hosts.ini
calendar: office
params:
  customers: {type: list, default: [ann, bob]}
  room: {type: str}
outputs:
  said: "{{ parts.per_customer.results | map(attribute='key') | join(' ') }}"
flow:
  - name: One task
    hosts: web
    command: echo {{ params.customers | length }}
  - name: A task list
    id: list
    hosts: h1
    tasks:
      - command: echo 7
        register: rows
      - set_stats: {data: {rows: "{{ rows.stdout | int }}"}}
  - {name: A role, id: role, hosts: h1, role: greet}
  - {name: A playbook, id: book, playbook: book.yml, hosts: h2, vars: {word: "{{ params.room }}"}}
  - name: A job type
    id: typed
    job: say
    hosts: h1
    args: {word: "{{ parts.list.outputs.rows }}"}
  - id: batch
    network: child
    params: {day: "{{ operating_day }}"}
  - id: ask
    dialog:
      message: "Go on after {{ parts.list.outputs.rows }} rows?"
      choices: {go: 0, stop: 1}
      form: {comment: {type: str, required: true}}
  - id: judge
    branch:
      cases:
        - when: parts.list.outputs.rows == 7 and parts.ask.outputs.choice == 'go'
          flow:
            - {name: Taken, id: taken, hosts: h1, debug: {msg: "{{ parts.ask.outputs.comment }}"}}
      else:
        - {name: Not taken, id: not_taken, hosts: h1, command: "false"}
  - id: day
    calendar_branch:
      cases:
        - on: {nth_open_day: -1}
          flow: [{id: last_day, wait_for: 1s}]
      else: [{id: other_day, wait_for: 1s}]
  - id: both
    parallel:
      branches:
        - name: sender
          flow:
            - {id: tell, send_event: {name: orders_ready, data: {rows: 7}, keep: 1h}}
            - {id: call, network: child, params: {day: monday}}
        - name: receiver
          flow:
            - {id: heard, wait_event: {name: orders_ready, where: event.data.rows > 5, timeout: 1m}}
            - {id: after_tell, wait_part: {part: tell, timeout: 1m}}
            - {id: after_child, wait_network: {network: child, timeout: 1m}}
        - name: files
          flow:
            - {id: local, wait_file: {path: in/here.csv, event: created, poll: 1s, timeout: 1m}}
            - id: remote
              wait_file:
                {hosts: h2, path: "{{ params.room }}.csv", existing: accept, timeout: 1m}
        - name: writer
          flow:
            - {id: later, wait_for: 1s}
            - name: Write
              id: write
              hosts: h1
              shell: "echo 1 > {{ params.room }}.csv; echo 1 > {{ jobnet_in }}/here.csv"
              vars: {jobnet_in: "{{ params.room | dirname }}/in"}
  - id: first
    any_of:
      losers: cancel
      branches:
        - flow: [{id: quick, wait_for: 1s}]
        - flow: [{id: slow, wait_for: 1h}]
  - {id: clock, wait_until: "00:00"}
  - name: Ping
    id: ping
    hosts: h1
    shell: "echo x >> {{ params.room }}.pings; test $(wc -l < {{ params.room }}.pings) -ge 3"
  - id: again
    continue_from: ping
    interval: 1s
    max_times: 5
    until: parts.ping.exit_code == 0
  - id: guarded
    block:
      - {name: Fail, id: fails, hosts: h1, command: "false"}
    rescue:
      - {name: Recover, id: recover, hosts: h1, debug: {msg: "{{ failed.part }}"}}
    always:
      - {name: Always, id: always, hosts: h1, debug: {msg: done}}
  - id: per_customer
    for_each:
      items: "{{ params.customers }}"
      as: customer
      limit: 1
      flow:
        - {name: Bill, id: bill, hosts: h1, debug: {msg: "{{ customer }}"}}
  - id: tell_room
    notify:
      to: ["{{ params.chat }}"]
      subject: Night
      message: "{{ parts.batch.outputs.echo }}"
---
kind: network
name: child
inventory: hosts.ini
params: {day: {type: str}}
outputs: {echo: "{{ params.day }}"}
flow:
  - {name: Child job, id: job, hosts: h1, debug: {msg: "{{ params.day }}"}}
---
kind: calendar
name: office
week: {open: [mon, tue, wed, thu, fri]}
---
kind: job_type
name: say
params: {word: {type: raw, required: true}}
tasks:
  - debug: {msg: "{{ word }}"}
"""


@pytest.fixture
def room() -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A chat room on the loopback address, and what it has been told."""
    told: list[dict[str, object]] = []

    class Room(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Room)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/room", told
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_network_with_every_part_runs_for_real(
    tmp_path: Path, room: tuple[str, list[dict[str, object]]]
) -> None:
    address, told = room
    project = new_project(tmp_path)
    project.write("roles/greet/tasks/main.yml", "- debug: {msg: hello from a role}\n")
    project.write("book.yml", "- hosts: all\n  tasks:\n    - debug: {msg: '{{ word }}'}\n")
    project.write("in/README", "")
    text = NETWORK.replace("  room: {type: str}", "  room: {type: path}\n  chat: {type: str}")

    played = project.play(
        text.replace("path: in/here.csv", f"path: {tmp_path}/in/here.csv"),
        *("-e", f"room={tmp_path}/room", "-e", f"chat={address}"),
        *("--answer", "ask=go", "--answer", "ask.comment=fine"),
        *("--at", "2026-05-29T21:55", "--fast-forward"),
    )

    assert played.track["state"] == "normal", played.said
    assert states(played) == EXPECTED
    assert played.part("list")["outputs"] == {"rows": 7}
    assert played.track["outputs"] == {"said": "ann bob"}
    assert played.part("ping")["iteration"] == 3
    assert sorted(played.track["recovered"]) == ["fails", "ping"]
    assert [message["message"] for message in told] == ["2026-05-29"]


def states(played: Played) -> dict[str, str]:
    """Return the state of every part."""
    return {part["key"]: part["state"] for part in played.track["parts"]}


EXPECTED = {
    "one_task": "normal",
    "list": "normal",
    "role": "normal",
    "book": "normal",
    "typed": "normal",
    "batch": "normal",
    "batch.job": "normal",
    "ask": "normal",
    "judge": "normal",
    "taken": "normal",
    "not_taken": "bypassed",
    "day": "normal",
    "last_day": "normal",
    "other_day": "bypassed",
    "both": "normal",
    "tell": "normal",
    "call": "normal",
    "call.job": "normal",
    "heard": "normal",
    "after_tell": "normal",
    "after_child": "normal",
    "local": "normal",
    "remote": "normal",
    "later": "normal",
    "write": "normal",
    "first": "normal",
    "quick": "normal",
    "slow": "cancelled",
    "clock": "normal",
    "ping": "normal",
    "again": "normal",
    "guarded": "normal",
    "fails": "abnormal",
    "recover": "normal",
    "always": "normal",
    "per_customer": "normal",
    "per_customer[ann].bill": "normal",
    "per_customer[bob].bill": "normal",
    "tell_room": "normal",
}
