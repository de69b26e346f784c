"""Routes of operators' orders: to a run, to a part of it, or to many at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends

from jobnet.errors import ControllerError
from jobnet.ids import OperatorName, RunId
from jobnet.project.order_words import ORDERS, needs_part
from jobnet.rest.asking import InPart, InRun, Key, Operator, Preview, Services
from jobnet.rest.services import Orders
from jobnet.wire.orders import (
    AnswerRequest,
    Asking,
    BulkAnswer,
    BulkRequest,
    ChangeResultRequest,
    ChangeTimeRequest,
    CommentRequest,
    KillRequest,
    MoveQueueRequest,
    OrderAnswer,
    OrderRequest,
    ProjectChange,
    RerunRequest,
    SetPriorityRequest,
    SkipRequest,
    Target,
    TargetAnswer,
)

router = APIRouter(tags=["orders"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who gives an order, with which key, and whether it is only looked at."""

    by: OperatorName
    key: str
    orders: Orders
    is_preview: bool


def _ask(by: Operator, key: Key, services: Services, *, preview: Preview = False) -> Ask:
    return Ask(by=by, key=key, orders=services.orders, is_preview=preview)


Asked = Annotated[Ask, Depends(_ask)]

REQUESTS: Mapping[str, type[OrderRequest]] = {
    "skip": SkipRequest,
    "change-time": ChangeTimeRequest,
    "answer": AnswerRequest,
    "kill": KillRequest,
    "change-result": ChangeResultRequest,
    "set-priority": SetPriorityRequest,
    "move-queue": MoveQueueRequest,
    "comment": CommentRequest,
    "rerun": RerunRequest,
}
"""What an order may hold, where that is more than a reason."""


def _add_routes() -> None:
    """Add a route for every order to a part, and for those that a whole run can be given."""
    for name, kind in ORDERS.items():
        says = (kind.__doc__ or "").partition("\n")[0]
        shape = REQUESTS.get(name, OrderRequest)
        if not needs_part(name):
            _add(f"/runs/{{run}}/{name}", f"{name}_run", says, _to_run(name, shape))
        path = f"/runs/{{run}}/parts/{{part:path}}/{name}"
        _add(path, f"{name}_part", says, _to_part(name, shape))


def _add(path: str, name: str, says: str, endpoint: Callable[..., OrderAnswer]) -> None:
    router.add_api_route(
        path, endpoint, methods=["POST"], name=name.replace("-", "_"), description=says
    )


def _to_run(name: str, shape: type[OrderRequest]) -> Callable[..., OrderAnswer]:
    def order_run(run: InRun, ask: Asked, request: OrderRequest) -> OrderAnswer:
        return _given(ask, run, name, _fields(request), request.reason)

    return _with_shape(order_run, shape)


def _to_part(name: str, shape: type[OrderRequest]) -> Callable[..., OrderAnswer]:
    def order_part(run: InRun, part: InPart, ask: Asked, request: OrderRequest) -> OrderAnswer:
        fields = {"part": part, **_fields(request)}
        return _given(ask, run, name, fields, request.reason)

    return _with_shape(order_part, shape)


def _with_shape(
    route: Callable[..., OrderAnswer], shape: type[OrderRequest]
) -> Callable[..., OrderAnswer]:
    """Return a route whose request has a shape; it may be left out where nothing in it must be."""
    route.__annotations__["request"] = shape
    if not any(field.is_required() for field in shape.model_fields.values()):
        route.__defaults__ = (shape(),)
    return route


def _fields(request: OrderRequest) -> dict[str, object]:
    """Return what an order holds beside its reason, as far as it was given."""
    return request.model_dump(mode="json", exclude={"reason"}, exclude_unset=True)


def _given(
    ask: Ask, run: RunId, name: str, fields: Mapping[str, object], reason: str
) -> OrderAnswer:
    request = {"order": name, "fields": fields}
    if ask.is_preview:
        seen = ask.orders.preview(run, request)
        return OrderAnswer(
            sentence=seen.sentence,
            is_preview=True,
            again=list(seen.again),
            carried=seen.carried,
            asking=[Asking(part=part, note=note) for part, note in seen.asking],
            mapping=seen.mapping,
            changes=seen.changes,
            projects=[
                ProjectChange(root=root, before=before, after=after)
                for root, before, after in seen.projects
            ],
        )
    done = ask.orders.give(run, request, by=ask.by, key=ask.key, reason=reason)
    return OrderAnswer(sentence=done.sentence, is_preview=False)


@router.post("/orders")
def order_many(request: BulkRequest, ask: Asked) -> BulkAnswer:
    """Give one order to several runs or parts; one that is refused keeps no other from it."""
    items = [_to_target(ask, request, target) for target in request.targets]
    refused = sum(1 for each in items if each.refusal)
    return BulkAnswer(
        is_preview=ask.is_preview, done=len(items) - refused, refused=refused, items=items
    )


def _to_target(ask: Ask, request: BulkRequest, target: Target) -> TargetAnswer:
    fields = dict(request.fields)
    if target.part is not None:
        fields["part"] = target.part
    own = replace(ask, key=f"{ask.key}:{target.run}/{target.part or ''}")
    sentence, refusal, code = "", "", ""
    try:
        run = RunId(target.run)
        sentence = _given(own, run, request.order, fields, request.reason).sentence
    except ControllerError as error:
        refusal, code = str(error), error.code
    return TargetAnswer(
        run=target.run, part=target.part, sentence=sentence, refusal=refusal, code=code
    )


_add_routes()
