"""Runs go by a commit where there is one, and what changed meanwhile is told."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from jobnet.machine import git as git_of_the_machine
from jobnet.machine import project_copies
from jobnet.machine.project_copies import ProjectCopies
from jobnet.ports.projects import Snapshot


def git(folder: Path, *words: str) -> str:
    quiet = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", "-C", folder, *quiet, *words], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout


def repository(folder: Path, **files: str) -> Path:
    """Return a work tree with one commit."""
    top = folder / "repository"
    top.mkdir()
    for name, text in files.items():
        (top / f"{name}.yml").write_text(text, encoding="utf-8")
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "first")
    return top


@pytest.fixture
def copies(tmp_path: Path) -> ProjectCopies:
    return ProjectCopies(tmp_path / "home")


def kept(copies: ProjectCopies, root: Path) -> tuple[Snapshot, Path]:
    snapshot = copies.keep(str(root), copies.inspect(str(root)))
    place = copies.place(snapshot)
    assert place, snapshot.detail
    return snapshot, Path(place)


def test_a_clean_work_tree_is_copied_at_its_commit(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")

    snapshot, place = kept(copies, top)
    (top / "site.yml").write_text("second", encoding="utf-8")

    assert (place / "site.yml").read_text(encoding="utf-8") == "first"
    assert not (place / ".git").exists()
    assert snapshot.commit == git(top, "rev-parse", "HEAD").strip()
    assert (snapshot.is_dirty, snapshot.top) == (False, str(top))
    assert copies.changed(str(top), snapshot) == ()


def test_looking_at_a_project_writes_nothing(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")

    copies.inspect(str(top))

    assert not (tmp_path / "home").exists()


def test_a_copy_is_made_once(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")
    snapshot, place = kept(copies, top)
    inode = place.stat().st_ino

    again, same = kept(copies, top)

    assert again == snapshot
    assert (same, same.stat().st_ino) == (place, inode)
    assert [one.name for one in place.parent.iterdir()] == [snapshot.copy]


def test_nothing_of_a_copy_may_be_written(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")
    (top / "roles").mkdir()
    (top / "roles/run.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (top / "roles/run.sh").chmod(0o755)
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "second")

    _, place = kept(copies, top)

    modes = {name: (place / name).stat().st_mode for name in ("site.yml", "roles", "roles/run.sh")}
    assert not any(mode & 0o222 for mode in modes.values())
    assert modes["roles/run.sh"] & stat.S_IXUSR


def test_a_project_inside_a_work_tree_is_copied_with_all_around_it(
    tmp_path: Path, copies: ProjectCopies
) -> None:
    top = repository(tmp_path, site="first")
    (top / "payroll").mkdir()
    (top / "payroll/pay.yml").write_text("pay", encoding="utf-8")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "second")

    snapshot, place = kept(copies, top / "payroll")

    assert snapshot.top == str(top)
    assert (place / "payroll/pay.yml").exists()
    assert (place / "site.yml").exists()


@pytest.mark.parametrize("change", ["changed", "new", "staged", "deleted"])
def test_a_work_tree_with_changes_is_run_from_its_live_files(
    tmp_path: Path, copies: ProjectCopies, change: str
) -> None:
    top = repository(tmp_path, site="first", other="first")
    file = top / ("new.yml" if change in {"new", "staged"} else "other.yml")
    file.unlink(missing_ok=True)
    if change != "deleted":
        file.write_text("x", encoding="utf-8")
    if change == "staged":
        git(top, "add", ".")

    snapshot = copies.keep(str(top), copies.inspect(str(top)))

    assert (snapshot.is_dirty, snapshot.copy) == (True, "")
    assert file.name in snapshot.detail
    assert snapshot.commit


def test_what_git_ignores_is_reached_from_the_copy(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")
    (top / ".gitignore").write_text("collections/\n.vault_pass\n*.pyc\n", encoding="utf-8")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "second")
    (top / "collections/acme").mkdir(parents=True)
    (top / "collections/acme/galaxy.yml").write_text("x", encoding="utf-8")
    (top / ".vault_pass").write_text("secret", encoding="utf-8")
    (top / "junk.pyc").touch()

    _, place = kept(copies, top)

    assert (place / "collections/acme/galaxy.yml").exists()
    assert (place / ".vault_pass").is_symlink()
    assert not (place / "junk.pyc").exists()


def test_a_copy_is_told_from_one_of_another_folder(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")
    git(tmp_path, "clone", "--quiet", str(top), "clone")

    one, two = (copies.inspect(str(folder)) for folder in (top, tmp_path / "clone"))

    assert one.commit == two.commit
    assert one.copy != two.copy


def test_hooks_and_monitors_of_the_repository_are_not_run(
    tmp_path: Path, copies: ProjectCopies
) -> None:
    top = repository(tmp_path, site="first")
    told = tmp_path / "told"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 >> {told}\n", encoding="utf-8")
    program.chmod(0o755)
    for hook in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction"):
        (top / ".git/hooks" / hook).symlink_to(program)
    git(top, "config", "core.fsmonitor", str(program))

    kept(copies, top)

    assert not told.exists()


def test_variables_of_git_mislead_nobody(
    tmp_path: Path, copies: ProjectCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(tmp_path, site="first")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_WORK_TREE", "/nowhere")

    assert copies.inspect(str(top)).copy


def test_submodules_are_run_from_the_live_files(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")
    commit = git(top, "rev-parse", "HEAD").strip()
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{commit},inner")
    git(top, "commit", "--quiet", "-m", "second")
    (top / "inner").mkdir()

    snapshot = copies.inspect(str(top))

    assert (snapshot.copy, snapshot.detail) == ("", "the work tree has submodules")


def test_without_git_it_is_written_down_what_the_live_files_were(
    tmp_path: Path, copies: ProjectCopies
) -> None:
    root = tmp_path / "project"
    (root / "roles").mkdir(parents=True)
    for name in ("site.yml", "other.yml", "roles/main.yml"):
        (root / name).write_text(name, encoding="utf-8")
    snapshot = copies.keep(str(root), copies.inspect(str(root)))

    before = copies.changed(str(root), snapshot)
    (root / "site.yml").write_text("another", encoding="utf-8")
    (root / "other.yml").unlink()
    (root / "new.yml").touch()

    assert snapshot.commit == snapshot.copy == ""
    assert before == ()
    assert copies.changed(str(root), snapshot) == ("new.yml", "other.yml", "site.yml")


def test_the_same_live_files_give_the_same_snapshot(tmp_path: Path, copies: ProjectCopies) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "site.yml").write_text("x", encoding="utf-8")

    first = copies.inspect(str(root))
    os.utime(root / "site.yml", (1, 1))

    assert copies.inspect(str(root)) == first


def test_the_own_home_is_no_part_of_a_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    copies = ProjectCopies(root / "home")
    first = copies.keep(str(root), copies.inspect(str(root)))

    assert copies.inspect(str(root)) == first
    assert copies.changed(str(root), first) == ()


def test_a_copy_that_was_removed_is_made_again(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")
    snapshot, place = kept(copies, top)
    project_copies.remove_copy(place)
    (top / "site.yml").write_text("second", encoding="utf-8")

    assert copies.place(snapshot) == ""
    assert copies.keep(str(top), snapshot) == snapshot
    assert (place / "site.yml").read_text(encoding="utf-8") == "first"


def test_a_commit_that_is_gone_leaves_the_live_files(tmp_path: Path, copies: ProjectCopies) -> None:
    top = repository(tmp_path, site="first")
    snapshot = copies.inspect(str(top))
    gone = Snapshot(commit="0" * 40, top=str(top), copy=snapshot.copy)

    found = copies.keep(str(top), gone)

    assert found.copy == ""
    assert found.manifest
    assert found.detail
    assert list((tmp_path / "home/snapshots").iterdir()) == []


def test_only_copies_that_nobody_needs_are_removed(
    tmp_path: Path, copies: ProjectCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_copies, "COPIES_MAX", 1)
    top = repository(tmp_path, site="first")
    made = []
    for number in range(4):
        (top / "site.yml").write_text(str(number), encoding="utf-8")
        git(top, "commit", "--quiet", "-a", "-m", str(number))
        made.append(kept(copies, top))
        os.utime(made[-1][1], (number, number))
    (tmp_path / "home/snapshots/.making-left").mkdir()

    copies.tidy({made[0][0].copy})

    left = sorted(one.name for one in (tmp_path / "home/snapshots").iterdir())
    assert left == sorted([made[0][0].copy, made[3][0].copy])


def test_a_project_that_git_ignores_is_run_from_its_live_files(
    tmp_path: Path, copies: ProjectCopies
) -> None:
    top = repository(tmp_path, site="first")
    (top / ".gitignore").write_text("scratch/\n", encoding="utf-8")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "second")
    (top / "scratch/project").mkdir(parents=True)
    (top / "scratch/project/site.yml").touch()

    snapshot = copies.inspect(str(top / "scratch/project"))

    assert (snapshot.copy, snapshot.detail) == ("", "git ignores the folder of the project")
    assert snapshot.manifest


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_a_root_that_is_no_folder_any_more_is_no_reason_to_fail(
    tmp_path: Path, copies: ProjectCopies, place: str
) -> None:
    (tmp_path / "file").touch()

    snapshot = copies.keep(str(tmp_path / place), copies.inspect(str(tmp_path / place)))

    assert snapshot.copy == ""
    assert copies.changed(str(tmp_path / place), snapshot) == ()


def test_without_git_on_the_machine_projects_are_run_from_their_live_files(
    tmp_path: Path, copies: ProjectCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(tmp_path, site="first")
    monkeypatch.setenv("PATH", "/nowhere")

    snapshot = copies.inspect(str(top))

    assert (snapshot.copy, snapshot.detail) == ("", "git is not installed")


def test_a_git_that_hangs_holds_nobody_up(
    tmp_path: Path, copies: ProjectCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(tmp_path, site="first")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/bin/sh\nexec sleep 600\n", encoding="utf-8")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setattr(git_of_the_machine, "GIT_SECONDS_MAX", 0.2)

    snapshot = copies.inspect(str(top))

    assert snapshot.detail == "git took longer than 0.2 s"


def test_strange_names_and_links_are_copied_as_they_are(
    tmp_path: Path, copies: ProjectCopies
) -> None:
    top = repository(tmp_path, site="first")
    names = [os.fsdecode(b"\xff.yml"), "new\nline.yml", "-rf", "a b", ":(top)x"]
    for name in names:
        (top / name).touch()
    (top / "link").symlink_to("/nowhere")
    (top / "around").symlink_to(".")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "-m", "second")

    _, place = kept(copies, top)

    assert sorted(one.name for one in place.iterdir()) == sorted(
        [*names, "around", "link", "site.yml"]
    )
    assert (place / "link").readlink() == Path("/nowhere")


def test_a_change_of_a_strange_name_can_be_told(tmp_path: Path, copies: ProjectCopies) -> None:
    root = tmp_path / "project"
    root.mkdir()
    snapshot = copies.keep(str(root), copies.inspect(str(root)))
    (root / os.fsdecode(b"\xff.yml")).touch()

    assert copies.changed(str(root), snapshot) == ("\\udcff.yml",)


def test_where_nobody_remembers_what_was_there_no_change_is_denied(
    tmp_path: Path, copies: ProjectCopies
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    snapshot = copies.inspect(str(root))
    (root / "new.yml").touch()

    assert copies.changed(str(root), snapshot) is None
