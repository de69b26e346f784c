"""Timers of systemd become networks and schedules, with their services."""

from pathlib import Path
from textwrap import dedent

import pytest
from jobnet.schedules.compilation import RULES_MAX
from jobnet.services.importing import Imported, ImportWishes, Outcome, SourceFile, import_timers
from jobnet.services.importing.unit_files import read_span

from tests.services.importing.importing import document, names, objections, only_part, told

TIMER = """
    [Unit]
    Description=Every night
    [Timer]
    OnCalendar=Mon..Fri *-*-* 02:30
    Persistent=true
"""
SERVICE = """
    [Service]
    Type=oneshot
    User=backup
    WorkingDirectory=/srv
    Environment="LANG=C UTF" LEVEL=3
    ExecStart=/usr/bin/backup --all \\
      --quiet
    TimeoutStartSec=10min
"""


def imported(timer: str = TIMER, service: str | None = SERVICE, **wishes: str) -> Imported:
    files = {"backup.timer": timer} | ({"backup.service": service} if service else {})
    return import_timers(
        [SourceFile(path=f"units/{name}", text=dedent(text)) for name, text in files.items()],
        ImportWishes(**wishes),  # type: ignore[arg-type]
    )


def timer(*lines: str) -> str:
    return "[Timer]\n" + "\n".join(lines) + "\n"


def service(*lines: str) -> str:
    return "[Service]\n" + "\n".join(lines) + "\n"


def test_a_timer_and_its_service_become_a_network_and_a_schedule(tmp_path: Path) -> None:
    found = imported()

    part = only_part(found, "backup")
    schedule = document(found, "schedule", "backup")
    assert part["ansible.builtin.shell"] == {
        "cmd": "/usr/bin/backup --all --quiet",
        "chdir": "/srv",
    }
    assert part["environment"] == {"LANG": "C UTF", "LEVEL": "3"}
    assert part["become_user"] == "backup"
    assert part["timeout"] == "10m"
    assert schedule["rules"] == [{"cron": "30 2 * * 1-5"}]
    assert schedule["misfire"] == {"policy": "run_latest"}
    assert told(found, Outcome.LEFT) == ""
    assert objections(found, tmp_path) == []


def test_what_is_not_persistent_is_not_caught_up() -> None:
    found = imported(timer("OnCalendar=daily"))

    assert document(found, "schedule", "backup")["misfire"] == {"policy": "skip"}


def test_commands_before_and_after_are_parts_of_their_own(tmp_path: Path) -> None:
    text = service(
        "ExecStartPre=-/bin/mkdir /x", "ExecStart=/bin/one", "ExecStart=/bin/two",
        "ExecStartPost=+/bin/sync", "ExecStopPost=/bin/rm /lock", "User=app",
    )  # fmt: skip

    found = imported(service=text)

    (block,) = document(found, "network", "backup")["flow"]
    assert [part["id"] for part in block["block"]] == ["before", "run", "run_2", "after"]
    assert block["block"][0]["failed_when"] is False
    assert block["block"][3]["become_user"] == "root"
    assert [part["id"] for part in block["always"]] == ["at_end"]
    assert objections(found, tmp_path) == []


def test_each_zone_of_a_timer_has_a_schedule_of_its_own(tmp_path: Path) -> None:
    text = timer(
        "OnCalendar=daily UTC", "OnCalendar=*-*~1 03:00 Asia/Tokyo", "OnCalendar=weekly UTC"
    )

    found = imported(text, timezone="Europe/Berlin")

    assert names(found, "schedule") == ["backup", "backup_2"]
    first, second = (document(found, "schedule", name) for name in names(found, "schedule"))
    assert (first["timezone"], len(first["rules"])) == ("UTC", 2)
    assert (second["timezone"], len(second["rules"])) == ("Asia/Tokyo", 1)
    assert objections(found, tmp_path) == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("OnUnitActiveSec=15min", {"repeat": {"every": "15m", "from": "00:00", "to": "23:59",
                                              "measured": "start"}}),
        ("OnUnitInactiveSec=1h 30min", {"repeat": {"every": "1h30m", "from": "00:00",
                                                   "to": "23:59", "measured": "end"}}),
        ("OnUnitActiveSec=2d", {"every": {"n": 2, "unit": "day", "from": "2026-01-01"},
                                "at": ["00:00"]}),
    ],
)  # fmt: skip
def test_a_timer_that_counts_from_its_last_run_becomes_a_repetition(
    line: str, rule: dict[str, object], tmp_path: Path
) -> None:
    found = imported(timer("OnBootSec=5min", line))

    (written,) = document(found, "schedule", "backup")["rules"]
    assert {**written, **({"every": {**written["every"], "from": str(written["every"]["from"])}}
                          if "every" in written else {})} == rule  # fmt: skip
    assert "was counted from the last" in told(found, Outcome.CHANGED)
    assert "OnBootSec=5min" in told(found, Outcome.LEFT)
    assert objections(found, tmp_path) == []


@pytest.mark.parametrize(
    "line",
    ["OnCalendar=*:*:0/10", "OnCalendar=nonsense", "OnUnitActiveSec=10s", "OnUnitActiveSec=25h",
     "OnBootSec=1min", "OnUnitActiveSec=often"],
)  # fmt: skip
def test_a_timer_whose_times_cannot_be_carried_is_told(line: str) -> None:
    found = imported(timer(line))

    assert found.documents == []
    assert "none of its times can be carried" in told(found, Outcome.LEFT)


