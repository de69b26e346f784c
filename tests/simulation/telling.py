"""Writes a bundle and a track as text, for the one who has to understand a failed night."""

from collections.abc import Iterator
from dataclasses import fields

from jobnet.definition import Bundle, Flow, Part, flows_of
from jobnet.engine import Tracker, track
from jobnet.expressions import Expression, Template

_SHOWN_APART = {"flow", "rescue", "always", "cases", "else_flow", "branches", "content"}


def told(bundle: Bundle) -> str:
    """Return the networks of a bundle, a line per part."""
    lines: list[str] = []
    for network in bundle.networks.values():
        lines.append(f"network {network.name} {_changed(network, {'name', 'flow', 'outputs'})}")
        lines += _told_flow(network.flow, 1)
    return "\n".join(lines)


def _told_flow(flow: Flow, depth: int) -> Iterator[str]:
    for part in flow:
        yield "  " * depth + _told_part(part)
        for slot, inner in flows_of(part):
            yield "  " * depth + f" {slot}:"
            yield from _told_flow(inner, depth + 1)


def _told_part(part: Part) -> str:
    attributes = _changed(part, {"id", "body"})
    return f"{part.id}: {_changed(part.body, _SHOWN_APART)} {attributes}"


def _changed(value: object, without: set[str]) -> str:
    """Return the fields of a value that are not what they are by default."""
    found = []
    for each in fields(value):  # type: ignore[arg-type]
        held = getattr(value, each.name)
        factory = each.default_factory
        default = factory() if callable(factory) else each.default
        if each.name in without or held == default:
            continue
        if isinstance(held, Expression | Template):
            held = held.text
        elif hasattr(held, "__dataclass_fields__"):
            held = f"({_changed(held, set())})"
        found.append(f"{each.name}={held}")
    return " ".join(found)


def told_track(tracker: Tracker) -> str:
    """Return where every part of a run stands."""
    lines = []
    if tracker.run is not None:
        run = tracker.run
        lines.append(f"run {run.state.value} {run.halt} {run.message} due={tracker.due}")
    for line in track(tracker):
        reason = "" if line.reason is None else line.reason.value
        lines.append(
            "  " * line.depth + f"{line.shown_key} {line.slot}: {line.state.value} {reason}"
            f" {line.record.message if line.record else ''}"
        )
    return "\n".join(lines)
