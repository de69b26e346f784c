"""Remarks on what starts networks: conditions that are never met, or met too often.

Networks that start each other when they end go round for ever, unless something stops them:
that is an error, since nobody would see it before the night it happens.
"""

from collections.abc import Iterator, Mapping

from jobnet.definition import Network
from jobnet.errors import ControllerError
from jobnet.project.documents import PlainDocument
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.compiled_calendars import CompiledCalendars
from jobnet.project.remarks.given_params import missing_params
from jobnet.project.remarks.signals import Senders
from jobnet.project.remarks.start_times import below_base_time
from jobnet.project.remarks.starting_circles import circle_remarks
from jobnet.project.remarks.telling import document_remark
from jobnet.project.schedule_bundles import PlannedTrigger, planned_triggers
from jobnet.project.shelf import Document
from jobnet.project.start_conditions import path_of
from jobnet.schedules import EventArrived, Leaf, WebhookCalled, leaves


def start_remarks(
    reading: Reading, senders: Senders, calendars: CompiledCalendars
) -> Iterator[Problem]:
    """Yield what the start conditions of a reading give reason for."""
    hooks: dict[str, str] = {}
    found: list[tuple[Document, PlannedTrigger]] = []
    for document in reading.documents:
        for trigger in planned_triggers(reading, document):
            found.append((document, trigger))
            yield from _of_sources(reading, document, trigger, senders)
            if isinstance(document.value, Network):
                # What its other words name is told where bundles are made.
                yield from (one for one in trigger.problems if one.path.startswith("start_on"))
                yield from _of_network(reading, document, document.value, trigger, calendars)
            yield from _hooks(reading, document, trigger, hooks)
    yield from circle_remarks(reading, found)


def _of_sources(
    reading: Reading, document: Document, trigger: PlannedTrigger, senders: Senders
) -> Iterator[Problem]:
    for leaf in leaves(trigger.condition.when):
        if isinstance(leaf.source, EventArrived):
            objection = senders.objection(leaf.source.name)
            if objection is not None:
                at = path_of(leaf, "event", "name")
                yield document_remark(reading.shelf, document, *objection, at=at)
        if trigger.condition.once_per_day and leaf.request_as is not None:
            what = "What comes later on the same day starts nothing and is lost"
            hint = "Remove `once_per`, or `as` if it does not matter what came"
            at = path_of(leaf, "as")
            yield document_remark(reading.shelf, document, "once_per_loses", what, hint, at=at)


def _of_network(
    reading: Reading,
    document: Document,
    network: Network,
    trigger: PlannedTrigger,
    calendars: CompiledCalendars,
) -> Iterator[Problem]:
    condition = trigger.condition
    for name in missing_params(network, condition):
        what = f"What starts the network gives no `{name}`, which it needs"
        hint = "Give the param a default, or name it with `as` beside each source"
        yield document_remark(
            reading.shelf, document, "missing_param", what, hint, at="start_on", level=Level.ERROR
        )
    if condition.last is None or trigger.lacks_calendar:
        return
    try:
        calendar = calendars.of(trigger.calendar, trigger.calendars)
    except ControllerError:
        return  # told where the network names it
    if condition.last < calendar.base_time:
        at = "start_on.within.to"
        yield below_base_time(reading, document, condition.last, calendar, at=at)


def _hooks(
    reading: Reading, document: Document, trigger: PlannedTrigger, hooks: dict[str, str]
) -> Iterator[Problem]:
    """Tell of one address with two secrets: a request could be signed with one of them alone."""
    for leaf in leaves(trigger.condition.when):
        if not isinstance(leaf.source, WebhookCalled):
            continue
        if not _is_readable(reading, leaf.source.credential):
            what = f"The secret of `{leaf.source.credential}` is neither in `env` nor in a `file`"
            hint = "Say where a controller can read it; a request could not be checked with another"
            at = path_of(leaf, "webhook", "credential")
            yield document_remark(reading.shelf, document, "hook_unreadable", what, hint, at=at)
        credential = hooks.setdefault(leaf.source.path, leaf.source.credential)
        if credential != leaf.source.credential:
            what = f"The path `{leaf.source.path}` is signed with `{credential}` elsewhere"
            hint = "Name the same credential, or another path"
            yield _error(reading, document, leaf, "hook_taken", what, hint)


def _is_readable(reading: Reading, credential: str) -> bool:
    """Return whether a controller can read a secret; one that is not there is told elsewhere."""
    found = reading.shelf.find("credential", credential, "")
    if found is None or not isinstance(found.value, PlainDocument):
        return True
    value = found.value.data.get("value")
    return isinstance(value, Mapping) and bool({"env", "file"} & value.keys())


def _error(
    reading: Reading, document: Document, leaf: Leaf, code: str, what: str, hint: str
) -> Problem:
    at = path_of(leaf, "webhook", "path")
    return document_remark(reading.shelf, document, code, what, hint, at=at, level=Level.ERROR)
