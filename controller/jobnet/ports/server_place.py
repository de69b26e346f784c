"""Names the files of a controller in its state home; who makes and who reads them agree here."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = "controller"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlace:
    """The folder of one controller."""

    folder: Path

    @property
    def lock(self) -> Path:
        """Held by the process that is the controller; names it."""
        return self.folder / "process.lock"

    @property
    def token(self) -> Path:
        """The token that lets in whoever can read this file."""
        return self.folder / "token"

    @property
    def server(self) -> Path:
        """Where the controller listens, as JSON; absent while there is none."""
        return self.folder / "server.json"

    @property
    def log(self) -> Path:
        """What a controller in the background says."""
        return self.folder / "log"

    @property
    def database(self) -> Path:
        """Definitions, runs and journals."""
        return self.folder / "jobnet.sqlite3"

    @property
    def outputs(self) -> Path:
        """What jobs print."""
        return self.folder / "output.sqlite3"

    @property
    def restored(self) -> Path:
        """Says when the backup was made from which all this comes; absent once it was heeded."""
        return self.folder / "restored"

    @property
    def jobs(self) -> Path:
        """A spool folder per attempt of a job."""
        return self.folder / "jobs"


def place_in(home: Path) -> ServerPlace:
    """Return the place of the controller whose state home this is."""
    return ServerPlace(folder=home / FOLDER)
