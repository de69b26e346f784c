"""Lists start conditions: what has come for them, and what is missing."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown

LINE_MAX = 500


def list_triggers(*, form: Form) -> int:
    """List all start conditions."""
    with calling() as client:
        found = client.get("/triggers")
    say(found, form, lambda: _lines(found))
    return ExitCode.NORMAL


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    zone = zone_named(own_settings().zone)
    if not found["items"]:
        yield "No network and no schedule has a start condition."
    for one in found["items"]:
        yield from _of_trigger(one, zone)


def _of_trigger(one: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    whose = "schedule" if one["schedule"] else "network"
    starts = f" starts {', '.join(one['networks'])}" if one["schedule"] else ""
    yield shown(f"{whose} {one['name']}{starts}; counts since {at(one['since'], zone)}")
    if one["operating_day"] is None:
        yield "  nothing counts at this time of the day"
    if one["has_started"]:
        yield "  has started today, and does so once a day"
    for thing in one["seen"]:
        came = f"{at(thing['at'], zone)} for {thing['operating_day']}"
        yield shown(f"  came: {thing['what']} ({came})", length_max=LINE_MAX)
    for missing in one["missing"]:
        yield shown(f"  waits for: {missing}", length_max=LINE_MAX)
    if one["problem"]:
        yield shown(f"  problem: {one['problem']}", length_max=LINE_MAX)
