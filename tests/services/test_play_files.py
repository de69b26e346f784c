"""File waits of a run, on this machine and on hosts."""

from datetime import datetime, timedelta
from pathlib import Path

from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.engine.waits import FileLook
from jobnet.ids import HostName

from tests.services.playing import START, Script, Stage


def file_that_comes(after_seconds: float) -> dict[str, object]:
    def look(now: datetime) -> FileLook:
        age = (now - START).total_seconds() - after_seconds
        grown = min(3, int(age // 4))
        return FileLook(exists=age >= 0, size=10 * grown, mtime=grown, inode=1 if age >= 0 else 0)

    return {"/in/orders.csv": look}


def test_a_file_is_looked_at_each_poll_until_it_has_settled(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow: [{id: got, wait_file: {path: /in/orders.csv, poll: 5s, settle: 10s, timeout: 6h}}]
        """,
        tmp_path,
        files=file_that_comes(after_seconds=12),  # type: ignore[arg-type]
    )

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    seconds = [(look - START).total_seconds() for look in stage.looks.looked]
    assert seconds[:6] == [0, 5, 10, 15, 20, 25]
    assert ended.lasted() == 35
    assert stage.looks.changed == {}


def test_a_hint_leads_to_a_look_at_once(tmp_path: Path) -> None:
    stage = Stage(
        "{kind: network, name: night, flow:"
        " [{id: got, wait_file: {path: /in/orders.csv, poll: 1h, timeout: 6h}}]}",
        tmp_path,
        files=file_that_comes(after_seconds=12),  # type: ignore[arg-type]
    )

    def hint() -> None:
        stage.looks.changed["/in/orders.csv"]()

    stage.at(13, hint)

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    assert ended.lasted() == 13


def test_fast_forward_gives_a_file_real_looks_before_its_time_is_up(tmp_path: Path) -> None:
    stage = Stage(
        "{kind: network, name: night, flow:"
        " [{id: got, wait_file: {path: /in/orders.csv, poll: 1h, timeout: 6h}}]}",
        tmp_path,
        files={"/in/orders.csv": lambda _: FileLook()},
        fast_forward=True,
    )

    ended = stage.play()

    assert ended.part("got") is State.ABNORMAL
    assert 10 <= stage.clock.real_seconds() <= 15
    assert len(stage.looks.looked) >= 3
    assert stage.clock.jumps == [START + timedelta(hours=6)]


def test_a_file_on_hosts_is_looked_at_by_small_jobs(tmp_path: Path) -> None:
    absent = JobResult(
        end=JobEnd.ENDED, is_normal=True, exit_code=0, hosts=_stat({"exists": False}), folder="/l1"
    )
    there = JobResult(
        end=JobEnd.ENDED,
        is_normal=True,
        exit_code=0,
        hosts=_stat({"exists": True, "size": 3, "mtime": 1.5, "inode": 9, "isreg": True}),
        folder="/l2",
    )
    stage = Stage(
        "{kind: network, name: night, inventory: 'ftp1,', flow:"
        " [{id: got, wait_file: {hosts: ftp, path: /in/o.csv, poll: 30s, timeout: 6h}}]}",
        tmp_path,
        scripts={"got:look1": [Script(seconds=2, result=absent), Script(seconds=2, result=there)]},
    )

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    assert ended.lasted() == 34
    order = stage.runner.orders[0]
    assert order.inventory == ("ftp1,",)
    assert order.handed_over == {"params": {"path": "/in/o.csv"}}
    assert stage.pieces.discarded == ["/l1", "/l2"]


def _stat(found: dict[str, object]) -> dict[HostName, HostResult]:
    return {HostName("ftp1"): HostResult(state=HostState.OK, result={"stat": found})}
