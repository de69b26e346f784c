"""Reads a window document into its definition, with all that is wrong with it."""

from jobnet.project.documents import folder_of
from jobnet.project.nodes import Mapping
from jobnet.project.schema.days import day_rule
from jobnet.project.schema.schedules import WindowShape
from jobnet.project.validation import Text, check
from jobnet.schedules import WindowDefinition, WindowRule


def read_window(node: Mapping, text: Text, folder: str) -> WindowDefinition | None:
    """Return a window; each span of its rules is a rule of the definition."""
    shape = check(WindowShape, node, text=text, path="")
    if shape is None:
        return None
    return WindowDefinition(
        name=shape.name,
        folder=folder_of(shape, folder),
        title=shape.title,
        hosts=shape.hosts,
        nodes=tuple(shape.nodes),
        queues=tuple(shape.queues),
        networks=tuple(shape.networks),
        rules=tuple(
            WindowRule(days=day_rule(rule), first=first, last=last)
            for rule in shape.rules
            for first, last in rule.spans
        ),
        action=shape.action,
        calendar=shape.calendar,
        timezone=shape.timezone,
        valid_from=shape.valid.from_ if shape.valid else None,
        valid_to=shape.valid.to if shape.valid else None,
    )
