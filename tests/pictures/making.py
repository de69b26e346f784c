"""Makes the picture of the README: a night of the monthly backup in which the backup fails.

The night is played with fakes, so the picture does not depend on any machine. Run as a program
it writes the picture anew: ``.venv/bin/python -m tests.pictures.making``.
"""

import sys

from jobnet.pictures import outline_of_run, to_svg
from jobnet.testing import Script

from tests.pictures.playing import failing, play_file
from tests.pictures.reading import ROOT

FILE = ROOT / "docs/pictures/monthly-backup.svg"
NETWORK = ROOT / "playbooks/monthly_backup/monthly_backup.yml"
SCRIPTS = {
    "stop_app": Script(seconds=10),
    "stop_db": Script(seconds=4),
    "backup": failing(1, "no space left on the backup server", seconds=427),
    "start_db_again": Script(seconds=12),
    "start_app": Script(seconds=31),
}


def picture() -> str:
    """Return the picture as it should lie in the docs."""
    tracker, _ = play_file(NETWORK, SCRIPTS, run="monthly_backup-2026-05-29-2155")
    return to_svg(outline_of_run(tracker))


if __name__ == "__main__":
    FILE.write_text(picture(), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} was drawn anew\n")
