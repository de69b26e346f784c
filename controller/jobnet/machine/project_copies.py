"""Keeps copies of projects as they stood at a commit, for runs that go by them.

A copy is read-only and named by its commit, so it is made once however often it is applied. What
git ignores (installed collections, passwords of a vault) is no part of a commit and cannot be
copied: the copy has links to it. A project without git, or with changes that nobody has
committed, is run from its live files; then it is written down what they were.
"""

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from jobnet.machine.git import (
    GitRefused,
    WorkTree,
    copy_commit,
    copy_name,
    differing_files,
    find_work_tree,
    ignored_files,
    refuse_copy,
)
from jobnet.machine.manifests import Manifest, differing, digest_of, live_manifest
from jobnet.ports.projects import Snapshot

COPIES_FOLDER = "snapshots"
MANIFESTS_FOLDER = "manifests"
UNFINISHED = ".making-"
COPIES_MAX = 50
CHANGED_MAX = 1_000
WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class ProjectCopies:
    """The copies and manifests in the folder of one controller."""

    def __init__(self, home: Path, *, beside: Path | None = None) -> None:
        """Begin; nothing is made before it is needed.

        ``beside`` is what never counts as a project's, ``home`` itself if it is not told.
        """
        self._beside = beside or home
        self._copies, self._manifests = home / COPIES_FOLDER, home / MANIFESTS_FOLDER
        self._making: set[Path] = set()

    def inspect(self, root: str) -> Snapshot:
        """Return how a project stands now; ``copy`` names the copy that could be made."""
        try:
            tree = find_work_tree(root)
        except GitRefused as error:
            return self._live(root, Snapshot(detail=str(error)))
        snapshot = Snapshot(commit=tree.commit, top=tree.top)
        try:
            differ = differing_files(tree, beside=self._beside)
            if differ:
                said = f"{len(differ)} files differ from the commit, such as {readable(differ[0])}"
                return self._live(root, replace(snapshot, is_dirty=True, detail=said))
            ignored = ignored_files(tree)
            refuse_copy(tree, ignored, root)
        except GitRefused as error:
            return self._live(root, replace(snapshot, detail=str(error)))
        return replace(snapshot, copy=copy_name(tree, ignored))

    def keep(self, root: str, snapshot: Snapshot) -> Snapshot:
        """Make the copy that a snapshot names, or remember the live files it goes by."""
        if not snapshot.copy:
            self._remember(root, snapshot)
            return snapshot
        if self.place(snapshot):
            return snapshot
        tree = WorkTree(top=snapshot.top, commit=snapshot.commit)
        try:
            self._make(tree, self._copies / snapshot.copy)
        except (GitRefused, OSError) as error:
            live = self._live(root, replace(snapshot, copy="", detail=str(error)))
            self._remember(root, live)
            return live
        return snapshot

    def place(self, snapshot: Snapshot) -> str:
        """Return the folder of the copy that a snapshot names, "" where it is not there."""
        folder = self._copies / snapshot.copy
        if not snapshot.copy or not folder.is_dir():
            return ""
        with suppress(OSError):
            os.utime(folder)  # it is the last use that counts when copies are removed
        return str(folder)

    def changed(self, root: str, snapshot: Snapshot) -> tuple[str, ...] | None:
        """Return the live files that differ from what was there; () for a copy that is there.

        None where nobody knows any more what was there.
        """
        if self.place(snapshot):
            return ()
        before = self._remembered(snapshot)
        if before is None:
            return None
        found = differing(before, self._manifest(root))[:CHANGED_MAX]
        return tuple(readable(path) for path in found)

    def tidy(self, needed: Collection[str]) -> None:
        """Remove copies that nobody has used for long, but the needed ones."""
        try:
            found = [one for one in self._copies.iterdir() if one.is_dir()]
            found.sort(key=lambda one: one.stat().st_mtime, reverse=True)
        except OSError:
            return
        unfinished = [one for one in found if one.name.startswith(UNFINISHED)]
        finished = [one for one in found if one not in unfinished]
        old = [one for one in finished[COPIES_MAX:] if one.name not in needed]
        for one in (*old, *(one for one in unfinished if one not in self._making)):
            remove_copy(one)

    def _live(self, root: str, snapshot: Snapshot) -> Snapshot:
        return replace(snapshot, manifest=digest_of(self._manifest(root)))

    def _manifest(self, root: str) -> Manifest:
        return live_manifest(Path(root), beside=self._beside)

    def _remember(self, root: str, snapshot: Snapshot) -> None:
        """Write the manifest; on a full disk a run goes on without it."""
        with suppress(OSError):
            self._manifests.mkdir(parents=True, exist_ok=True, mode=0o700)
            place = self._manifests / f"{snapshot.manifest}.json"
            if place.exists():
                return
            manifest = self._manifest(root)
            if digest_of(manifest) == snapshot.manifest:
                unfinished = place.with_suffix(f".{os.getpid()}")
                unfinished.write_text(json.dumps(dict(manifest)), encoding="utf-8")
                unfinished.replace(place)

    def _remembered(self, snapshot: Snapshot) -> Manifest | None:
        try:
            text = (self._manifests / f"{snapshot.manifest}.json").read_text(encoding="utf-8")
            document = json.loads(text)
        except (OSError, ValueError):
            return None
        return document if isinstance(document, dict) else None

    def _make(self, tree: WorkTree, place: Path) -> None:
        self._copies.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=self._copies))
        self._making.add(unfinished)
        try:
            copy_commit(tree, unfinished)
            for path in ignored_files(tree):
                link_live(unfinished / path, Path(tree.top) / path)
            make_read_only(unfinished)
            unfinished.rename(place)
        except OSError:
            if not place.is_dir():  # somebody else has made the same one at the same time
                raise
        finally:
            remove_copy(unfinished)
            self._making.discard(unfinished)


def readable(path: str) -> str:
    """Return the name of a file in letters, whatever bytes it is made of."""
    return path.encode(errors="backslashreplace").decode()


def link_live(place: Path, target: Path) -> None:
    """Let a path of a copy lead to what git ignores in the live project."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists() and not place.is_symlink():
        place.symlink_to(target)


def make_read_only(folder: Path) -> None:
    """Take the permission to write from everything below a folder; links are not followed."""
    for inside, _, files in os.walk(folder, topdown=False, followlinks=False):
        for name in files:
            path = Path(inside, name)
            if not path.is_symlink():
                path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~WRITABLE)
        if inside != str(folder):
            Path(inside).chmod(stat.S_IMODE(Path(inside).lstat().st_mode) & ~WRITABLE)


def remove_copy(folder: Path) -> None:
    """Remove a copy, read-only as it is; what is gone already is passed over."""
    for inside, _, _ in os.walk(folder, followlinks=False):
        with suppress(OSError):
            Path(inside).chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
