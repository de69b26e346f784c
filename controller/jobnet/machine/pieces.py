"""Names the pieces of one run, and lets only its artifacts leave with a message."""

import re
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from jobnet.ports.messages import Attachment

RESULT_NAME = "result.json"
ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024
_ARTIFACTS = "artifacts"
_LOOK = re.compile(r":look[0-9]+\.[0-9]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Where the pieces of one run lie; the real ``RunPieces``."""

    folder: Path

    @property
    def journal(self) -> Path:
        """The facts, one JSON line each."""
        return self.folder / "journal.jsonl"

    @property
    def result(self) -> Path:
        """The end of the run as one JSON document; its presence says that the run is over."""
        return self.folder / RESULT_NAME

    @property
    def jobs(self) -> Path:
        """One folder per attempt: output, results, artifacts."""
        return self.folder / "jobs"

    def keep_result(self, text: str) -> None:
        """Keep the end of the run; where the disk is full the journal still has it all."""
        with suppress(OSError):
            self.result.write_text(text)

    def attachment(self, path: str) -> Attachment | str:
        """Return the artifact; links are followed first, so none leads out of the run."""
        try:
            real = Path(path).resolve(strict=True)
            found = real.stat()
        except (OSError, ValueError, RuntimeError):
            return f"{path[:200]!r} is not there; attach one of parts.<id>.artifacts"
        inside = real.is_relative_to(self.jobs.resolve())
        if not inside or _ARTIFACTS not in real.relative_to(self.jobs.resolve()).parts[:-1]:
            return f"{path[:200]!r} is no artifact of this run; attach one of parts.<id>.artifacts"
        if not stat.S_ISREG(found.st_mode):
            return f"{path[:200]!r} is no plain file"
        if found.st_size > ATTACHMENT_BYTES_MAX:
            return f"{real.name} is larger than {ATTACHMENT_BYTES_MAX} bytes"
        return Attachment(name=real.name, path=str(real))

    def discard_looks(self) -> None:
        """Remove what looks at files have left that were under way when a play was cut off."""
        for folder in self.jobs.glob("*/*"):
            if _LOOK.search(unquote(folder.name)):
                shutil.rmtree(folder, ignore_errors=True)

    def discard(self, folder: str) -> None:
        """Remove the folder of a look at a file."""
        if folder and Path(folder).resolve().is_relative_to(self.jobs.resolve()):
            shutil.rmtree(folder, ignore_errors=True)
