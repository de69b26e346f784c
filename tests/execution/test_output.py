from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.execution.events import EventFile
from jobnet.execution.output import BoundedText
from jobnet.execution.progress import ProgressReader
from jobnet.execution.prompts import asked_for, prompt_message
from jobnet.execution.records import RecordReader
from jobnet.execution.spool import OUTPUT, RECORDS, Spool
from jobnet.ids import PartKey
from jobnet.ports.jobs import JobOutput, JobProgress


def test_a_short_text_is_kept_whole_without_colours(tmp_path: Path) -> None:
    text = BoundedText(tmp_path / "out")

    text.write("\x1b[0;32mok: [h1]\x1b[0m\r\n")
    text.write("ü\n")
    text.close()

    assert (tmp_path / "out").read_text() == "ok: [h1]\nü\n"


@given(pieces=st.lists(st.text("ab\n", max_size=30), max_size=30))
def test_head_and_tail_are_kept_and_the_rest_is_counted(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    path = tmp_path_factory.mktemp("out") / "out"
    text = BoundedText(path, head_max=20, tail_max=10)
    whole = "".join(pieces)

    for piece in pieces:
        text.write(piece)
    text.close()

    kept = path.read_text()
    assert kept.startswith(whole[:20])
    assert kept.endswith(whole[20:][-10:])
    if text.dropped_bytes:
        assert f"[... {text.dropped_bytes} bytes were cut here ...]" in kept
    else:
        assert kept == whole


def test_closing_twice_writes_once(tmp_path: Path) -> None:
    text = BoundedText(tmp_path / "out", head_max=1, tail_max=1)
    for piece in "abc":
        text.write(piece)

    text.close()
    text.close()

    assert (tmp_path / "out").read_text() == "a\n[... 1 bytes were cut here ...]\nc"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("SSH password: ", "the connection password"),
        ("BECOME password[defaults to SSH password]: ", "the become password"),
        ("Vault password (prod): ", "the vault password"),
        ("Enter passphrase for key '/k': ", "the passphrase of an ssh key"),
        (
            "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
            "the host key to be accepted",
        ),
        ("demo@far's password: ", "the ssh password"),
        ("[sudo] password for demo: ", "the sudo password"),
        ("[h1] TASK: command (debug)> ", "a debugger command"),
    ],
)
def test_a_question_for_a_keyboard_is_recognised(line: str, name: str) -> None:
    assert asked_for(line) == name


@pytest.mark.parametrize(
    "line", ["", "ok: [h1]", '"msg": "password: secret"', "TASK [Ask for SSH password: now] ***"]
)
def test_other_lines_are_no_question(line: str) -> None:
    assert asked_for(line) is None


def test_the_sentence_says_what_to_do() -> None:
    assert prompt_message("x") == "asks for x; give it in `vars`, or use a dialog"


def test_events_lose_what_may_be_secret(tmp_path: Path) -> None:
    events = EventFile(tmp_path / "events")

    events.add({"event": "playbook_on_stats", "event_data": {"artifact_data": "s3cret", "ok": 1}})
    events.add({"event_data": {"res": {"censored": "hidden", "exception": "s3cret"}}})
    events.add({"event": "EOF"})
    events.close()

    text = (tmp_path / "events").read_text()
    assert "s3cret" not in text
    assert '"ok": 1' in text
    assert events.count == 2


def test_records_are_read_once_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "records"
    reader = RecordReader(path)
    before = list(reader.new_records())
    path.write_text('{"kind": "play"}\n{"kind": "ta')
    first = list(reader.new_records())
    path.write_text('{"kind": "play"}\n{"kind": "task"}\nnot json\n[1]\n{"no": "kind"}\n')
    second = list(reader.new_records())

    assert (before, first, second) == ([], [{"kind": "play"}], [{"kind": "task"}])


def test_output_is_reported_in_whole_lines_and_all_of_it(tmp_path: Path) -> None:
    spool = Spool(folder=tmp_path)
    reader = ProgressReader(spool, part=PartKey("p"), attempt=1)

    nothing = list(reader.new_reports(is_over=False))
    spool[OUTPUT].write_bytes("one\ntwö".encode()[:-1])
    first = texts(reader, is_over=False)
    spool[OUTPUT].write_bytes("one\ntwö\nthree".encode())
    second = texts(reader, is_over=False)
    last = texts(reader, is_over=True)

    assert nothing == []
    assert (first, second, last) == (["one\n"], ["twö\n"], ["three"])


def test_a_line_without_end_is_reported_in_pieces(tmp_path: Path) -> None:
    spool = Spool(folder=tmp_path)
    spool[OUTPUT].write_text("x" * 1_000_000)
    reader = ProgressReader(spool, part=PartKey("p"), attempt=1)

    pieces = texts(reader, is_over=True)

    assert "".join(pieces) == "x" * 1_000_000
    assert max(map(len, pieces)) < 200_000


def test_tasks_and_hosts_are_reported_as_progress(tmp_path: Path) -> None:
    spool = Spool(folder=tmp_path)
    spool[RECORDS].write_text(
        '{"kind": "play"}\n{"kind": "task", "task": "t"}\n'
        '{"kind": "result", "task": "t", "host": "h", "state": "ok"}\n'
    )

    reports = list(ProgressReader(spool, part=PartKey("p"), attempt=2).new_reports(is_over=False))

    assert reports == [
        JobProgress(part=PartKey("p"), attempt=2, task="t"),
        JobProgress(part=PartKey("p"), attempt=2, task="t", host="h", state="ok"),  # type: ignore[arg-type]
    ]


def texts(reader: ProgressReader, *, is_over: bool) -> list[str]:
    return [r.text for r in reader.new_reports(is_over=is_over) if isinstance(r, JobOutput)]
