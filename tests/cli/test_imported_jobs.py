"""Jobs that were imported do for real what cron and systemd did."""

from pathlib import Path

import pytest
from jobnet.services.importing import ImportWishes, SourceFile, import_crontabs, import_timers

from tests.cli.conftest import Place

pytestmark = pytest.mark.parts


def written(place: Place, text: str, name: str) -> str:
    """Import a crontab of one line into the project and return the file of its network."""
    for one in import_crontabs([SourceFile(path="tab", text=text)], ImportWishes()).documents:
        place.network(one.text, one.file)
    return f"{name}.network.yml"


def test_braces_input_settings_and_folder_arrive_as_in_cron(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = f"(pwd; echo '{{{{.Names}}}}' $GREETING; cat) > {out}"
    text = f"HOME={tmp_path}\nGREETING=hello\n# Show\n@daily {command}%one%two\n"
    file = written(place, text, "show")

    done = place.run("play", file, "--plain")

    assert done.returncode == 0, done.stdout + done.stderr
    assert out.read_text() == f"{tmp_path}\n{{{{.Names}}}} hello\none\ntwo\n"


def test_a_secret_that_was_not_imported_stops_the_job_before_it_runs(
    place: Place, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    file = written(place, f"# Dump\n@daily touch {mark}; true --password=hunter2\n", "dump")

    done = place.run("play", file, "--plain")

    assert done.returncode == 4
    assert "IMPORTED_SECRET_1 was not imported" in done.stdout
    assert not mark.exists()


def test_the_words_of_a_unit_arrive_as_systemd_splits_them(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    unit = (
        '[Service]\nWorkingDirectory=/tmp\nEnvironment="LIST=a b"\n'
        f"ExecStart=/bin/sh -c 'printf \"%%s,\" \"$@\" > {out}' x ${{LIST}} $LIST 'c  d' $$e\n"
    )  # fmt: skip
    files = [
        SourceFile(path="/systemd/user/x.timer", text="[Timer]\nOnCalendar=daily UTC\n"),
        SourceFile(path="/systemd/user/x.service", text=unit.replace('"$@"', '"$$@"')),
    ]
    for one in import_timers(files, ImportWishes()).documents:
        place.network(one.text, one.file)

    done = place.run("play", "x.network.yml", "--plain")

    assert done.returncode == 0, done.stdout + done.stderr
    assert out.read_text() == "a b,a,b,c  d,$e,"
