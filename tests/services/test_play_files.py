"""File waits of a run, on this machine and on hosts."""

from datetime import datetime, timedelta
from pathlib import Path

from jobnet.engine.states import State
from jobnet.engine.waits import FileLook

from tests.services.playing import START, Stage


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
