"""`jobnet import`: files of another scheduler in, documents and an honest report out."""

import errno
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from jobnet.cli import import_command
from jobnet.cli.entry import run

CRONTAB = "# Nightly\n30 2 * * * /opt/backup.sh\n@reboot /opt/warm-up\n"
GOOD = "[Timer]\nOnCalendar=daily UTC\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ansible.cfg").touch()
    (tmp_path / "tab").write_text(CRONTAB)
    (tmp_path / "x.timer").write_text(GOOD)
    (tmp_path / "awx.json").write_text('{"job_templates": [{"name": "a", "playbook": "a.yml"}]}')
    (tmp_path / "a.yml").write_text("- hosts: all\n  tasks: []\n")
    return tmp_path


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.yml"))


@pytest.mark.parametrize(
    ("words", "status", "files"),
    [
        (["crontab", "tab", "--hosts", "db"], 3,
         ["nightly.network.yml", "nightly.schedule.yml"]),
        (["systemd", "x.timer"], 0, ["x.network.yml", "x.schedule.yml"]),
        (["awx", "awx.json", "--playbooks", ".."], 0, ["a.network.yml"]),
    ],
    ids=["crontab", "systemd", "awx"],
)  # fmt: skip
def test_what_is_written_passes_lint_and_the_status_says_whether_all_was_carried(
    folder: Path, words: Sequence[str], status: int, files: list[str]
) -> None:
    assert run(["import", *words, "--to", "out"]) == status

    assert written(folder / "out") == files
    assert run(["lint", "--no-inventory", "out"]) == 0


@pytest.mark.usefixtures("folder")
def test_the_report_tells_what_was_left_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "crontab", "tab", "--to", "out"])

    told = capsys.readouterr().out
    assert "Carried:\n  tab:2: nightly: network and schedule, cron: 30 2 * * *\n" in told
    assert "Not carried:\n  tab:3: warm-up: @reboot" in told
    assert told.endswith("2 files written to out; not carried: 1.\nnext:   jobnet lint out\n")


@pytest.mark.usefixtures("folder")
def test_json_is_one_document_with_every_remark(capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "crontab", "tab", "--to", "out", "-o", "json"])

    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 1
    assert told["written"] == ["out/nightly.network.yml", "out/nightly.schedule.yml"]
    assert told["counts"] == {"carried": 1, "changed": 2, "left": 1, "passed_over": 0}
    assert {remark["outcome"] for remark in told["remarks"]} == {"carried", "changed", "left"}


def test_files_that_are_there_are_replaced_only_when_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["import", "crontab", "tab", "--to", "out"])
    mine = folder / "out/nightly.network.yml"
    mine.write_text("mine\n")
    (folder / "out/nightly.schedule.yml").unlink()

    assert run(["import", "crontab", "tab", "--to", "out"]) == 1
    assert mine.read_text() == "mine\n"
    assert written(folder / "out") == ["nightly.network.yml"]
    assert "out/nightly.network.yml" in capsys.readouterr().err

    assert run(["import", "crontab", "tab", "--to", "out", "--force"]) == 3
    assert "kind: network" in mine.read_text()


def test_a_link_in_the_folder_is_replaced_and_never_written_through(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "elsewhere").write_text("theirs\n")
    (folder / "out/nightly.network.yml").symlink_to(folder / "elsewhere")

    run(["import", "crontab", "tab", "--to", "out", "--force"])

    assert (folder / "elsewhere").read_text() == "theirs\n"
    assert not (folder / "out/nightly.network.yml").is_symlink()


def test_a_crontab_is_read_from_stdin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"@daily work\n")))

    assert run(["import", "crontab", "-", "--to", "out"]) == 0

    assert written(folder / "out") == ["work.network.yml", "work.schedule.yml"]


def test_the_column_of_users_can_be_named(folder: Path) -> None:
    (folder / "tab").write_text("@daily ann work\n")

    run(["import", "crontab", "tab", "--to", "out", "--user-column", "--timezone", "Asia/Tokyo"])

    assert "become_user: ann" in (folder / "out/work.network.yml").read_text()
    assert "timezone: Asia/Tokyo" in (folder / "out/work.schedule.yml").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["crontab", "missing"], "import_file_unread"),
        (["crontab", "."], "import_file_unread"),
        (["crontab", "binary"], "import_file_unread"),
        (["systemd", "zeros"], "import_file_unread"),
        (["awx", "tab"], "not_an_export"),
        (["awx", "cut.json"], "not_an_export"),
        (["crontab", "tab", "--timezone", "No/Land"], "zone_unknown"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: str
) -> None:
    (folder / "binary").write_bytes(b"\x80\x81\xff")
    (folder / "zeros").write_bytes(b"[Timer]\0")
    (folder / "cut.json").write_text('{"job_templates": [{"name": "a", "pl')

    assert run(["import", *words, "--to", "out", "-o", "json"]) == 1

    assert json.loads(capsys.readouterr().out)["error"]["code"] == code
    assert not (folder / "out").exists()


@pytest.mark.usefixtures("folder")
def test_a_file_beyond_the_bound_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_command, "FILE_BYTES_MAX", 10)

    assert run(["import", "crontab", "tab", "--to", "out"]) == 1

    assert "more than 10 bytes" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_folder_that_cannot_be_written_to_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "crontab", "tab", "--to", "tab/out"]) == 1

    assert "was not written" in capsys.readouterr().err


def test_a_write_that_breaks_off_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Path.write_text

    def full(path: Path, text: str, encoding: str | None = None) -> int:
        if path.name.endswith(".schedule.yml"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(path, text, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", full)

    assert run(["import", "crontab", "tab", "--to", "out"]) == 1

    assert "No space left on device" in capsys.readouterr().err
    assert list((folder / "out").iterdir()) == []
