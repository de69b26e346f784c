import os
import shutil
import subprocess
from pathlib import Path

import pytest
from machines import privileges

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root's hosts run as another user"),
]


def test_a_copied_python_runs_for_the_user_of_the_hosts(tmp_path: Path) -> None:
    owner = privileges.unprivileged_user()
    ground = privileges.make_ground(tmp_path, owner)

    python = privileges._copied_python(ground, Path(os.path.realpath("/proc/self/exe")).name, owner)

    done = subprocess.run(
        [str(python), "-c", "import os, ssl, sys; print(os.getuid(), sys.prefix)"],
        user=owner, group=owner, extra_groups=[], cwd="/",
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    shutil.rmtree(ground)
    assert done.stdout.split() == [str(owner), str(ground / "python")], done.stderr


def test_postgres_and_its_ground_are_open_to_the_user_under_a_narrow_umask(tmp_path: Path) -> None:
    owner = privileges.unprivileged_user()
    before = os.umask(0o077)
    try:
        ground = privileges.make_ground(tmp_path, owner)
        programs = privileges.postgres_for(ground, owner)
    finally:
        os.umask(before)

    done = subprocess.run(
        [str(programs / "psql"), "--version"],
        user=owner, group=owner, extra_groups=[], cwd="/",
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    shutil.rmtree(ground)
    assert done.stdout.startswith("psql (PostgreSQL)")
