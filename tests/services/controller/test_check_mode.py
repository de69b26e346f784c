"""A check run goes through by itself, whatever it would wait for."""

from pathlib import Path

from jobnet.engine.states import State
from jobnet.testing import Script

from tests.services.controller.office import office

ALL = """
    kind: network
    name: everything
    flow:
      - {name: pause, id: pause, wait_for: 5h}
      - {name: arrives, id: arrives, wait_file: {path: /nowhere/at/all, event: created}}
      - {name: got, id: got, wait_event: {name: files_ready}}
      - {name: after, id: after, wait_network: {network: other}}
      - {name: clock, id: clock, wait_until: "47:00"}
      - name: ask
        id: ask
        dialog:
          message: go on?
          choices: {yes_: 0, no_: 1}
          answer: {votes: 2}
      - {name: load, id: load, hosts: localhost, tasks: [{ansible.builtin.ping: {}}]}
      - {name: tell, id: tell, notify: {to: [a@example.com], message: done}}
"""
OTHER = """
    kind: network
    name: other
    flow:
      - {name: load, id: load, hosts: localhost, tasks: [{ansible.builtin.ping: {}}]}
"""
LOOPS = """
    kind: network
    name: loops
    flow:
      - name: ask
        id: ask
        dialog: {message: go on?, choices: {yes_: 0, no_: 1}}
      - {name: pause, id: pause, wait_for: 5h}
      - {name: again, id: again, continue_from: ask, max_times: 3, interval: 1h}
"""


def test_a_check_run_is_through_when_its_jobs_are(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0.02)}) as here:
        here.apply(ALL)
        here.apply(OTHER, "other.yml")

        run = here.start("everything", check=True)

        assert here.ended(run).state is State.NORMAL
        assert here.runner.orders[0].check
        assert here.letters.sent == []
        assert not here.store.read(lambda tx: tx.errands.of_run(run))


def test_a_loop_of_a_check_run_is_answered_each_time(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(LOOPS)

        run = here.start("loops", check=True)

        assert here.ended(run).state is State.NORMAL
