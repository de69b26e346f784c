"""Asks git about a work tree and copies a commit out of it, without running anything of its own.

No hook, file system monitor or prompt is started, and the work tree of another user is read:
whoever applies definitions has its playbooks run anyway. Every call has a time limit.
"""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

GIT_SECONDS_MAX = 30.0
COPY_SECONDS_MAX = 120.0
FILES_MAX = 50_000
BYTES_MAX = 1024 * 1024 * 1024
LINKS_MAX = 500
SUBMODULE = "160000"
_QUIET = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "safe.directory=*",
    "gc.auto=0",
)


class GitRefused(Exception):
    """Git does not give what was asked; the message says why, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTree:
    """The work tree that a folder lies in: its top as the folder's path is written."""

    top: str
    commit: str


def find_work_tree(folder: str) -> WorkTree:
    """Return the work tree around a folder; raises ``GitRefused`` where there is none."""
    lines = _git(folder, "rev-parse", "--show-cdup", "--show-toplevel", "HEAD").split("\n")
    if len(lines) != 4:  # noqa: PLR2004 - three answers, each with its line break
        raise GitRefused("the path of the work tree holds a line break")
    upwards, real_top, commit, _ = lines
    top = os.path.normpath(Path(folder) / upwards)
    try:
        is_same = Path(top).samefile(real_top)
    except OSError as error:
        raise GitRefused(f"the work tree cannot be looked at: {error}") from error
    if not is_same:
        raise GitRefused("a link stands between the project and the top of its work tree")
    return WorkTree(top=top, commit=commit)


def differing_files(tree: WorkTree, *, beside: Path) -> list[str]:
    """Return the files that differ from the commit; what lies in ``beside`` does not count."""
    answer = _git(tree.top, "status", "--porcelain=v1", "-z", "--no-renames")
    found = (entry[3:] for entry in answer.split("\0") if entry)
    own = f"{beside}{os.sep}"
    return [one for one in found if not f"{Path(tree.top) / one}{os.sep}".startswith(own)]


def ignored_files(tree: WorkTree) -> list[str]:
    """Return files and folders that the work tree has and git ignores, such as collections."""
    answer = _git(
        tree.top, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"
    )
    found = (entry.rstrip("/") for entry in answer.split("\0") if entry)
    return sorted(
        one for one in found if not one.endswith(".pyc") and Path(one).name != "__pycache__"
    )


def copy_name(tree: WorkTree, ignored: list[str]) -> str:
    """Return a name for the copy of a commit with links to what git ignores; the same gives it."""
    content = "\0".join([tree.top, tree.commit, *ignored])
    return f"{tree.commit[:12]}-{hashlib.sha256(content.encode(errors='replace')).hexdigest()[:12]}"


def refuse_copy(tree: WorkTree, ignored: list[str], folder: str) -> None:
    """Raise ``GitRefused`` where a copy would not be the project in a folder, or be too large."""
    inside = Path(folder).relative_to(tree.top)
    if any(Path(one) in (inside, *inside.parents) for one in ignored):
        raise GitRefused("git ignores the folder of the project")
    listed = _git(tree.top, "ls-tree", "-r", "-l", "-z", "--full-tree", tree.commit)
    entries = [entry.split(maxsplit=4) for entry in listed.split("\0") if entry]
    if any(entry[0] == SUBMODULE for entry in entries):
        raise GitRefused("the work tree has submodules")
    size = sum(int(entry[3]) for entry in entries if entry[3].isdigit())
    if len(entries) > FILES_MAX or size > BYTES_MAX:
        raise GitRefused(f"the commit has {len(entries):,} files of {size // 1024 // 1024:,} MiB")
    if len(ignored) > LINKS_MAX:
        raise GitRefused(f"git ignores {len(ignored):,} files and folders in it")


def copy_commit(tree: WorkTree, into: Path) -> None:
    """Write the files of a commit into a folder that does not exist yet."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": f"{folder}/index"}
        _git(tree.top, "read-tree", tree.commit, environment=index)
        _git(
            tree.top,
            "checkout-index",
            "--all",
            "--quiet",
            f"--prefix={into}/",
            environment=index,
            seconds_max=COPY_SECONDS_MAX,
        )


def _git(
    folder: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    seconds_max: float | None = None,
) -> str:
    seconds_max = seconds_max or GIT_SECONDS_MAX
    options = [word for setting in _QUIET for word in ("-c", setting)]
    try:
        done = subprocess.run(  # noqa: S603 - a list of words
            ["git", "-C", folder, *options, *arguments],  # noqa: S607 - the git of this machine
            env={**_environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds_max,
            check=False,
        )
    except FileNotFoundError:
        raise GitRefused("git is not installed") from None
    except subprocess.TimeoutExpired:
        raise GitRefused(f"git took longer than {seconds_max:g} s") from None
    except (OSError, ValueError) as error:
        raise GitRefused(f"git could not be started: {error}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise GitRefused(said[0].removeprefix("fatal: ")[:200] if said else "git refused")
    return os.fsdecode(done.stdout)


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    quiet = {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "none",  # what a partial clone lacks is not fetched
        "LC_ALL": "C",
    }
    return {**kept, **quiet}
