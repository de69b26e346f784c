"""Reads the configuration of this process from its environment, once.

``JOBNET_HOME`` is the state home; ``JOBNET_SMTP_URL`` says where mail is handed over
(``smtp://host:port`` or ``smtps://user:password@host:port``), ``JOBNET_MAIL_FROM`` from whom it
comes, ``JOBNET_WEBHOOK_TIMEOUT_SECONDS`` how long a web address may take to answer,
``JOBNET_JOBS_MAX`` how many unit jobs run at once, and ``JOBNET_WARM`` whether any job may start
warm: ``off`` holds for all of them, whatever a definition says.

A controller listens at ``JOBNET_HOST`` and ``JOBNET_PORT`` and keeps its runs in
``JOBNET_DATABASE`` (``postgresql://user:password@host/name``; nothing: a file of the state home).
It removes runs ``JOBNET_KEEP_DAYS`` days after their end, and keeps ``JOBNET_KEEP_RUNS`` at most.
The other commands find a controller of this machine by themselves; ``JOBNET_URL`` and
``JOBNET_TOKEN`` name another one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jobnet.errors.play import SettingRefused
from jobnet.ports.mail_server import MailServer

SENDER = "jobnet@localhost"
PORTS = {"smtp": 25, "smtps": 465}
JOBS_MAX = 8
OPERATOR = "operator"
ZONE = "UTC"
WEBHOOK_TIMEOUT_SECONDS = 10.0
HOST = "127.0.0.1"
PORT = 8620
KEEP_DAYS = 90
DISK_KEPT_MIB = 256
KEEP_RUNS = 100_000
_TIMEOUT_MAX = 300.0
_PORT_MAX = 65535
_WORDS = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What this process was configured with; ``home`` "" means the user's state folder."""

    home: str = ""
    mail: MailServer | None = None
    webhook_timeout_seconds: float = WEBHOOK_TIMEOUT_SECONDS
    jobs_max: int = JOBS_MAX
    warm: bool = True
    operator: str = OPERATOR
    zone: str = ZONE
    host: str = HOST
    port: int = PORT
    database: str = field(default="", repr=False)
    keep_days: int = KEEP_DAYS
    keep_runs: int = KEEP_RUNS
    disk_kept_mib: int = DISK_KEPT_MIB
    url: str = ""
    token: str = field(default="", repr=False)


def read_settings(environment: Mapping[str, str], *, zone_link: Path) -> Settings:
    """Return the settings; ``zone_link`` is where the machine says its zone (/etc/localtime)."""
    user = environment.get("LOGNAME") or environment.get("USER") or OPERATOR
    return Settings(
        home=environment.get("JOBNET_HOME", ""),
        mail=_mail(environment),
        webhook_timeout_seconds=_timeout(environment),
        jobs_max=_jobs_max(environment),
        warm=_warm(environment),
        operator=user[:64],
        zone=_zone(environment, zone_link),
        host=environment.get("JOBNET_HOST") or HOST,
        port=port_of(environment.get("JOBNET_PORT") or str(PORT)),
        database=database_of(environment.get("JOBNET_DATABASE", "")),
        keep_days=_number(environment, "JOBNET_KEEP_DAYS", KEEP_DAYS, most=36_500),
        keep_runs=_number(environment, "JOBNET_KEEP_RUNS", KEEP_RUNS, most=10_000_000),
        disk_kept_mib=_number(environment, "JOBNET_DISK_KEPT_MIB", DISK_KEPT_MIB, most=100_000_000),
        url=_url(environment.get("JOBNET_URL", "")),
        token=_token(environment.get("JOBNET_TOKEN", "")),
    )


def port_of(text: str) -> int:
    """Return the port to listen at; 0 lets the system choose one."""
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or int(text) > _PORT_MAX:
        raise SettingRefused("JOBNET_PORT", problem=f"must be a whole number up to {_PORT_MAX}")
    return int(text)


def database_of(text: str) -> str:
    """Return the address of a PostgreSQL database, or "" for the file of the state home."""
    if text and not re.match(r"postgres(ql)?://[^/?#]", text):
        problem = "must look like postgresql://user:password@host/name"
        raise SettingRefused("JOBNET_DATABASE", problem=problem)
    return text


def _number(environment: Mapping[str, str], name: str, usual: int, *, most: int) -> int:
    text = environment.get(name) or str(usual)
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text, re.ASCII) or int(text) > most:
        raise SettingRefused(name, problem=f"must be a whole number from 1 to {most}")
    return int(text)


def _url(text: str) -> str:
    name = "JOBNET_URL"
    try:
        parts = urlsplit(text)
        is_fine = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError as error:
        raise SettingRefused(name, problem="has no port that is a number") from error
    if text and not is_fine:
        raise SettingRefused(name, problem="must look like http://host:port or https://host")
    return text.rstrip("/")


def _token(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise SettingRefused(
            "JOBNET_TOKEN", problem="must be ASCII text without control characters"
        )
    return text.strip()


def _mail(environment: Mapping[str, str]) -> MailServer | None:
    url = environment.get("JOBNET_SMTP_URL", "")
    if not url:
        return None
    name = "JOBNET_SMTP_URL"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingRefused(name, problem="has no port that is a number") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise SettingRefused(name, problem="must look like smtp://host:port or smtps://host:port")
    return MailServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        sender=_sender(environment),
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _sender(environment: Mapping[str, str]) -> str:
    sender = environment.get("JOBNET_MAIL_FROM", SENDER)
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", sender):
        raise SettingRefused("JOBNET_MAIL_FROM", problem="must be one address: name@example.com")
    return sender


def _timeout(environment: Mapping[str, str]) -> float:
    name = "JOBNET_WEBHOOK_TIMEOUT_SECONDS"
    text = environment.get(name, "")
    if not text:
        return WEBHOOK_TIMEOUT_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _TIMEOUT_MAX:
        raise SettingRefused(name, problem=f"must be a number of seconds up to {_TIMEOUT_MAX:g}")
    return seconds


def _jobs_max(environment: Mapping[str, str]) -> int:
    name = "JOBNET_JOBS_MAX"
    text = environment.get(name, str(JOBS_MAX))
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise SettingRefused(name, problem="must be a whole number from 1 to 9999")
    return int(text)


def _warm(environment: Mapping[str, str]) -> bool:
    name = "JOBNET_WARM"
    word = environment.get(name) or "on"
    if word.lower() not in _WORDS:
        raise SettingRefused(name, problem="must be on or off")
    return _WORDS[word.lower()]


def _zone(environment: Mapping[str, str], zone_link: Path) -> str:
    """Return the machine's IANA zone as ``TZ`` or the link to its zone data names it."""
    named = environment.get("TZ", "").removeprefix(":")
    if "/" in named and not named.startswith("/"):
        return named
    try:
        target = named or str(zone_link.resolve(strict=True))
    except OSError:
        return ZONE
    _, found, name = target.partition("zoneinfo/")
    return name if found else ZONE
