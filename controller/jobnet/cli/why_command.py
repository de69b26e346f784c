"""Says why a run or network does not run, or why it failed, with the next commands to type."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.meant import Meant, find
from jobnet.cli.plan_keys import key_text
from jobnet.cli.start_times import when
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown, word_of
from jobnet.client import Client
from jobnet.errors.client import ControllerRefused, NothingMeant

TEXT_MAX = 500


def show_why(about: str, form: Form) -> int:
    """Say why, and return the exit status."""
    with calling() as client:
        found = _ask(client, about)
    say(found, form, lambda: why_lines(found))
    return ExitCode.NORMAL


def _ask(client: Client, about: str) -> Any:  # noqa: ANN401 - JSON, as it comes
    """Ask about a run if the text means one, else about a network."""
    try:
        meant = find(client, about)
        return client.get(f"{Meant(run=meant.run).path}/why")
    except NothingMeant as unclear:
        if unclear.found or about.startswith("@"):
            raise
    except ControllerRefused as refused:
        if refused.told != "run_not_found":
            raise
    return client.get(f"/networks/{quote(about, safe='')}/why")


def why_lines(why: Mapping[str, Any]) -> Iterator[str]:
    """Yield the answer for people."""
    zone = zone_named(own_settings().zone)
    yield shown(why["sentence"], length_max=TEXT_MAX)
    for each in why["waiting"]:
        wait = each["waiting_on"]
        what = f": {wait['what']}" if wait["what"] else ""
        since, until = at(wait["since"], zone), at(wait["expected_at"], zone)
        times = f", since {since}" if since else ""
        times += f", expected {until}" if until else ""
        name = each["part"] or "the run"
        kind = wait["kind"].replace("_", " ")
        yield "  " + shown(f"{name} waits for {kind}{what}{times}", length_max=TEXT_MAX)
        yield "    " + shown(f"up to: {wait['who_can_resolve']}")
    for failure in why["failures"]:
        yield from _failure_lines(failure)
    yield from _outlook_lines(why)
    if why["hints"]:
        yield "Next:"
        width = max(len(shown(hint["command"])) for hint in why["hints"])
        for hint in why["hints"]:
            yield f"  {shown(hint['command']):<{width}}  # {shown(hint['purpose'])}"


def _outlook_lines(why: Mapping[str, Any]) -> Iterator[str]:
    for start in why.get("starts", ()):
        line = f"starts {when(start)}: {word_of(start['state'])}, {key_text(start)}"
        yield "  " + shown(line, length_max=TEXT_MAX)
    for said in why.get("silent", ()):
        yield "  " + shown(said, length_max=TEXT_MAX)


def _failure_lines(failure: Mapping[str, Any]) -> Iterator[str]:
    code = "" if failure["exit_code"] is None else f", exit code {failure['exit_code']}"
    handled = f", handled by {failure['handled']}" if failure["handled"] else ""
    said = f": {failure['message']}" if failure["message"] else ""
    line = f"{failure['part']}: {word_of(failure['state'])}{code}{handled}{said}"
    yield "  " + shown(line, length_max=TEXT_MAX)
    if failure["host"]:
        yield "    " + shown(f"{failure['host']}: {failure['host_message']}", length_max=TEXT_MAX)
