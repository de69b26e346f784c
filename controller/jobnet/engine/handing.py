"""Collects what a unit job is handed of its run, as plain data.

Ansible sees these as unsafe values: they are never templated again. Only the parts that the
job's text names are handed over; a playbook, whose text is not looked through, gets all.
"""

from jobnet.definition import UnitJob
from jobnet.engine.binding import plain
from jobnet.engine.layout import address_of
from jobnet.engine.names import Names, loop_names, params_of, run_data
from jobnet.engine.part_views import PartsView, PartView
from jobnet.engine.standing import flow_of, run_of
from jobnet.engine.tracker import FlowRecord, Tracker
from jobnet.errors.expressions import ExpressionFailed
from jobnet.ids import PartKey

ALL_PARTS_MAX = 200
"""In a network of more parts a playbook is handed only those that have begun."""


def handed_over(tracker: Tracker, job: UnitJob, key: PartKey, names: Names) -> dict[str, object]:
    """Return params, parts, operating_day, run, loop names and, in a rescue, ``failed``."""
    flow = _flow(tracker, key)
    parts = names["parts"]
    assert isinstance(parts, PartsView), "parts is always the view of the run's parts"
    return {
        "params": plain(params_of(tracker, flow)),
        "parts": _parts(parts, job.reads_parts),
        "operating_day": run_of(tracker).operating_day.isoformat(),
        "run": plain(run_data(tracker)),
        **{name: plain(value) for name, value in loop_names(tracker, flow).items()},
    }


def _value(part: PartView, name: str) -> object:
    try:
        return plain(part.attribute(name))
    except ExpressionFailed:
        return None  # an exit code that check mode leaves unknown: the job may not need it


def _flow(tracker: Tracker, key: PartKey) -> FlowRecord:
    address = address_of(tracker.layout, key)
    assert address is not None, f"no part has the key {key!r}"
    return flow_of(tracker, address.flow)


def _parts(view: PartsView, wanted: tuple[str, ...] | None) -> dict[str, object]:
    names = view.names() if wanted is None else wanted
    only_begun = wanted is None and len(names) > ALL_PARTS_MAX
    data: dict[str, object] = {}
    for name in names:
        part = view.attribute(name)
        assert isinstance(part, PartView), "parts hold parts"
        if not only_begun or part.record is not None:
            data[name] = {each: _value(part, each) for each in part.names()}
    return data
