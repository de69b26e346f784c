"""Says instants of a controller in the zone of this terminal, always with the zone's name."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jobnet.cli.wording import took, wall


def zone_named(name: str) -> ZoneInfo:
    """Return a zone; one that this machine does not know is shown as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def read(text: object) -> datetime | None:
    """Return an instant of a document, None where there is none."""
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def at(text: object, zone: ZoneInfo) -> str:
    """Return an instant as wall time, "" where there is none."""
    instant = read(text)
    return "" if instant is None else wall(instant, zone)


def lasted(started: object, ended: object, *, now: datetime | None = None) -> str:
    """Return how long something took, or has taken until now; "" where it has not begun."""
    first, last = read(started), read(ended) or now
    return "" if first is None or last is None else took(max(last - first, timedelta(0)))
