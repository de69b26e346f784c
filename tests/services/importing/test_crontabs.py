"""A crontab becomes networks and schedules that do what cron did, and a report of the rest."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars.cron import parse_cron
from jobnet.errors.importing import ImportFileUnread
from jobnet.services.importing import Outcome, SourceFile
from jobnet.services.importing.crontab_lines import CrontabJob, read_crontab

from tests.services.importing.importing import (
    crontab,
    document,
    names,
    objections,
    only_part,
    told,
)

EVERYTHING = r"""
# m h  dom mon dow   command
SHELL=/bin/bash
PATH=/usr/local/bin:/usr/bin:/bin
MAILTO="ops@example.com"
# Nightly backup of the shop
30 2 * * 1-5 /opt/shop/backup.sh --full >/dev/null 2>&1

*/5 * * * * flock -n /tmp/l /opt/shop/poll
@daily mail -s "100\% done" root%Hello%World
15 4 1,15 * sun docker ps --format '{{.Names}}'
0 22 * * fri psql "postgres://shop:hunter2@db/shop" -c 'vacuum'
#0 5 * * * /opt/shop/old
@reboot /opt/shop/warm-up
61 * * * * /opt/shop/never
"""


def test_a_line_becomes_a_network_and_a_schedule_with_its_comment_as_title() -> None:
    imported = crontab("# Nightly backup\n30 2 * * 1-5 /opt/backup.sh --full\n")

    network = document(imported, "network", "nightly_backup")
    schedule = document(imported, "schedule", "nightly_backup")
    assert network["title"] == "Nightly backup"
    assert network["overlap"] == "parallel"
    assert network["flow"][0]["ansible.builtin.shell"]["cmd"] == "/opt/backup.sh --full"
    assert schedule["networks"] == ["nightly_backup"]
    assert schedule["rules"] == [{"cron": "30 2 * * 1-5"}]
    assert schedule["misfire"] == {"policy": "skip"}


def test_what_is_made_of_a_whole_crontab_passes_lint(tmp_path: Path) -> None:
    imported = crontab(EVERYTHING)

    assert objections(imported, tmp_path) == []
    assert len(names(imported)) == len(names(imported, "schedule")) == 5


def test_every_line_is_carried_or_told() -> None:
    imported = crontab(EVERYTHING)

    jobs = [line for line in EVERYTHING.splitlines() if line[:1] in "0123456789*@" and line]
    left = told(imported, Outcome.LEFT)
    assert len(jobs) == len(names(imported)) + 2
    assert "tab:14: warm-up: @reboot" in left
    assert "tab:15: never: Cron text '61 * * * *'" in left
    assert "tab:13: line: it is commented out" in told(imported, Outcome.PASSED_OVER)


def test_settings_hold_for_the_lines_below_them() -> None:
    imported = crontab("1 1 * * * one\nSHELL=/bin/zsh\nLANG='C UTF'\nHOME=/srv\n2 2 * * * two\n")

    first, second = only_part(imported, "one"), only_part(imported, "two")
    assert "executable" not in first["ansible.builtin.shell"]
    assert first["ansible.builtin.shell"]["chdir"] == "~"
    assert second["ansible.builtin.shell"]["executable"] == "/bin/zsh"
    assert second["ansible.builtin.shell"]["chdir"] == "/srv"
    assert second["environment"] == {"LANG": "C UTF", "HOME": "/srv"}


def test_a_percent_sign_begins_the_input_and_a_guarded_one_is_itself() -> None:
    imported = crontab(r"1 1 * * * mail -s 5\% root%Hello%World")

    shell = only_part(imported, names(imported)[0])["ansible.builtin.shell"]
    assert shell["cmd"] == "mail -s 5% root"
    assert shell["stdin"] == "Hello\nWorld\n"
    assert shell["stdin_add_newline"] is False


@pytest.mark.parametrize("path", ["/etc/crontab", "/etc/cron.d/shop"])
def test_a_crontab_of_the_system_names_a_user(path: str) -> None:
    imported = crontab("17 * * * * backup cd / && run-it\n", path=path)

    (name,) = names(imported)
    part = only_part(imported, name)
    assert part["become"] is True
    assert part["become_user"] == "backup"
    assert part["ansible.builtin.shell"]["cmd"] == "cd / && run-it"


def test_a_command_with_braces_is_not_a_template_for_ansible() -> None:
    imported = crontab("1 1 * * * docker ps --format '{{.Names}}'\n")

    assert "cmd: !unsafe \"docker ps --format '{{.Names}}'\"" in imported.documents[0].text


def test_a_zone_of_the_crontab_wins_over_the_one_that_was_typed() -> None:
    text = (
        "1 1 * * * one\nCRON_TZ=Asia/Tokyo\n2 2 * * * two\nCRON_TZ=Nowhere/Land\n3 3 * * * three\n"
    )

    imported = crontab(text, timezone="Europe/Berlin")

    zones = [document(imported, "schedule", name)["timezone"] for name in ("one", "two", "three")]
    assert zones == ["Europe/Berlin", "Asia/Tokyo", "Europe/Berlin"]
    assert "Nowhere/Land" in told(imported, Outcome.LEFT)


@pytest.mark.parametrize(
    ("times", "gap", "fold"),
    [
        ("*/15 * * * *", "skip", "both"),
        ("5 * * * *", "skip", "both"),
        ("@hourly", "skip", "both"),
        ("30 2 * * *", "boundary", "first"),
        ("@daily", "boundary", "first"),
    ],
)
def test_summer_time_is_as_cron_has_it(times: str, gap: str, fold: str) -> None:
    imported = crontab(f"{times} work\n")

    assert document(imported, "schedule", "work")["dst"] == {"gap": gap, "fold": fold}


def test_secrets_are_never_written_and_stop_the_job_until_they_are_there() -> None:
    text = "DB_PASSWORD=hunter2\n1 1 * * * dump --password 's3cret' https://u:pa55@h/\n"

    imported = crontab(text)

    written = "".join(one.text for one in imported.documents)
    reported = "\n".join(str(remark) for remark in imported.report.remarks)
    for secret in ("hunter2", "s3cret", "pa55"):
        assert secret not in written
        assert secret not in reported
    part = only_part(imported, names(imported)[0])
    assert "undef(" in part["environment"]["DB_PASSWORD"]
    assert "undef(" in part["environment"]["IMPORTED_SECRET_1"]
    assert '"$IMPORTED_SECRET_1"' in part["ansible.builtin.shell"]["cmd"]


def test_two_lines_of_one_program_have_names_of_their_own() -> None:
    imported = crontab("1 1 * * * work\n2 2 * * * work\n")

    assert names(imported) == ["work", "work_2"] == names(imported, "schedule")


def test_mailto_is_told_with_what_to_write() -> None:
    imported = crontab("MAILTO=ops@example.com\n1 1 * * * work\n")

    assert "to: [ops@example.com]" in told(imported, Outcome.LEFT)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "NAME=value\n"])
def test_a_crontab_without_a_job_gives_nothing(text: str) -> None:
    imported = crontab(text)

    assert imported.documents == []
    assert imported.report.remarks == []


@pytest.mark.parametrize(
    "line",
    ["hello", "* * * *", "* * * * *", "1 1 1 1", "1 1 * * * ", "@daily", "%%%%", "1 1 * * * %x"],
)
def test_a_line_that_is_no_job_is_told(line: str) -> None:
    imported = crontab(f"{line}\n")

    assert imported.documents == []
    assert told(imported, Outcome.LEFT).startswith("tab:1: ")


def test_a_very_long_line_is_told_and_left_out() -> None:
    imported = crontab(f"1 1 * * * {'x' * 100_001}\n2 2 * * * work\n")

    assert names(imported) == ["work"]
    assert "100,000 characters" in told(imported, Outcome.LEFT)


@pytest.mark.parametrize(
    ("text", "problem"), [("a\0b", "no text"), ("\n" * 50_001, "50,000 lines")]
)
def test_a_file_that_is_no_crontab_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ImportFileUnread, match=problem):
        SourceFile(path="tab", text=text)


@given(text=st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_without_a_fault(text: str) -> None:
    imported = crontab(text.replace("\0", " "))

    assert len(names(imported)) == len(names(imported, "schedule"))


@st.composite
def cron_times(draw: st.DrawFn) -> str:
    def field(low: int, high: int) -> str:
        first = draw(st.integers(low, high))
        last = draw(st.integers(first, high))
        step = draw(st.integers(1, 12))
        return str(draw(st.sampled_from(["*", f"*/{step}", str(first), f"{first}-{last}",
                                         f"{first},{last}"])))  # fmt: skip

    return " ".join([field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7)])


@given(times=cron_times())
@settings(max_examples=60, deadline=None)
def test_the_schedule_of_a_line_starts_when_cronsim_says(times: str) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    (job,) = read_crontab(f"{times} work", has_user=False)
    assert isinstance(job, CrontabJob)

    written = document(crontab(f"{times} work\n"), "schedule", "work")["rules"][0]["cron"]

    oracle = CronSim(times, start - timedelta(minutes=1))
    expected = [next(oracle) for _ in range(20)]
    cron, day = parse_cron(written), start.date()
    found: list[datetime] = []
    while len(found) < len(expected):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        found += [midnight + time.since_midnight for time in cron.times_of(day)]
        day += timedelta(days=1)
    assert found[: len(expected)] == expected


@pytest.mark.parametrize(
    "before",
    [
        "# For more see crontab(5)\n#\n# m h  dom mon dow   command\n",
        "# DO NOT EDIT THIS FILE - edit the master and reinstall.\n# (Cron version V5.0)\n",
        "# .------------- minute (0 - 59)\n# |  .---------- hour\n# *  *  * user command\n",
        "# About the mail\nMAILTO=\n",
        "# A word about all\n\n",
        "# -----------\n",
    ],
)
def test_what_stands_above_a_line_and_is_no_title_gives_none(before: str) -> None:
    imported = crontab(f"{before}1 1 * * * work\n")

    assert names(imported) == ["work"]
    assert "title" not in document(imported, "network", "work")


def test_a_line_under_a_title_keeps_it() -> None:
    imported = crontab("# Nightly\n# -------\n1 1 * * * work\n")

    assert names(imported) == ["nightly"]
