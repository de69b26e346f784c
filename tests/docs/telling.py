"""Tells a page anew: does what it shows, and puts what came of it where the page says so.

A fence with a title is a file; a ``console`` fence holds commands behind ``$`` and what they
print. A page is right if it is told exactly as it is written. What no two runs have in common
(times, durations, folders) is not compared where a command really ran.

``python -m tests.docs.telling PAGE...`` writes the output of the commands into pages; read the
difference before it is kept.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from jobnet.cli.entry import run

SECONDS_MAX = 90
FENCE = re.compile(
    r"^(?P<head>```(?P<kind>\w+)(?: title=\"(?P<title>[^\"\n]+)\")?\n)(?P<text>.*?)(?P<tail>^```$)",
    re.DOTALL | re.MULTILINE,
)
IN_THIS_PROCESS = {"simulate", "lint", "graph", "schema", "import", "calendar", "schedule"}
PASSING = (
    # Two changes that follow at once are one line.
    (re.compile(r"^.* (Starting|Running)( \(attempt \d+\))?\n", re.MULTILINE), ""),
    (re.compile(r"(?<!\d)\d\d:\d\d:\d\d(?!\d)"), "HH:MM:SS"),
    (re.compile(r"\b\d[\d.dhm]*[dhms]\b"), "a while"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?=[ T]HH)"), "DAY"),
)
SAP_MODULE = (
    "collections/ansible_collections/community/sap_libs/plugins/modules/sap_control_exec.py"
)
STATE_HOME = "~/.local/state/jobnet"


@dataclass(kw_only=True)
class Place:
    """The folder of a reader who follows a page, and what runs in the background there."""

    project: Path
    home: Path
    status: int = 0
    behind: list[tuple[subprocess.Popen[str], Path]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Return what commands of this place find around them."""
        programs = str(Path(sys.executable).parent)
        return {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "JOBNET_HOME": str(self.home),
            "TZ": "UTC",
            "PYTHONUTF8": "1",
            "LOGNAME": "ann",
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "80",
        }

    def close(self) -> None:
        """End what still runs in the background."""
        for process, _ in self.behind:
            if process.poll() is None:
                process.kill()
            process.wait(SECONDS_MAX)


def told(page: str, place: Place) -> str:
    """Return the page with everything in it done anew."""
    try:
        return FENCE.sub(lambda fence: _fence(fence, place), page)
    finally:
        place.close()


def _fence(fence: re.Match[str], place: Place) -> str:
    if fence["title"]:
        file = place.project / fence["title"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fence["text"], encoding="utf-8")
    if fence["kind"] != "console":
        return fence[0]
    text, before = "", ""
    for line, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", fence["text"], re.MULTILINE):
        text += "\n" if before else ""
        before = _output(line, f"{shown.rstrip()}\n" if shown.strip() else "", place)
        text += f"$ {line}\n{before}"
    return fence["head"] + text + fence["tail"]


def _output(line: str, shown: str, place: Place) -> str:
    """Return what a command prints; where it differs only in what passes, as it is shown."""
    printed = _printed(line.partition("  #")[0].strip(), place)
    printed = "".join(f"{each.rstrip()}\n" for each in printed.splitlines())
    printed = printed.replace(str(place.home), STATE_HOME).replace(f"{place.project}/", "")
    if _is_in_this_process(shlex.split(line)):
        return printed
    return shown if _lasting(printed) == _lasting(shown) else _merged(printed, shown)


def _merged(printed: str, shown: str) -> str:
    """Return what was printed, in the words of the page where only what passes is different."""
    new, old = printed.splitlines(keepends=True), shown.splitlines(keepends=True)
    lasting = SequenceMatcher(None, [_lasting(one) for one in new], [_lasting(one) for one in old])
    merged: list[str] = []
    for word, start, end, old_start, old_end in lasting.get_opcodes():
        merged += old[old_start:old_end] if word == "equal" else new[start:end]
    return "".join(merged)


def _lasting(text: str) -> str:
    for pattern, word in PASSING:
        text = pattern.sub(word, text)
    return text


def _is_in_this_process(words: list[str]) -> bool:
    return len(words) > 1 and words[0] == "jobnet" and words[1] in IN_THIS_PROCESS


def _printed(line: str, place: Place) -> str:
    if line == "echo $?":
        return f"{place.status}\n"
    if line == "wait":
        return _awaited(place)
    if line.endswith(" &"):
        return _begun(line.removesuffix(" &"), place)
    words = shlex.split(line)
    if _is_in_this_process(words):
        return _answered(words[1:], place)
    if words[:2] == ["jobnet", "play-control"]:
        _stand_still(place)
    done = subprocess.run(
        words,
        cwd=place.project,
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    place.status = done.returncode
    return done.stdout


def _answered(arguments: list[str], place: Place) -> str:
    """Run a command that needs nothing but files in this process; it is a second faster."""
    before, folder, said = dict(os.environ), Path.cwd(), io.StringIO()
    os.environ.update(place.environment())
    os.chdir(place.project)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            place.status = run(arguments)
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)
    return said.getvalue()


def _begun(line: str, place: Place) -> str:
    """Begin a command in the background; its output is shown by ``wait``."""
    file = place.project.parent / f"behind-{len(place.behind)}.txt"
    with file.open("w") as output:
        process = subprocess.Popen(
            shlex.split(line),
            cwd=place.project,
            env=place.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    place.behind.append((process, file))
    return ""


def _awaited(place: Place) -> str:
    process, file = place.behind.pop()
    place.status = process.wait(SECONDS_MAX)
    return file.read_text(encoding="utf-8")


def _stand_still(place: Place) -> None:
    """Wait until the run in the background has taken everything in and waits for something."""
    due = time.monotonic() + SECONDS_MAX
    while "\nwaits: " not in _answered(["play-control", "@last", "status"], place):
        assert place.behind, "nothing runs in the background"
        process, file = place.behind[-1]
        assert process.poll() is None, file.read_text(encoding="utf-8")
        assert time.monotonic() < due, "the run in the background did not come to a wait"
        time.sleep(0.05)


def here(folder: Path) -> Place:
    """Return an empty place below a folder."""
    project = folder / "project"
    module = project / SAP_MODULE  # cannot be installed here; an empty one is enough to simulate
    module.parent.mkdir(parents=True)
    module.touch()
    return Place(project=project, home=folder / "home")


def _renew(page: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = told(page.read_text(encoding="utf-8"), here(Path(folder)))
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _renew(Path(name))
