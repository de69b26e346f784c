"""Says in a message of Ansible's where the author wrote it, not where the generated play lies.

A generated play stands in a mirror of the network's folder: what it links to has a path of its
own, and the play itself is a part of the network's file.
"""

import re
from pathlib import Path
from typing import Final

from jobnet.execution.mirror import PLAY_NAME
from jobnet.execution.spool import PROJECT
from jobnet.ports.jobs import JobOrder

_PLACE: Final = r"/([^\s:()'\"]+)(?::(\d+))?(?::(\d+))?"


def as_written(message: str, order: JobOrder, folder: str) -> str:
    """Return the message of an attempt whose spool is ``folder``, with the author's own places."""
    if not folder or folder not in message:
        return message
    mirror = Path(folder) / PROJECT
    pattern = re.compile(re.escape(str(mirror)) + _PLACE)
    return pattern.sub(lambda found: _author_place(found, mirror, order), message)


def _author_place(found: re.Match[str], mirror: Path, order: JobOrder) -> str:
    rest, line = found[1], found[2]
    if Path(rest).name.endswith(PLAY_NAME):
        return _line_of_part(mirror / rest, int(line or 0), order)
    network, root = Path(order.network_folder), Path(order.project_root)
    base = root if network.is_relative_to(root) else network
    return ":".join(word for word in (str(base / rest), line, found[3]) if word)


def _line_of_part(play: Path, line: int, order: JobOrder) -> str:
    """Return where the line of a play was written; the part itself where it cannot be found.

    The author's text is in the play as it was written, but for its indentation.
    """
    file, _, start = order.written_at.rpartition(":")
    if not file or not start.isdecimal():
        return f"part {order.part}"
    try:
        wanted = _bare(play.read_text("utf-8").splitlines()[max(line - 1, 0)])
        written = Path(file).read_text("utf-8").splitlines()
    except (OSError, ValueError, IndexError):
        return order.written_at
    numbers = range(int(start), len(written) + 1)
    found = (number for number in numbers if wanted and _bare(written[number - 1]) == wanted)
    return f"{file}:{next(found, int(start))}"


def _bare(line: str) -> str:
    return line.strip().removeprefix("- ").strip()
