import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.execution.adoption import SpoolFacts, Standing, look, standing
from jobnet.execution.spool import (
    RESULT,
    STARTED,
    Spool,
    boot_id,
    is_locked,
    make_spool,
    mark_started,
    spool_path,
    take_lock,
    write_whole,
)
from jobnet.ids import PartKey, RunId

RUN = RunId("run-1")
KEYS = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=200)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return make_spool(tmp_path / "run" / "part.1")


@pytest.mark.parametrize(
    ("started", "locked", "result", "this_boot", "expected"),
    [
        (False, False, False, False, Standing.NOT_RUN),
        (False, True, False, False, Standing.RUNNING),
        (True, True, False, True, Standing.RUNNING),
        (True, True, True, True, Standing.RUNNING),
        (True, False, True, True, Standing.ENDED),
        (True, False, True, False, Standing.ENDED),
        (True, False, False, True, Standing.LOST),
        (True, False, False, False, Standing.LOST),
        (True, True, False, False, Standing.LOST),
    ],
)
def test_the_spool_alone_says_how_an_attempt_stands(
    *, started: bool, locked: bool, result: bool, this_boot: bool, expected: Standing
) -> None:
    facts = SpoolFacts(
        is_started=started, is_locked=locked, has_result=result, is_this_boot=this_boot
    )

    assert standing(facts) is expected


@given(facts=st.builds(SpoolFacts, **dict.fromkeys(SpoolFacts.__slots__, st.booleans())))
def test_what_was_started_is_never_called_not_run(facts: SpoolFacts) -> None:
    found = standing(facts)

    assert (found is Standing.NOT_RUN) == (not facts.is_started and not facts.is_locked)


def test_a_new_spool_was_not_run(spool: Spool) -> None:
    assert standing(look(spool)) is Standing.NOT_RUN


def test_a_held_lock_means_running_and_asking_does_not_take_it(spool: Spool) -> None:
    lock = take_lock(spool)
    mark_started(spool)

    during = [standing(look(spool)) for _ in range(3)]
    os.close(lock)

    assert during == [Standing.RUNNING] * 3
    assert standing(look(spool)) is Standing.LOST


def test_a_result_counts_when_the_lock_is_free(spool: Spool) -> None:
    mark_started(spool)

    write_whole(spool[RESULT], "{}")

    assert standing(look(spool)) is Standing.ENDED


def test_a_lock_dies_with_its_process(spool: Spool) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from jobnet.execution.spool import Spool, take_lock\n"
        f"take_lock(Spool(folder=Path({str(spool.folder)!r})))\nprint('held', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        during = is_locked(spool)
        process.kill()
        process.wait(timeout=10)

    assert during
    assert not is_locked(spool)


def test_an_attempt_is_started_once_only(spool: Spool) -> None:
    assert mark_started(spool)
    assert not mark_started(spool)
    assert boot_id() in spool[STARTED].read_text()


def test_an_unreadable_started_is_of_no_known_boot(spool: Spool) -> None:
    spool[STARTED].write_text("{")

    assert not look(spool).is_this_boot


def test_a_spool_is_private_and_made_once(spool: Spool) -> None:
    assert spool.folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(FileExistsError):
        make_spool(spool.folder)


@given(one=KEYS, other=KEYS)
def test_each_part_has_a_folder_of_its_own_below_the_root(one: str, other: str) -> None:
    root = Path("/spool")

    first, second = (
        spool_path(root, run=RUN, part=PartKey(key), attempt=1) for key in (one, other)
    )

    assert (first == second) == (one == other)
    assert first.parent == Path("/spool/run-1")
    assert first.name not in {".", ".."}
    assert len(first.name.encode()) < 100


def test_attempts_do_not_share_a_folder() -> None:
    paths = {spool_path(Path("/s"), run=RUN, part=PartKey("p"), attempt=n) for n in (1, 2, 11)}

    assert len(paths) == 3


def test_a_write_that_breaks_off_leaves_the_old_text(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, "old")
    path.with_name("file.part").mkdir()

    with pytest.raises(OSError, match="directory"):
        write_whole(path, "new")

    assert path.read_text() == "old"
