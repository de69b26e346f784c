"""Says where the demo keeps its things, and remembers them between two commands.

There are two folders. The *demo folder* (``$JOBNET_DEMO``, else ``.demo`` in the clone)
belongs to whoever runs the demo: keys, logs, pid files, mails. The *ground* is where the
hosts live; it is inside the demo folder, except for root, whose hosts run as another user
who may be unable to enter the clone.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

CLONE = Path(__file__).resolve().parents[3]
GROUPS = {"ap1": "ap", "db1": "db", "bk1": "bk"}
PROCESSES = (*GROUPS, "mailbox")
LOGIN = "demo"
"""The only user name that the hosts let in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What was decided when the hosts were made; written once, read by every command."""

    ground: str
    owner: int | None
    python: str
    postgres: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The names of everything below one demo folder."""

    folder: Path

    @property
    def keys(self) -> Path:
        """Return the folder of the private and public keys."""
        return self.folder / "keys"

    @property
    def running(self) -> Path:
        """Return the folder with one lock and pid file per process."""
        return self.folder / "run"

    @property
    def logs(self) -> Path:
        """Return the folder with one log per process."""
        return self.folder / "log"

    @property
    def mail(self) -> Path:
        """Return the folder into which the mailbox writes what it receives."""
        return self.folder / "mail"

    @property
    def inventory(self) -> Path:
        """Return the file that ``inventories/backup_demo`` prints."""
        return self.folder / "inventory.json"

    @property
    def known_hosts(self) -> Path:
        """Return the public keys that the three hosts must show."""
        return self.folder / "known_hosts"

    @property
    def ssh_config(self) -> Path:
        """Return the file for ``ssh -F``."""
        return self.folder / "ssh_config"

    def read(self) -> Demo | None:
        """Return what ``write`` remembered; None if nothing usable is there."""
        try:
            return Demo(**json.loads((self.folder / "demo.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, demo: Demo) -> None:
        """Remember ``demo`` for the next command."""
        write_whole(self.folder / "demo.json", json.dumps(asdict(demo), indent=2))

    def ports(self) -> dict[str, int]:
        """Return the ports that were used last; empty before the first start."""
        try:
            kept = json.loads((self.folder / "ports.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): int(port) for name, port in kept.items()}

    def write_ports(self, ports: dict[str, int]) -> None:
        """Remember ``ports``, so that a restart changes none without need."""
        write_whole(self.folder / "ports.json", json.dumps(ports, indent=2))


def demo_place() -> Place:
    """Return the place of this command's demo: ``$JOBNET_DEMO`` or ``.demo`` in the clone."""
    named = os.environ.get("JOBNET_DEMO") or CLONE / ".demo"
    return Place(folder=Path(named).absolute())


def write_whole(path: Path, text: str) -> None:
    """Replace ``path`` in one step; a reader sees the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(path)
