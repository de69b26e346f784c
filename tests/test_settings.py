"""The configuration, read from an environment."""

from pathlib import Path

import pytest
from jobnet.errors.play import SettingRefused
from jobnet.settings import read_settings

ZONES = Path("/nowhere")


def test_nothing_set_is_a_configuration_too() -> None:
    settings = read_settings({}, zone_link=ZONES)

    assert (settings.home, settings.mail, settings.operator, settings.zone) == (
        "",
        None,
        "operator",
        "UTC",
    )


def test_a_mail_server_is_read_from_its_url() -> None:
    url = "smtps://ann:s3%40cret@mail.example.com"
    environment = {"JOBNET_SMTP_URL": url, "JOBNET_MAIL_FROM": "night@example.com"}

    mail = read_settings(environment, zone_link=ZONES).mail

    assert mail is not None
    assert (mail.host, mail.port, mail.is_tls, mail.sender) == (
        "mail.example.com",
        465,
        True,
        "night@example.com",
    )
    assert (mail.user, mail.password) == ("ann", "s3@cret")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOBNET_SMTP_URL", "mail.example.com:25"),
        ("JOBNET_SMTP_URL", "http://mail"),
        ("JOBNET_SMTP_URL", "smtp://"),
        ("JOBNET_SMTP_URL", "smtp://ann:hunter2@mail:many"),
        ("JOBNET_JOBS_MAX", "0"),
        ("JOBNET_KEEP_DAYS", "0"),
        ("JOBNET_KEEP_DAYS", "36501"),
        ("JOBNET_KEEP_RUNS", "1e5"),
        ("JOBNET_KEEP_RUNS", "99999999"),
        ("JOBNET_JOBS_MAX", "-1"),
        ("JOBNET_JOBS_MAX", "many"),
        ("JOBNET_WARM", "maybe"),
        ("JOBNET_WARM", "0 "),
        ("JOBNET_PORT", "65536"),
        ("JOBNET_PORT", "http"),
        ("JOBNET_DATABASE", "hunter2"),
        ("JOBNET_DATABASE", "mysql://ann:hunter2@db/jobnet"),
        ("JOBNET_URL", "night.example.com"),
        ("JOBNET_URL", "http://ann:hunter2@night:many"),
        ("JOBNET_TOKEN", "hunter2\n"),
        ("JOBNET_TOKEN", "hunter2\u2028"),
        ("JOBNET_WEBHOOK_TIMEOUT_SECONDS", "0"),
        ("JOBNET_WEBHOOK_TIMEOUT_SECONDS", "nan"),
        ("JOBNET_WEBHOOK_TIMEOUT_SECONDS", "soon"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_without_being_told(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name) as caught:
        read_settings({name: value}, zone_link=ZONES)

    assert "hunter2" not in str(caught.value)


def test_a_sender_must_be_one_address() -> None:
    environment = {"JOBNET_SMTP_URL": "smtp://mail", "JOBNET_MAIL_FROM": "a@b\nBcc: c@d"}

    with pytest.raises(SettingRefused, match="JOBNET_MAIL_FROM"):
        read_settings(environment, zone_link=ZONES)


@pytest.mark.parametrize(
    ("word", "warm"),
    [("", True), ("on", True), ("YES", True), ("true", True), ("off", False), ("No", False)],
)
def test_warm_starts_are_switched_off_for_the_whole_installation(word: str, *, warm: bool) -> None:
    assert read_settings({"JOBNET_WARM": word}, zone_link=ZONES).warm is warm
    assert read_settings({}, zone_link=ZONES).warm


@pytest.mark.parametrize(
    ("tz", "zone"),
    [("Asia/Tokyo", "Asia/Tokyo"), (":Asia/Tokyo", "Asia/Tokyo"), ("JST-9", "UTC"),
     ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin")],
)  # fmt: skip
def test_the_zone_of_the_machine_is_found(tz: str, zone: str) -> None:
    assert read_settings({"TZ": tz}, zone_link=ZONES).zone == zone


def test_the_zone_is_where_the_link_points(tmp_path: Path) -> None:
    data = tmp_path / "zoneinfo" / "Asia" / "Tokyo"
    data.parent.mkdir(parents=True)
    data.touch()
    link = tmp_path / "localtime"
    link.symlink_to(data)

    assert read_settings({}, zone_link=link).zone == "Asia/Tokyo"


def test_a_controller_listens_on_this_machine_only_unless_told() -> None:
    settings = read_settings({}, zone_link=ZONES)

    assert (settings.host, settings.port, settings.database) == ("127.0.0.1", 8620, "")
    assert (settings.url, settings.token) == ("", "")


def test_no_password_and_no_token_appears_where_the_settings_are_printed() -> None:
    database = "postgresql://jobnet:hunter2@db.example.com/jobnet"

    settings = read_settings(
        {"JOBNET_DATABASE": database, "JOBNET_TOKEN": "hunter2"}, zone_link=ZONES
    )

    assert (settings.database, settings.token) == (database, "hunter2")
    assert "hunter2" not in repr(settings)


def test_the_address_of_a_controller_loses_its_last_slash() -> None:
    settings = read_settings({"JOBNET_URL": "https://night.example.com/"}, zone_link=ZONES)

    assert settings.url == "https://night.example.com"


def test_how_long_runs_are_kept_is_read() -> None:
    usual = read_settings({}, zone_link=ZONES)
    told = read_settings({"JOBNET_KEEP_DAYS": "7", "JOBNET_KEEP_RUNS": "50"}, zone_link=ZONES)

    assert (usual.keep_days, usual.keep_runs) == (90, 100_000)
    assert (told.keep_days, told.keep_runs) == (7, 50)
