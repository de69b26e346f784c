"""A backup file is whole or refused, and leads nowhere else."""

import io
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from jobnet.errors.storage import BackupDamaged, BackupNotWritten
from jobnet.machine.archives import MANIFEST, extract, writing


def written(folder: Path, name: str = "night.tar") -> Path:
    """Write a backup of a small tree."""
    tree = folder / "tree"
    (tree / "deep").mkdir(parents=True)
    (tree / "deep" / "text").write_text("said")
    (tree / "program").write_text("#!/bin/sh")
    (tree / "program").chmod(0o755)
    (tree / "link").symlink_to("/nowhere")
    target = folder / name
    with writing(target) as (archive, _):
        archive.add_tree(tree, "jobs")
        archive.finish({"made_at": "today"})
    return target


@pytest.mark.parametrize("name", ["night.tar", "night.tar.gz"])
def test_what_was_added_comes_out_again(tmp_path: Path, name: str) -> None:
    backup = written(tmp_path, name)
    out = tmp_path / "out"
    out.mkdir()

    manifest = extract(backup, out)

    assert manifest["made_at"] == "today"
    assert (out / "jobs/deep/text").read_text() == "said"
    assert (out / "jobs/program").stat().st_mode & stat.S_IXUSR
    assert str((out / "jobs/link").readlink()) == "/nowhere"


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_else(tmp_path: Path) -> None:
    backup = written(tmp_path)

    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["night.tar", "tree"]


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "night.tar"

    with pytest.raises(ZeroDivisionError), writing(target):
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["taken", "missing/night.tar"])
def test_a_name_that_cannot_be_had_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").write_text("mine")

    with pytest.raises(BackupNotWritten), writing(tmp_path / name):
        pass

    assert (tmp_path / "taken").read_text() == "mine"


def test_what_vanishes_or_is_no_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    target = tmp_path / "night.tar"

    with writing(target) as (archive, _):
        added = [archive.add_file(tmp_path / name, name) for name in ("gone", "there", ".")]
        archive.finish({})

    assert added == [False, True, False]


def damaged(backup: Path, how: Callable[[bytearray], None]) -> Path:
    data = bytearray(backup.read_bytes())
    how(data)
    backup.write_bytes(data)
    return backup


def _cut(data: bytearray) -> None:
    del data[len(data) // 5 :]


def _flip(data: bytearray) -> None:
    data[data.index(b"said")] ^= 1


def _empty(data: bytearray) -> None:
    data.clear()


def _rubbish(data: bytearray) -> None:
    data[:] = b"no backup at all" * 4096


@pytest.mark.parametrize("name", ["night.tar", "night.tar.gz"])
@pytest.mark.parametrize("how", [_cut, _empty, _rubbish])
def test_a_file_that_is_no_whole_backup_is_refused(
    tmp_path: Path, name: str, how: Callable[[bytearray], None]
) -> None:
    backup = damaged(written(tmp_path, name), how)
    (tmp_path / "out").mkdir()

    with pytest.raises(BackupDamaged):
        extract(backup, tmp_path / "out")


def test_one_bit_that_is_other_than_written_is_found(tmp_path: Path) -> None:
    backup = damaged(written(tmp_path), _flip)
    (tmp_path / "out").mkdir()

    with pytest.raises(BackupDamaged) as refused:
        extract(backup, tmp_path / "out")

    assert "jobs/deep/text" in refused.value.problem


def hostile(folder: Path, *members: tarfile.TarInfo, manifest: object = None) -> Path:
    backup = folder / "hostile.tar"
    with tarfile.open(backup, "w") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
        text = json.dumps(manifest).encode()
        last = tarfile.TarInfo(MANIFEST)
        last.size = len(text)
        tar.addfile(last, io.BytesIO(text))
    return backup


def member(name: str, *, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


@pytest.mark.parametrize(
    "members",
    [
        [member("../evil")],
        [member("/nowhere/jobnet-evil")],
        [member("a/../../evil")],
        [member("link", kind=tarfile.SYMTYPE, target="/etc")],
        [member("hard", kind=tarfile.LNKTYPE, target="/etc/passwd")],
        [member("device", kind=tarfile.CHRTYPE)],
        [member("twice"), member("twice")],
        [member("not in the manifest")],
    ],
)
def test_a_file_that_was_made_to_do_harm_is_refused(
    tmp_path: Path, members: list[tarfile.TarInfo]
) -> None:
    backup = hostile(tmp_path, *members, manifest={"format": 1, "files": [], "links": []})
    (tmp_path / "out").mkdir()

    with pytest.raises(BackupDamaged):
        extract(backup, tmp_path / "out")

    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    "links",
    [
        [{"name": "../evil", "target": "/etc"}],
        [{"name": "a", "target": ".."}, {"name": "a/jobnet-evil", "target": "/etc"}],
    ],
)
def test_links_that_lead_elsewhere_are_refused(tmp_path: Path, links: list[object]) -> None:
    backup = hostile(tmp_path, manifest={"format": 1, "files": [], "links": links})
    (tmp_path / "out").mkdir()

    with pytest.raises(BackupDamaged):
        extract(backup, tmp_path / "out")

    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "jobnet-evil").is_symlink()


@pytest.mark.parametrize("manifest", [None, [], 7, {"format": 2}, {"format": 1}, "text"])
def test_a_manifest_that_says_something_else_is_refused(tmp_path: Path, manifest: object) -> None:
    backup = hostile(tmp_path, manifest=manifest)
    (tmp_path / "out").mkdir()

    with pytest.raises(BackupDamaged):
        extract(backup, tmp_path / "out")
