"""The clock, files, folders and history of a real machine."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest
from jobnet.errors.play import JournalNotWritten, RunFolderNotMade
from jobnet.ids import NetworkName
from jobnet.machine import (
    HistoryFile,
    JournalFile,
    MachineClock,
    MachineFiles,
    Pieces,
    Threads,
    make_run_folder,
    state_home,
)
from jobnet.machine.history import REMEMBERED
from jobnet.machine.run_folder import RUNS_KEPT

NIGHT = NetworkName("payroll/night")
DAY = date(2026, 5, 29)
MAY = datetime(2026, 5, 29, 12, tzinfo=UTC)


def test_the_clock_starts_where_it_is_told_and_then_goes_on() -> None:
    clock = MachineClock(MAY)

    first, second = clock.now(), clock.now()

    assert MAY <= first <= second < MAY + timedelta(minutes=1)


def test_a_jump_moves_the_clock_but_not_the_real_seconds() -> None:
    clock = MachineClock(MAY)
    before = clock.real_seconds()

    clock.jump(MAY + timedelta(hours=3))
    clock.jump(MAY)

    assert clock.now() >= MAY + timedelta(hours=3)
    assert clock.real_seconds() - before < 60


def test_a_wait_ends_with_the_item_or_at_its_instant() -> None:
    clock = MachineClock()
    inbox: SimpleQueue[str] = SimpleQueue()
    threading.Timer(0.05, lambda: inbox.put("hello")).start()

    assert clock.wait(inbox, None) == "hello"
    assert clock.wait(inbox, clock.now() + timedelta(seconds=0.05)) is None
    assert clock.wait(inbox, clock.now() - timedelta(seconds=5)) is None


def test_a_look_says_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    looker = MachineFiles()
    assert not looker.look(str(file)).exists

    file.write_text("abc")
    look = looker.look(str(file))

    assert (look.exists, look.size, look.error) == (True, 3, "")
    assert look.inode == file.stat().st_ino


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "loop"])
def test_a_look_that_fails_is_not_absent(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")

    look = MachineFiles().look(str(tmp_path / name))

    assert look.error
    assert not look.exists


def test_a_dangling_link_and_a_path_below_a_file_are_absent(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "file").touch()

    for name in ("link", "file/below", "no/such/folder"):
        look = MachineFiles().look(str(tmp_path / name))
        assert (look.exists, look.error) == (False, "")


def test_a_change_gives_a_hint(tmp_path: Path) -> None:
    hinted = threading.Event()
    stop = MachineFiles().watch(str(tmp_path / "orders.csv"), hinted.set)
    touched = 0
    try:
        while not hinted.wait(0.2) and touched < 100:  # the watch begins on a thread of its own
            (tmp_path / "orders.csv").write_text(str(touched))
            touched += 1
    finally:
        stop()
        stop()

    assert hinted.is_set()


def test_a_folder_that_is_not_there_gives_no_hint_and_no_error(tmp_path: Path) -> None:
    MachineFiles().watch(str(tmp_path / "no/orders.csv"), lambda: None)()


def test_what_was_kept_is_in_the_file_and_another_journal_is_never_touched(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "journal.jsonl")
    journal.keep(["one", "two"])
    journal.keep(["three"])

    assert (tmp_path / "journal.jsonl").read_text() == "one \ntwo\nthree\n"
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0
    with pytest.raises(JournalNotWritten):
        JournalFile(tmp_path / "journal.jsonl")
    journal.close()


@pytest.mark.parametrize("cut", range(1, len("four \nfive\n")))
def test_half_a_batch_of_a_crash_is_taken_away_as_a_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.jsonl"
    journal = JournalFile(path)
    journal.keep(["one", "two"])
    journal.keep(["three"])
    journal.close()
    with path.open("a") as file:
        file.write("four \nfive\n"[:cut])

    again = JournalFile(path, is_again=True)
    again.keep(["six"])
    again.close()

    assert path.read_text() == "one \ntwo\nthree\nsix\n"


@pytest.mark.parametrize("text", ["", "one", " \n", "one \n", "\n", "x" * 200_000])
def test_a_journal_without_a_whole_batch_is_empty_or_as_it_was(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(text)

    JournalFile(path, is_again=True).close()

    assert path.read_text() == ("\n" if text == "\n" else "")


def test_a_batch_that_does_not_fit_leaves_no_half_of_itself(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from jobnet.errors.play import JournalNotWritten\n"
        "from jobnet.machine import JournalFile\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "journal = JournalFile(Path(sys.argv[1]))\n"
        "journal.keep(['short'])\n"
        "try:\n"
        "    journal.keep(['x' * 600, 'y' * 600])\n"
        "except JournalNotWritten as error:\n"
        "    print(error)\n"
    )
    path = tmp_path / "journal.jsonl"

    told = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip

    assert "File too large" in told.stdout
    assert "set JOBNET_HOME" in told.stdout
    assert path.read_text() == "short\n"
    assert resource.RLIM_INFINITY


def test_the_history_is_the_median_of_the_latest(tmp_path: Path) -> None:
    history = HistoryFile(tmp_path / "history.sqlite3")
    assert history.usual(NIGHT, "dump") is None

    for seconds in (1000, *range(REMEMBERED)):
        history.remember(NIGHT, [("dump", timedelta(seconds=seconds)), ("", timedelta(hours=1))])

    assert history.usual(NIGHT, "dump") == timedelta(seconds=(REMEMBERED - 1) / 2)
    assert history.usual(NIGHT, "other") is None
    assert history.usual(NetworkName("other"), "dump") is None
    with sqlite3.connect(tmp_path / "history.sqlite3") as file:
        assert file.execute("SELECT count(*) FROM duration").fetchone() == (2 * REMEMBERED,)
    file.close()


def test_a_history_that_is_broken_knows_nothing_and_stops_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "history.sqlite3"
    broken.write_bytes(b"this is no database" * 100)
    nowhere = tmp_path / "no" / "history.sqlite3"

    for path in (broken, nowhere):
        history = HistoryFile(path)
        history.remember(NIGHT, [("dump", timedelta(seconds=1))])
        assert history.usual(NIGHT, "dump") is None


def test_runs_of_one_minute_get_names_of_their_own(tmp_path: Path) -> None:
    made = [
        make_run_folder(tmp_path, network=NIGHT, operating_day=DAY, at="2155", keep=False).run
        for _ in range(3)
    ]

    stem = "payroll.night-2026-05-29-2155"
    assert made == [stem, f"{stem}-2", f"{stem}-3"]
    assert (tmp_path / "runs" / stem).stat().st_mode & 0o077 == 0


def test_old_runs_give_way_but_not_those_to_keep_under_way_or_of_others(tmp_path: Path) -> None:
    def run(network: str, *, keep: bool = False, over: bool = True) -> Path:
        made = make_run_folder(
            tmp_path, network=NetworkName(network), operating_day=DAY, at="2155", keep=keep
        )
        if over:
            made.pieces.keep_result("{}")
        return made.pieces.folder

    kept, under_way, other = run("night", keep=True), run("night", over=False), run("night-2")
    first = run("night")
    os.utime(first, (1, 1))

    for _ in range(RUNS_KEPT):
        run("night")

    assert not first.exists()
    assert kept.exists()
    assert under_way.exists()
    assert other.exists()
    assert len(list((tmp_path / "runs").glob("night-2026*"))) == RUNS_KEPT + 2


def test_a_home_that_was_asked_for_must_be_writable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert state_home(str(tmp_path / "new")) == tmp_path / "new"
    with pytest.raises(RunFolderNotMade, match="set JOBNET_HOME"):
        state_home(str(tmp_path / "file" / "below"))


@pytest.mark.parametrize("home", ["/proc/nowhere", ""])
def test_without_a_home_the_pieces_lie_in_a_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("XDG_STATE_HOME", home or "/proc/nowhere")
    monkeypatch.setenv("HOME", home)

    found = state_home("")

    assert found.parent == tmp_path
    assert found.is_dir()


def test_only_artifacts_of_the_run_may_leave(tmp_path: Path) -> None:
    pieces = Pieces(folder=tmp_path / "run")
    artifacts = pieces.jobs / "r" / "dump.1" / "artifacts"
    artifacts.mkdir(parents=True)
    (artifacts / "report.xlsx").write_text("x")
    (artifacts / "huge").touch()
    os.truncate(artifacts / "huge", 11 * 1024 * 1024)
    (artifacts / "out").symlink_to("/etc/passwd")
    os.mkfifo(artifacts / "pipe")
    (artifacts.parent / "stdout").write_text("secret")

    found = pieces.attachment(str(artifacts / "report.xlsx"))

    assert not isinstance(found, str)
    assert found.name == "report.xlsx"
    for path, says in {
        artifacts / "out": "no artifact",
        artifacts.parent / "stdout": "no artifact",
        artifacts / "gone": "is not there",
        artifacts / "pipe": "no plain file",
        artifacts / "huge": "larger than",
        Path("/etc/passwd"): "no artifact",
    }.items():
        refusal = pieces.attachment(str(path))
        assert isinstance(refusal, str)
        assert says in refusal
    assert isinstance(pieces.attachment("a\0b"), str)


def test_only_folders_inside_the_run_are_discarded(tmp_path: Path) -> None:
    pieces = Pieces(folder=tmp_path / "run")
    inside, outside = pieces.jobs / "look", tmp_path / "other"
    inside.mkdir(parents=True)
    outside.mkdir()

    for folder in (inside, outside):
        pieces.discard(str(folder))
    pieces.discard("")
    pieces.discard(str(pieces.jobs / ".." / ".." / "other"))

    assert not inside.exists()
    assert outside.exists()
    assert pieces.jobs.exists()


def test_work_aside_is_waited_for_within_bounds() -> None:
    threads = Threads()
    done, never = threading.Event(), threading.Event()
    threads.aside(done.set)
    assert threads.join(seconds_max=10)
    assert done.is_set()

    def hang() -> None:
        never.wait(60)

    threads.aside(hang)

    assert not threads.join(seconds_max=0.05)
    never.set()
    assert threads.join(seconds_max=10)
