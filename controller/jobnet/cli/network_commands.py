"""Shows the networks that a controller has, and how they went."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.run_rows import run_lines
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown, shown_lines, took, word_of

HEAD: Final = ("NETWORK", "VERSION", "OPEN", "LATEST", "STATE", "TITLE")


def list_networks(folder: str, *, limit: int, form: Form) -> int:
    """List networks by name."""
    with calling() as client:
        found = list(client.pages("/networks", rows_max=limit, folder=folder))
    say({"items": found}, form, lambda: columns(HEAD, map(_row, found)))
    return ExitCode.NORMAL


def show_network(name: str, form: Form) -> int:
    """Show one network."""
    with calling() as client:
        found = client.get(f"/networks/{quote(name, safe='')}")
    say(found, form, lambda: _network_lines(found))
    return ExitCode.NORMAL


def show_last(name: str, form: Form) -> int:
    """Show how a network went last."""
    with calling() as client:
        found = client.get(f"/networks/{quote(name, safe='')}/last")
    say(found, form, lambda: _last_lines(found))
    return ExitCode.NORMAL


def _row(network: Mapping[str, Any]) -> tuple[object, ...]:
    latest = network["latest"]
    state = "" if latest is None else word_of(latest["state"])
    return (
        network["name"],
        network["version"],
        network["open_runs"],
        "" if latest is None else latest["run"],
        "Suspended" if network["suspended"] else state,
        network["title"],
    )


def _network_lines(network: Mapping[str, Any]) -> Iterator[str]:
    zone = zone_named(own_settings().zone)
    title = f": {network['title']}" if network["title"] else ""
    yield shown(f"{network['name']}{title}")
    when = at(network["applied_at"], zone)
    yield shown(f"version {network['version']}, applied {when} by {network['applied_by']}")
    yield shown(f"{network['path']}:{network['line']}", length_max=500)
    if network["suspended"]:
        yield shown(f"suspended: {network['suspended']['what']}")
    yield ""
    yield from shown_lines(network["text"] or "")
    if network["runs"]:
        yield ""
        yield from run_lines(network["runs"])


def _last_lines(last: Mapping[str, Any]) -> Iterator[str]:
    if not last["runs"]:
        yield f"{shown(last['network'])} has not run yet; jobnet start {shown(last['network'])}"
        return
    yield from run_lines(last["runs"])
    if last["usual_seconds"] is not None:
        yield f"It usually takes {took(timedelta(seconds=last['usual_seconds']))}."
    normal = last["latest_normal"]
    if normal is None:
        yield "None of the runs that are kept has ended normally."
    elif normal["run"] != last["runs"][0]["run"]:
        yield f"The last one that ended normally is {normal['run']}."
