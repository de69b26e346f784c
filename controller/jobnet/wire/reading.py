"""Makes the shapes of the overview from the views, where they are not simply the same."""

import json

from pydantic import JsonValue

from jobnet.ports.store import RunRow
from jobnet.ports.store.audits import AuditRow
from jobnet.services.controller.outlook import OutlookView
from jobnet.services.controller.views.networks import LastView, NetworkView
from jobnet.services.controller.views.status import DialogView, RunningView, StatusView
from jobnet.services.controller.views.why import WhyView
from jobnet.wire.networks import Last, Network
from jobnet.wire.overview import (
    Act,
    Appointment,
    Attention,
    Deviating,
    Dialog,
    Failure,
    Hint,
    Line,
    Running,
    Status,
    Waiting,
    WaitingPart,
    Why,
)
from jobnet.wire.parts import WaitingOn
from jobnet.wire.plan import start_of
from jobnet.wire.runs import Run, run_of


def status_of(view: StatusView, *, root: str) -> Status:
    """Return the shape of the status."""
    return Status(
        now=view.now,
        open_runs=view.open_runs,
        suspended=[WaitingOn.model_validate(each) for each in view.suspended],
        attention=[Attention.model_validate(each) for each in view.attention],
        running=[_running(each, root) for each in view.running],
        waiting=[WaitingPart.model_validate(each) for each in view.waiting],
        dialogs=[dialog_of(each, root=root) for each in view.dialogs],
        queues=[Line.model_validate(each) for each in view.queues],
        next=[Appointment.model_validate(each) for each in view.next],
        deviations=[Deviating.model_validate(each) for each in view.deviations],
    )


def _running(view: RunningView, root: str) -> Running:
    return Running(
        run=run_of(view.row, root=root),
        usual_seconds=view.usual_seconds,
        expected_end=view.expected_end,
        is_over_usual=view.is_over_usual,
    )


def dialog_of(view: DialogView, *, root: str) -> Dialog:
    """Return the shape of an open dialog, with the address that takes its answer."""
    own = f"{root}/runs/{view.run}/parts/{view.part}"
    return Dialog.model_validate(view).model_copy(
        update={"related": {"part": own, "answer": f"{own}/answer"}}
    )


def why_of(view: WhyView, *, root: str) -> Why:
    """Return the shape of an answer to why."""
    return Why(
        network=view.network,
        run=_optional(view.run, root),
        sentence=view.sentence,
        waiting=[Waiting.model_validate(each) for each in view.waiting],
        failures=[Failure.model_validate(each) for each in view.failures],
        hints=[Hint.model_validate(each) for each in view.hints],
    )


def why_network_of(view: WhyView, outlook: OutlookView, *, root: str) -> Why:
    """Return the shape of an answer to why a network does not run, with what is to come."""
    starts = [start_of(one) for one in outlook.starts]
    return why_of(view, root=root).model_copy(
        update={"starts": starts, "silent": list(outlook.silent)}
    )


def network_of(view: NetworkView, *, root: str) -> Network:
    """Return the shape of a network in a list."""
    own = f"{root}/networks/{view.name}"
    row = view.document
    return Network(
        name=view.name,
        folder=row.folder,
        title=row.title,
        version=row.version,
        edition=row.edition,
        path=row.path,
        line=row.line,
        applied_at=row.at,
        applied_by=row.by,
        open_runs=view.open_runs,
        latest=_optional(view.latest, root),
        suspended=None if view.suspended is None else WaitingOn.model_validate(view.suspended),
        related={
            "self": own,
            "definition": f"{root}/definitions/network/{view.name}",
            "last": f"{own}/last",
            "why": f"{own}/why",
            "runs": f"{root}/runs?network={view.name}",
        },
    )


def last_of(view: LastView, *, root: str) -> Last:
    """Return the shape of how a network went last."""
    return Last(
        network=view.network,
        runs=[run_of(row, root=root) for row in view.runs],
        latest_normal=_optional(view.latest_normal, root),
        usual_seconds=None if view.usual is None else view.usual.total_seconds(),
        usual_seconds_by_part=view.by_part,
    )


def act_of(row: AuditRow) -> Act:
    """Return the shape of an act."""
    return Act(
        id=row.id,
        at=row.at,
        by=row.by,
        act=row.act,
        subject=row.subject,
        reason=row.reason,
        before=_json(row.before),
        after=_json(row.after),
        refusal=row.refusal,
        key=row.key,
    )


def _optional(row: RunRow | None, root: str) -> Run | None:
    return None if row is None else run_of(row, root=root)


def _json(text: str) -> JsonValue:
    """Return what an act was about before or after; plain text is told as text."""
    try:
        value: JsonValue = json.loads(text) if text else None
    except ValueError:
        return text
    return value
