"""Names the runs of a forecast as a controller would name them, each once."""

from zoneinfo import ZoneInfo

from jobnet.services.forecast.asked import PlannedStart


class RunNames:
    """The names that have been given."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def name(self, start: PlannedStart) -> str:
        """Return the name of a planned start: ``load-2026-05-29-2155``, ``...-2``."""
        wall = start.start.astimezone(ZoneInfo(start.zone))
        stem = f"{start.network.replace('/', '.')}-{start.operating_day}-{wall:%H%M}"
        number = self._taken.get(stem, 0)
        while True:
            number += 1
            name = stem if number == 1 else f"{stem}-{number}"
            if number == 1 or name not in self._taken:
                break
        self._taken[stem] = number
        self._taken.setdefault(name, 1)
        return name

    def take(self, name: str) -> None:
        """Note a name that somebody has already."""
        self._taken.setdefault(name, 1)


def repeated_key(key: str) -> str:
    """Return the key of the start that is counted from the end of another.

    >>> repeated_key("s|n|2026-05-29|06:00"), repeated_key("s|n|2026-05-29|06:00+1")
    ('s|n|2026-05-29|06:00+1', 's|n|2026-05-29|06:00+2')
    """
    stem, plus, number = key.rpartition("+")
    if plus and number.isdecimal():
        return f"{stem}+{int(number) + 1}"
    return f"{key}+1"