def test_a_rule_that_cannot_be_carried_does_not_take_the_others_along() -> None:
    found = imported(timer("OnCalendar=daily", "OnCalendar=*:*:0/10"))

    assert len(document(found, "schedule", "backup")["rules"]) == 1
    assert "more often than once a minute" in told(found, Outcome.LEFT)


def test_an_empty_assignment_takes_back_those_before_it() -> None:
    found = imported(timer("OnCalendar=daily", "OnCalendar=", "OnCalendar=weekly"))

    assert document(found, "schedule", "backup")["rules"] == [{"cron": "0 0 * * 1"}]


@pytest.mark.parametrize(
    "text", [None, "[Service]\nType=forking\nExecStart=/bin/d\n", "[Service]\n"]
)
def test_a_service_that_cannot_be_read_is_started_by_systemd(
    text: str | None, tmp_path: Path
) -> None:
    found = imported(service=text)

    part = only_part(found, "backup")
    assert part["ansible.builtin.systemd_service"] == {"name": "backup.service", "state": "started"}
    assert "backup.service" in told(found, Outcome.CHANGED)
    assert objections(found, tmp_path) == []


@pytest.mark.parametrize(
    ("line", "told_word"),
    [
        ("EnvironmentFile=/etc/default/x", "EnvironmentFile"),
        ("Restart=on-failure", "`retry`"),
        ("ProtectSystem=strict", "ProtectSystem"),
        ("Environment=API_TOKEN=abc", "API_TOKEN"),
        ("SuccessExitStatus=3", "exit_codes"),
    ],
)
def test_what_a_service_says_besides_is_told(line: str, told_word: str) -> None:
    found = imported(service=service("ExecStart=/bin/x", line))

    assert told_word in told(found, Outcome.LEFT)
    assert "abc" not in "".join(one.text for one in found.documents)


def test_what_a_timer_says_besides_is_told() -> None:
    found = imported(timer("OnCalendar=daily", "RandomizedDelaySec=1h", "WakeSystem=true", "Odd=1"))

    left = told(found, Outcome.LEFT)
    assert all(word in left for word in ("RandomizedDelaySec=1h", "WakeSystem=true", "Odd=1"))


def test_a_command_that_only_systemd_can_fill_in_is_told() -> None:
    found = imported(service=service("ExecStart=/bin/x %H"))

    assert found.documents == []
    assert "%H is filled in by systemd alone" in told(found, Outcome.LEFT)


def test_units_that_belong_to_no_timer_and_templates_are_told() -> None:
    files = [SourceFile(path="lonely.service", text=service("ExecStart=/bin/x")),
             SourceFile(path="many@.timer", text=timer("OnCalendar=daily"))]  # fmt: skip

    found = import_timers(files, ImportWishes())

    assert found.documents == []
    assert "no timer that was given starts it" in told(found, Outcome.LEFT)
    assert "it is a template" in told(found, Outcome.LEFT)


def test_a_unit_of_a_user_runs_as_whoever_reaches_the_host() -> None:
    files = [SourceFile(path=f"/home/ann/.config/systemd/user/x.{kind}", text=text)
             for kind, text in (("timer", timer("OnCalendar=daily")),
                                ("service", service("ExecStart=/bin/x")))]  # fmt: skip

    part = only_part(import_timers(files, ImportWishes()), "x")

    assert "become" not in part
    assert part["ansible.builtin.shell"]["chdir"] == "~"


@pytest.mark.parametrize("text", ["", "no section", "[Timer]\nwords\n", "[[[]", "=\n[Timer]\n=x"])
def test_a_file_that_sets_nothing_gives_nothing(text: str) -> None:
    found = imported(text, service=None)

    assert found.documents == []
    assert told(found, Outcome.LEFT)


@pytest.mark.parametrize("text", ["", "5 apples", "-5min", "0", "1e9", "9999999999", "99999d"])
def test_a_time_span_that_is_none_is_refused(text: str) -> None:
    assert read_span(text) is None


def test_what_follows_from_the_name_of_a_unit_is_filled_in() -> None:
    unit = service("ExecStart=/bin/x", "User=%i", "WorkingDirectory=/srv/%i", "Environment=A=%p")
    files = [
        SourceFile(path="job@shop.timer", text=timer("OnCalendar=daily UTC")),
        SourceFile(path="job@shop.service", text=unit),
    ]

    found = import_timers(files, ImportWishes())

    part = only_part(found, names(found)[0])
    assert part["become_user"] == "shop"
    assert part["ansible.builtin.shell"]["chdir"] == "/srv/shop"
    assert part["environment"] == {"A": "job"}


def test_two_units_of_one_name_are_told() -> None:
    files = [SourceFile(path=f"{folder}/x.timer", text=timer("OnCalendar=daily UTC"))
             for folder in ("a", "b")]  # fmt: skip

    found = import_timers(files, ImportWishes())

    assert names(found) == ["x"]
    assert "b/x.timer: x.timer: a unit of this name was given before" in told(found, Outcome.LEFT)


def test_a_date_that_never_comes_is_told() -> None:
    found = imported(timer("OnCalendar=*-02-30"))

    assert found.documents == []
    assert "never start" in told(found, Outcome.LEFT)


def test_more_times_than_a_schedule_may_have_are_told(tmp_path: Path) -> None:
    times = [f"OnCalendar=*-*-* {n // 60}:{n % 60}" for n in range(RULES_MAX + 1)]

    found = imported(timer(*times))

    assert len(document(found, "schedule", "backup")["rules"]) == RULES_MAX
    assert f"it has {RULES_MAX + 1} times" in told(found, Outcome.LEFT)
    assert objections(found, tmp_path) == []
