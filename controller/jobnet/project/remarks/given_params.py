"""Remarks on the params that a schedule gives, against what its networks declare."""

from collections.abc import Iterator

from jobnet.definition import Network
from jobnet.project.params import Unfit, convert
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.telling import document_remark
from jobnet.project.schedule_bundles import PlannedSchedule
from jobnet.project.schema.values import is_template
from jobnet.project.shelf import Document
from jobnet.project.start_conditions import path_of, request_objection
from jobnet.project.suggestions import shown, suggest
from jobnet.schedules import AllOf, Condition, Leaf, StartCondition, leaves


def param_remarks(
    reading: Reading, document: Document, planned: PlannedSchedule
) -> Iterator[Problem]:
    """Yield what a network would refuse of the params that a schedule starts it with."""
    for name in planned.definition.networks:
        found = reading.shelf.find("network", f"/{name}", "")
        if found is not None and isinstance(found.value, Network):
            yield from _for_network(reading, document, planned, found.value)
    for name, value in planned.definition.params.items():
        if is_template(value):
            what = "This text is given as it stands: a schedule templates nothing"
            hint = "Name `operating_day` in the network itself"
            yield document_remark(
                reading.shelf, document, "not_templated", what, hint, at=f"params.{name}"
            )


def _for_network(
    reading: Reading, document: Document, planned: PlannedSchedule, network: Network
) -> Iterator[Problem]:
    schedule = planned.definition
    for name, value in schedule.params.items():
        objection = _objection(network, name, value)
        if objection is not None:
            yield _error(reading, document, *objection, at=f"params.{name}")
    for leaf in leaves(schedule.start_on.when) if schedule.start_on is not None else ():
        refused = request_objection(leaf.request_as, network.params)
        if refused is not None:
            yield _error(reading, document, *refused, at=path_of(leaf, "as"))
    given = set(schedule.params)
    if not schedule.rules and schedule.start_on is not None:
        given |= requests_given(schedule.start_on)
    for name, param in network.params.items():
        if param.required and name not in given:
            what = f"The network `{network.name}` needs `{name}`"
            hint = f"Add `{name}` to `params`"
            yield _error(reading, document, "missing_param", what, hint, at="params")


def missing_params(network: Network, condition: StartCondition) -> tuple[str, ...]:
    """Return the params without which a network's own condition cannot start it."""
    given = requests_given(condition)
    return tuple(
        name for name, param in network.params.items() if param.required and name not in given
    )


def requests_given(condition: StartCondition) -> frozenset[str]:
    """Return the params that receive what came, whichever way a condition was met."""
    return _given(condition.when)


def _given(condition: Condition) -> frozenset[str]:
    if isinstance(condition, Leaf):
        return frozenset([condition.request_as] if condition.request_as else [])
    inner = [_given(one) for one in condition.conditions]
    if isinstance(condition, AllOf):
        return frozenset().union(*inner)
    return inner[0].intersection(*inner[1:])


def _objection(network: Network, name: str, value: object) -> tuple[str, str, str] | None:
    if name not in network.params:
        what = f"The network `{network.name}` has no param `{shown(name)}`"
        hint = suggest(name, network.params, otherwise="It declares no params")
        return "unknown_param", what, hint
    try:
        convert(value, network.params[name])
    except Unfit as error:
        what = f"{str(error)[:1].upper()}{str(error)[1:]} (network `{network.name}`)"
        return "wrong_type", what, ""
    return None


def _error(
    reading: Reading, document: Document, code: str, what: str, hint: str, *, at: str
) -> Problem:
    return document_remark(reading.shelf, document, code, what, hint, at=at, level=Level.ERROR)
