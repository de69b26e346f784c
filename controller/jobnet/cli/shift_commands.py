"""Lists what a shift has to know: deviations, changes, the audit, dialogs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.moments import before_now
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown

ACT_HEAD: Final = ("WHEN", "WHO", "WHAT", "TO", "WHY")
DEVIATION_HEAD: Final = ("WHAT", "DIFFERS", "SINCE", "UNTIL", "BY", "WHY")
DIALOG_HEAD: Final = ("DIALOG", "SINCE", "UNTIL", "CHOICES", "MESSAGE")


def list_deviations(form: Form) -> int:
    """List all that is not as defined."""
    with calling() as client:
        found = client.get("/deviations")
    say(found, form, lambda: deviation_lines(found["items"]))
    return ExitCode.NORMAL


def list_changes(since: str, *, limit: int, form: Form) -> int:
    """List what was changed of what future runs do."""
    with calling() as client:
        query = {"since": before_now(client, since, command="jobnet changes"), "limit": limit}
        found = client.get("/changes", **query)
    say(found, form, lambda: _act_lines(found["items"]))
    return ExitCode.NORMAL


def list_audit(subject: str, *, by: str, since: str | None, limit: int, form: Form) -> int:
    """List who did what."""
    with calling() as client:
        start = None if since is None else before_now(client, since, command="jobnet audit")
        acts = client.pages("/audit", rows_max=limit, subject=subject, by=by, since=start)
        found = list(acts)
    say({"items": found}, form, lambda: _act_lines(found))
    return ExitCode.NORMAL


def list_dialogs(form: Form) -> int:
    """List the dialogs that wait for an answer."""
    with calling() as client:
        found = client.get("/dialogs")
    say(found, form, lambda: _dialog_lines(found["items"]))
    return ExitCode.NORMAL


def deviation_lines(items: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a table of deviations."""
    zone = zone_named(own_settings().zone)
    rows = [
        (
            one["what"],
            one["kind"].replace("_", " ") + (f" {one['value']}" if one["value"] else ""),
            at(one["since"], zone),
            at(one["until"], zone),
            one["by"],
            one["reason"],
        )
        for one in items
    ]
    return columns(DEVIATION_HEAD, rows) if rows else iter(["Everything is as defined."])


def _act_lines(items: list[Mapping[str, Any]]) -> Iterator[str]:
    zone = zone_named(own_settings().zone)
    rows = [
        (
            at(one["at"], zone),
            one["by"],
            one["act"] + (" (refused)" if one["refusal"] else ""),
            one["subject"],
            one["refusal"] or one["reason"],
        )
        for one in items
    ]
    return columns(ACT_HEAD, rows) if rows else iter(["Nothing."])


def _dialog_lines(items: list[Mapping[str, Any]]) -> Iterator[str]:
    zone = zone_named(own_settings().zone)
    if not items:
        yield "No dialog waits for an answer."
        return
    yield from columns(
        DIALOG_HEAD,
        [
            (
                f"{one['run']}/{one['part']}",
                at(one["opened_at"], zone),
                at(one["due"], zone),
                ", ".join(one["choices"]),
                one["message"],
            )
            for one in items
        ],
    )
    first = items[0]
    choice = next(iter(first["choices"]), "CHOICE")
    yield shown(f"Answer one: jobnet answer {first['run']}/{first['part']} {choice}")
