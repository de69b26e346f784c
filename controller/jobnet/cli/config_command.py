"""Prints the configuration of this process: every variable, its value, and where it comes from."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from jobnet.cli.calling import own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.typed import Form
from jobnet.client.address import place_of
from jobnet.settings import Settings

HIDDEN = "***"
HEAD = ("VARIABLE", "FROM", "VALUE")


def show_settings(form: Form) -> int:
    """Print the settings and return the exit status."""
    found = [
        {"variable": name, "value": value, "origin": _origin(name)}
        for name, value in _values(own_settings())
    ]
    rows = [(one["variable"], one["origin"], one["value"]) for one in found]
    say({"settings": found}, form, lambda: columns(HEAD, rows))
    return ExitCode.NORMAL


def _origin(name: str) -> str:
    return "environment" if os.environ.get(name) else "default"


def _values(settings: Settings) -> Iterator[tuple[str, object]]:
    """Yield every variable with what it comes to; a secret only with whether there is one."""
    mail = settings.mail
    yield "JOBNET_HOME", str(place_of(settings).folder.parent)
    yield "JOBNET_HOST", settings.host
    yield "JOBNET_PORT", settings.port
    yield "JOBNET_DATABASE", without_password(settings.database) or "a file of the state home"
    yield "JOBNET_JOBS_MAX", settings.jobs_max
    yield "JOBNET_KEEP_DAYS", settings.keep_days
    yield "JOBNET_KEEP_RUNS", settings.keep_runs
    yield "JOBNET_DISK_KEPT_MIB", settings.disk_kept_mib
    yield "JOBNET_WARM", "on" if settings.warm else "off"
    yield "JOBNET_SMTP_URL", "" if mail is None else without_password(_url())
    yield "JOBNET_MAIL_FROM", "" if mail is None else mail.sender
    yield "JOBNET_WEBHOOK_TIMEOUT_SECONDS", settings.webhook_timeout_seconds
    yield "JOBNET_URL", without_password(settings.url)
    yield "JOBNET_TOKEN", HIDDEN if settings.token else ""
    yield "TZ", settings.zone


def _url() -> str:
    return os.environ.get("JOBNET_SMTP_URL", "")


def without_password(url: str) -> str:
    """Return an address whose password cannot be read.

    >>> without_password("postgresql://ann:s3cret@db/jobnet?sslkey=k")
    'postgresql://ann:***@db/jobnet'
    """
    parts = urlsplit(url)
    if not parts.netloc:
        return url if "@" not in url else HIDDEN
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    netloc = f"{name}{colon}{HIDDEN if colon else ''}{at}{host}"
    return parts._replace(netloc=netloc, query="", fragment="").geturl()
