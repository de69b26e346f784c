"""Finds the files that a job left in ``$JOBNET_ARTIFACTS``."""

import os
import stat
from pathlib import Path

from jobnet.execution.bounds import ARTIFACT_BYTES_MAX, ARTIFACTS_MAX, shortened


def find_artifacts(folder: Path, cuts: list[str]) -> dict[str, str]:
    """Return the plain files in the folder by relative name; anything else is only noted.

    Links may point out of the folder and pipes may block a reader for ever.
    """
    found: dict[str, str] = {}
    left = ARTIFACT_BYTES_MAX
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names + [f for f in folders if (Path(parent) / f).is_symlink()]):
            path = Path(parent) / name
            status = path.lstat()
            shown = str(path.relative_to(folder))
            plain = stat.S_ISREG(status.st_mode) and shown.isprintable()
            if not plain or status.st_size > left or len(found) >= ARTIFACTS_MAX:
                cuts.append(f"artifacts.{shortened(ascii(shown)[1:-1], 100)}")
                if len(cuts) > ARTIFACTS_MAX:
                    return found
                continue
            left -= status.st_size
            found[shown] = str(path)
    return found
