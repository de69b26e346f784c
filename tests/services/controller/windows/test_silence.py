"""Alerts about what a window covers are not sent while it is open; they are counted."""

from datetime import timedelta
from pathlib import Path

from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.schedules.windows import WindowTargets
from jobnet.services.controller.settings import Change
from jobnet.services.controller.windows.windows import WindowWish
from jobnet.testing import Script

from tests.services.controller.office import BOB, now, office, wait_until

FAILS = Script(seconds=0.3, result=JobResult(end=JobEnd.ENDED, exit_code=4, ansible_rc=2))
DOCUMENTS = """
    kind: notification
    name: night_shift
    to: [{mail: shift@example.com}]
    on: [abnormal]
    ---
    kind: network
    name: night
    flow:
      - {name: load, id: load, hosts: db, tasks: [{ansible.builtin.ping: {}}]}
"""


def test_an_alert_about_a_run_that_failed_in_a_window_is_counted_and_not_sent(
    tmp_path: Path,
) -> None:
    with office(tmp_path, {"load": FAILS}) as here:
        here.apply(DOCUMENTS)
        run = here.start("night")
        here.wait_for(run, "load", State.RUNNING)
        targets = WindowTargets(hosts="db")
        wish = WindowWish(name="disks", last=now() + timedelta(hours=1), targets=targets)
        here.controller.windows.open_by_hand(wish, Change(by=BOB))

        here.ended(run)
        wait_until(lambda: not here.store.read(lambda tx: tx.errands.messages()))

        shown = here.controller.windows.show(now(), now() + timedelta(hours=1))
        assert shown.windows[0].silenced == 1
        assert not here.letters.sent


def test_an_alert_about_what_no_window_covers_is_sent(tmp_path: Path) -> None:
    with office(tmp_path, {"load": FAILS}) as here:
        here.apply(DOCUMENTS)
        targets = WindowTargets(hosts="web")
        wish = WindowWish(name="disks", last=now() + timedelta(hours=1), targets=targets)
        here.controller.windows.open_by_hand(wish, Change(by=BOB))

        here.ended(here.start("night"))
        wait_until(lambda: here.letters.sent)

        shown = here.controller.windows.show(now(), now() + timedelta(hours=1))
        assert shown.windows[0].silenced == 0
