"""File waits of a controller: told what changes, and only that; looked at anew after a start."""

from pathlib import Path

from jobnet.engine.facts import FilesLooked
from jobnet.engine.states import State
from jobnet.ids import RunId

from tests.services.controller.office import Office, office, wait_until

WAITS = """
    kind: network
    name: waits
    flow:
      - name: arrives
        id: arrives
        wait_file: {path: PATH, event: created, poll: 1s}
"""


def waiting(here: Office, file: Path, more: str = "") -> RunId:
    here.apply(WAITS.replace("PATH", str(file)).replace("poll: 1s", f"poll: 1s{more}"))
    run = here.start("waits")
    here.wait_for(run, "arrives", State.WAITING)
    return run


def looks_in(here: Office, run: RunId) -> int:
    entries = here.store.read(lambda tx: tx.runs.entries(run, 0))
    return sum(entry.kind == FilesLooked.__name__ for entry in entries)


def test_a_file_that_is_made_ends_its_wait(tmp_path: Path) -> None:
    with office(tmp_path / "home") as here:
        file = tmp_path / "ready"
        run = waiting(here, file)
        wait_until(lambda: looks_in(here, run))

        file.touch()

        assert here.ended(run).state is State.NORMAL
        assert not here.store.read(lambda tx: tx.errands.file_waits())


def test_looks_that_see_the_same_are_told_once(tmp_path: Path) -> None:
    with office(tmp_path / "home") as here:
        run = waiting(here, tmp_path / "ready")
        wait_until(lambda: looks_in(here, run))
        position, looks = here.row(run).position, here.files.looks

        wait_until(lambda: here.files.looks >= looks + 2)

        assert here.row(run).position == position


def test_a_wait_is_looked_at_by_the_next_process_and_compared_with_the_first_look(
    tmp_path: Path,
) -> None:
    file = tmp_path / "ready"
    with office(tmp_path / "home") as before:
        run = waiting(before, file)
        wait_until(lambda: looks_in(before, run))
    file.touch()

    with office(tmp_path / "home") as after:
        assert after.ended(run).state is State.NORMAL


def test_a_file_that_settles_ends_its_wait_though_nothing_new_is_seen(tmp_path: Path) -> None:
    with office(tmp_path / "home") as here:
        file = tmp_path / "ready"
        run = waiting(here, file, ", settle: 1s")
        wait_until(lambda: looks_in(here, run))

        file.touch()

        assert here.ended(run).state is State.NORMAL


def test_a_check_run_looks_at_no_file(tmp_path: Path) -> None:
    with office(tmp_path / "home") as here:
        here.apply(WAITS.replace("PATH", str(tmp_path / "ready")))

        run = here.start("waits", check=True)

        assert here.ended(run).state is State.NORMAL


def test_a_wait_that_is_cancelled_is_looked_at_no_more(tmp_path: Path) -> None:
    with office(tmp_path / "home") as here:
        run = waiting(here, tmp_path / "ready")

        here.order(run, "cancel", part="arrives")

        here.ended(run)
        wait_until(lambda: not here.store.read(lambda tx: tx.errands.file_waits()))
