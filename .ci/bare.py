"""The ring `bare`: a fresh clone on a machine that has nothing.

Runs ``make run``, ``make stop`` and ring 1 in a new ``git clone`` with an environment that holds
only a PATH of Python 3.11, make, git, ssh, sh and coreutils, an empty HOME, ``LC_ALL=C`` and umask
077; as the present user, and if that is root once more as a user without any rights. The demos
run one after the other, ring 1 of both beside each other, the second user's output comes last.
Where packages come from (PIP_*, proxies, certificates) is passed through, as `make` promises.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
STAGE_SECONDS_MAX = 1500
PASSED_THROUGH = re.compile(
    r"PIP_\w+|(?i:https?_proxy|no_proxy|all_proxy)|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE"
)
PYTHONS = ("python3.11", "python3.12", "python3.13")
DEMO = (["make", "run", "DETACH=1"], ["make", "stop"])
TESTS = ["make", "test", "RING=core"]
PROGRAMS = ROOT / ".ci" / "bare-programs.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who tries it; ``uid`` None is whoever runs this."""

    title: str
    uid: int | None = None


def main() -> int:
    """Try everything as everybody that this user may be, and return 1 if anything failed."""
    people = [Person(title="root" if os.geteuid() == 0 else "the present user")]
    if os.geteuid() == 0:
        people.append(Person(title="a user without rights", uid=NOBODY))
    with ExitStack() as stack:
        trials = [stack.enter_context(_trial(person)) for person in people]
        failed = [each.person.title for each in trials if not _demo(each)]
        failed += [title for title, is_good in _tests(trials) if not is_good]
        for each in trials:
            for leftover in [*_written_to_home(each.folder), *_still_running(each.folder)]:
                print(f"bare, {each.person.title}: left behind: {leftover}")
                failed.append(each.person.title)
    names = ", ".join(dict.fromkeys(failed))
    print("bare: " + (f"failed as {names}" if failed else "everything passed"))
    return 1 if failed else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A fresh clone for one person, with the whole environment that there is."""

    person: Person
    folder: Path
    environment: dict[str, str]


@contextmanager
def _trial(person: Person) -> Iterator[Trial]:
    with tempfile.TemporaryDirectory(prefix="jobnet-bare-") as name:
        folder = Path(name)
        environment = _environment(folder)
        _clone(folder / "clone")
        _give(folder, person)
        yield Trial(person=person, folder=folder, environment=environment)


def _demo(trial: Trial) -> bool:
    """Run and stop the demo; both, so that one failure does not hide the next."""
    outcomes = [_stage(trial, command, output=None) for command in DEMO]
    return all(outcomes)


def _tests(trials: list[Trial]) -> list[tuple[str, bool]]:
    """Run ring 1 as everybody at once; of all but the first the output comes at the end."""
    with ExitStack() as stack, ThreadPoolExecutor(len(trials)) as threads:
        kept = [stack.enter_context(_temporary_text()) for _ in trials[1:]]
        running = [
            threads.submit(_stage, trial, TESTS, output=file)
            for trial, file in zip(trials, [None, *kept], strict=True)
        ]
        outcomes = [each.result() for each in running]
        for file in kept:
            file.seek(0)
            print(file.read(), flush=True)
    return [(trial.person.title, each) for trial, each in zip(trials, outcomes, strict=True)]


def _temporary_text() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


def _environment(folder: Path) -> dict[str, str]:
    """Return the whole environment: nothing else is handed on."""
    passed = {k: v for k, v in os.environ.items() if PASSED_THROUGH.fullmatch(k)}
    for name in ("home", "temporary"):
        (folder / name).mkdir(mode=0o755)
    return {
        **passed,
        "PATH": str(_path(folder / "bin")),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "temporary"),
        "LC_ALL": "C",
    }


def _path(folder: Path) -> Path:
    """Fill a folder with links to the only programs that may be found."""
    folder.mkdir()
    lines = PROGRAMS.read_text(encoding="utf-8").splitlines()
    for program in " ".join(line for line in lines if not line.startswith("#")).split():
        found = shutil.which(program)
        if found:
            (folder / program).symlink_to(Path(found).resolve())
    (folder / _python().name).symlink_to(_python())
    for program in ("sh", "make", "git"):
        assert (folder / program).exists(), f"{program} is not on the PATH of this machine"
    return folder


def _python() -> Path:
    """Return a Python that every user may start: one in a home folder is of no use to others."""
    for name in PYTHONS:
        for place in ("/usr/bin", "/usr/local/bin"):
            if Path(place, name).exists():
                return Path(place, name)
    version = f"python3.{sys.version_info.minor}"
    return Path(sys.base_prefix) / "bin" / version


def _clone(target: Path) -> None:
    """Clone what is committed; what is only in the working tree is no part of the project yet."""
    command = ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(target)]
    subprocess.run(command, timeout=120, check=True)


def _give(folder: Path, person: Person) -> None:
    folder.chmod(0o755)
    (folder / "temporary").chmod(0o1777)
    if person.uid is None:
        return
    for name in ("home", "temporary", "clone"):
        for path in (folder / name, *(folder / name).rglob("*")):
            os.chown(path, person.uid, person.uid, follow_symlinks=False)


def _stage(trial: Trial, command: list[str], *, output: IO[str] | None) -> bool:
    person, folder = trial.person, trial.folder
    title = f"bare, {person.title}: {' '.join(command)}"
    print(f"--- {title}", flush=True)
    began = time.monotonic()
    with subprocess.Popen(
        [str(folder / "bin" / command[0]), *command[1:]],
        cwd=folder / "clone",
        env=trial.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        umask=0o077,
        user=person.uid,
        group=person.uid,
        extra_groups=None if person.uid is None else [],
    ) as process:
        try:
            status = process.wait(timeout=STAGE_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            status = -1
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)  # Ctrl-C does not reach another session
            raise
    print(f"--- {title}: status {status}, {time.monotonic() - began:.0f} s", flush=True)
    return status == 0


def _written_to_home(folder: Path) -> list[str]:
    return sorted(str(path) for path in (folder / "home").iterdir())


def _still_running(folder: Path) -> list[str]:
    """Return the processes that name the folder in their words or work in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((process / "cwd").readlink())
        except OSError:
            continue  # it has ended meanwhile, or belongs to somebody else
        if str(folder) in words or place.startswith(str(folder)):
            found.append(f"process {process.name}: {words[:200]}")
    return found


if __name__ == "__main__":
    sys.exit(main())
