"""A backup of a controller at work is whole, and what is restored from it goes on."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jobnet.bootstrap_care import back_up, checking, examine_database, restore, upgrade
from jobnet.engine.states import State
from jobnet.errors.storage import (
    BackupByServer,
    BackupDamaged,
    BackupNotWritten,
    DatabaseMissing,
    DatabaseTooNew,
    HomeNotEmpty,
)
from jobnet.execution.spool import make_spool, spool_path
from jobnet.ids import PartKey, RunId
from jobnet.machine.archives import writing
from jobnet.ports.findings import Grade
from jobnet.ports.server_place import ServerPlace, place_in
from jobnet.ports.store.outputs import OutputPiece
from jobnet.settings import Settings
from jobnet.storage import SqlitePlace, open_outputs, open_store

from tests.services.controller.office import Office, office
from tests.services.controller.test_controller import NIGHT, QUICK, SLOW
from tests.storage.rows import NOON, journaled, run_row

SETTINGS = Settings()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def busy(home: Path) -> Iterator[Office]:
    """Yield a controller with a run that has ended and one whose first job runs."""
    scripts = {"load": [QUICK, SLOW]}
    with office(place_in(home).folder, scripts) as working:
        working.apply(NIGHT)
        working.ended(working.start("night"))
        run = working.start("night")
        working.wait_for(run, "load", State.RUNNING)
        for each, text in ((run, "running"), (RunId("over"), "over")):
            spool = make_spool(
                spool_path(place_in(home).jobs, run=each, part=PartKey("load"), attempt=1)
            )
            spool["stdout"].write_text(text)
        yield working


def open_run(working: Office) -> RunId:
    (row,) = working.store.read(lambda tx: tx.runs.unended())
    return row.run


def test_a_controller_that_works_is_backed_up_and_restored(busy: Office, tmp_path: Path) -> None:
    run = open_run(busy)

    made = back_up(SETTINGS, place_in(tmp_path / "home"), tmp_path / "night.tar")
    done = restore(tmp_path / "night.tar", tmp_path / "new")

    place = place_in(tmp_path / "new")
    assert made.open_runs == done.open_runs == (run,)
    with checking(SETTINGS, place, writes=False) as check:
        assert check.look(runs=10).problems == ()
    spools = [each.parent.name for each in place.jobs.glob("*/*")]
    assert spools == [spool_path(place.jobs, run=run, part=PartKey("load"), attempt=1).parent.name]
    assert not place.token.exists()
    assert place.restored.read_text(), "planned starts have to know of it"


def test_a_job_that_ran_when_its_backup_was_made_is_lost_and_not_run_again(
    busy: Office, tmp_path: Path
) -> None:
    run = open_run(busy)
    back_up(SETTINGS, place_in(tmp_path / "home"), tmp_path / "night.tar.gz")

    restore(tmp_path / "night.tar.gz", tmp_path / "new")

    with office(place_in(tmp_path / "new").folder) as again:
        again.wait_for(run, "load", State.LOST)

        assert again.started() == []


def test_what_is_written_during_a_backup_is_there_as_a_whole_or_not_at_all(
    busy: Office, tmp_path: Path
) -> None:
    for number in range(5):
        for _ in range(3):
            busy.start("night")
        target = tmp_path / f"{number}.tar"
        back_up(SETTINGS, place_in(tmp_path / "home"), target)
        restore(target, tmp_path / f"new{number}")

        with checking(SETTINGS, place_in(tmp_path / f"new{number}"), writes=False) as check:
            assert check.look(runs=100).problems == ()


@pytest.fixture
def quiet(home: Path) -> ServerPlace:
    """Return the place of a controller that has ended; a run and its output are in it."""
    place = place_in(home)
    upgrade(SETTINGS, place)
    store = open_store(SqlitePlace(path=place.database))
    store.write(lambda tx: tx.runs.add(run_row("over", state=State.NORMAL, ended=NOON)))
    store.close()
    outputs = open_outputs(SqlitePlace(path=place.outputs, is_synced=False))
    piece = OutputPiece(
        run=RunId("over"), part=PartKey("a"), attempt=1, offset=0, text="said\n", at=NOON
    )
    outputs.append([piece])
    outputs.close()
    return place


def test_what_jobs_printed_is_restored(quiet: ServerPlace, tmp_path: Path) -> None:
    back_up(SETTINGS, quiet, tmp_path / "a.tar")

    restore(tmp_path / "a.tar", tmp_path / "new")

    outputs = open_outputs(SqlitePlace(path=place_in(tmp_path / "new").outputs))
    found = outputs.read(RunId("over"), PartKey("a"), 1, offset=0, limit=99)
    outputs.close()
    assert found.text == "said\n"


def test_copies_of_projects_are_restored_with_their_links(
    quiet: ServerPlace, tmp_path: Path
) -> None:
    copy = quiet.folder / "snapshots" / "abc"
    copy.mkdir(parents=True)
    (copy / "load.yml").write_text("- hosts: all")
    (copy / "collections").symlink_to(tmp_path / "live")

    back_up(SETTINGS, quiet, tmp_path / "a.tar")
    restore(tmp_path / "a.tar", tmp_path / "new")

    again = place_in(tmp_path / "new").folder / "snapshots" / "abc"
    assert (again / "load.yml").read_text() == "- hosts: all"
    assert (again / "collections").readlink() == tmp_path / "live"


def test_a_home_that_is_not_empty_is_refused(quiet: ServerPlace, tmp_path: Path) -> None:
    back_up(SETTINGS, quiet, tmp_path / "a.tar")
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine").write_text("mine")

    with pytest.raises(HomeNotEmpty):
        restore(tmp_path / "a.tar", taken)

    assert [each.name for each in taken.iterdir()] == ["mine"]


def test_a_home_in_which_a_restore_was_cut_off_is_as_good_as_empty(
    quiet: ServerPlace, tmp_path: Path
) -> None:
    back_up(SETTINGS, quiet, tmp_path / "a.tar")
    left = tmp_path / "new" / ".restoring-xyz"
    left.mkdir(parents=True)
    (left / "half").write_text("half")

    restore(tmp_path / "a.tar", tmp_path / "new")

    assert [each.name for each in (tmp_path / "new").iterdir()] == ["controller"]


def test_a_damaged_backup_leaves_the_home_empty(quiet: ServerPlace, tmp_path: Path) -> None:
    backup = tmp_path / "a.tar"
    back_up(SETTINGS, quiet, backup)
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)

    with pytest.raises(BackupDamaged):
        restore(backup, tmp_path / "new")

    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_without_a_database_is_refused(tmp_path: Path) -> None:
    with writing(tmp_path / "a.tar") as (archive, _):
        archive.finish({})

    with pytest.raises(BackupDamaged):
        restore(tmp_path / "a.tar", tmp_path / "new")


def test_a_backup_of_a_newer_jobnet_is_refused(quiet: ServerPlace, tmp_path: Path) -> None:
    store = open_store(SqlitePlace(path=quiet.database))
    newer = "UPDATE schema_version SET version_num = 'main_999'"
    store.write(lambda tx: tx.connection.driver.execute(newer))  # type: ignore[attr-defined]
    store.close()
    place = place_in(tmp_path / "newer")
    place.folder.mkdir(parents=True)
    with writing(tmp_path / "a.tar") as (archive, _):
        archive.add_file(quiet.database, "controller/jobnet.sqlite3")
        archive.finish({})

    with pytest.raises(DatabaseTooNew):
        restore(tmp_path / "a.tar", tmp_path / "new")

    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_is_never_written_over_a_file_nor_into_its_own_folder(
    quiet: ServerPlace, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_text("mine")

    for target in (tmp_path / "mine", quiet.folder / "a.tar"):
        with pytest.raises(BackupNotWritten):
            back_up(SETTINGS, quiet, target)

    assert (tmp_path / "mine").read_text() == "mine"


def test_there_is_no_backup_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        back_up(SETTINGS, place_in(tmp_path), tmp_path / "a.tar")


def test_a_server_makes_its_own_backups_and_no_password_is_told(tmp_path: Path) -> None:
    settings = dataclasses.replace(SETTINGS, database="postgresql://ann:s3cret@db:5433/jobnet")

    with pytest.raises(BackupByServer) as refused:
        back_up(settings, place_in(tmp_path), Path("night.dump"))

    command = "pg_dump --format=custom --file=night.dump postgresql://ann@db:5433/jobnet"
    assert refused.value.command == command


def test_the_tables_are_brought_up_to_date_once(home: Path) -> None:
    place = place_in(home)

    first = upgrade(SETTINGS, place)
    second = upgrade(SETTINGS, place)

    assert first[0] == ""
    assert second == (first[1], first[1])


def test_a_check_finds_journals_and_rows_that_are_not_as_they_ought_to_be(
    quiet: ServerPlace,
) -> None:
    store = open_store(SqlitePlace(path=quiet.database))
    store.write(lambda tx: tx.runs.add(run_row("gap")))
    store.turn(RunId("gap"), lambda turn: journaled(turn, "{}", "{}"), inputs_max=1)
    gone = "DELETE FROM journal_entry WHERE position = 1"
    store.write(lambda tx: tx.connection.driver.execute(gone))  # type: ignore[attr-defined]
    store.close()

    with checking(SETTINGS, quiet, writes=False) as check:
        found = check.look(runs=10)

    assert found.replayed == 2
    assert [line.partition(":")[0] for line in found.problems] == ["gap", "gap"]


def test_doctor_tells_of_the_database(quiet: ServerPlace) -> None:
    (sound,) = examine_database(SETTINGS, quiet)
    with closing(sqlite3.connect(quiet.database)) as connection, connection:
        connection.execute("INSERT INTO file_wait VALUES ('nobody', 'a', 1, '{}')")
    (bad,) = examine_database(SETTINGS, quiet)
    quiet.database.write_bytes(b"no database" * 1000)
    (rubbish,) = examine_database(SETTINGS, quiet)

    assert (sound.grade, bad.grade, rubbish.grade) == (Grade.OK, Grade.BAD, Grade.BAD)
    assert bad.advice == "jobnet db check tells all"


def test_doctor_says_nothing_where_no_controller_ever_was(tmp_path: Path) -> None:
    assert list(examine_database(SETTINGS, place_in(tmp_path))) == []


def test_a_file_that_is_damaged_is_found(quiet: ServerPlace) -> None:
    with closing(sqlite3.connect(quiet.database)) as connection, connection:
        connection.execute("INSERT INTO file_wait VALUES ('nobody', 'a', 1, '{}')")

    with checking(SETTINGS, quiet, writes=False) as check:
        found = check.look(runs=0)

    assert found.problems == ("the file: row 1 of file_wait belongs to nothing in run",)


def test_all_runs_are_mended_and_what_cannot_be_is_told(busy: Office, tmp_path: Path) -> None:
    assert open_run(busy)
    back_up(SETTINGS, place_in(tmp_path / "home"), tmp_path / "a.tar")
    restore(tmp_path / "a.tar", tmp_path / "new")
    place = place_in(tmp_path / "new")
    store = open_store(SqlitePlace(path=place.database))
    store.write(lambda tx: tx.connection.driver.execute("UPDATE run SET round = 9"))  # type: ignore[attr-defined]
    store.write(lambda tx: tx.runs.add(run_row("gap")))
    store.turn(RunId("gap"), lambda turn: journaled(turn, "{}"), inputs_max=1)
    store.close()

    with checking(SETTINGS, place, writes=True) as check:
        mended = list(check.mend_all())
        left = list(check.mend_all())

    assert sorted(each.what for each in mended) == [(), ("row",), ("row",)]
    assert [each.run for each in left] == ["gap"]
