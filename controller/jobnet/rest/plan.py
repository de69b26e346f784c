"""Routes of the plan: what starts when and why, changes on the day, how it would differ."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status

from jobnet.ids import NetworkName
from jobnet.rest.asking import PAGE, Key, Limit, Operator, Services
from jobnet.rest.paging import CURSOR_MAX, address_after
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan.entries import PlanWish
from jobnet.wire.definitions import GivenDefinitions
from jobnet.wire.plan import (
    NOMINAL_MAX,
    AddStartRequest,
    ChangeParamsRequest,
    ChangeStartRequest,
    CopyStartRequest,
    EntryState,
    MoveStartRequest,
    PlanDifference,
    PlanPage,
    Start,
    change_of,
    difference_of,
    start_of,
)
from jobnet.wire.shapes import NAME_MAX, GivenInstant, Reason

router = APIRouter(prefix="/plan", tags=["plan"])

SHOWN = timedelta(hours=48)
CHANGE_ID_MAX = 100

_Text = Annotated[str, Query(max_length=NAME_MAX, pattern=r"^[^\x00]*$")]
_Name = Annotated[str, Query(min_length=1, max_length=NAME_MAX, pattern=r"^[^\x00]+$")]
_Nominal = Annotated[str, Query(min_length=1, max_length=NOMINAL_MAX, pattern=r"^[^\x00]+$")]
_First = Annotated[GivenInstant | None, Query(description="Now, if it is left out.")]
_Last = Annotated[GivenInstant | None, Query(description="48 hours after it, if left out.")]


@router.get("")
def show_plan(  # noqa: PLR0913 - one for each filter
    request: Request,
    services: Services,
    *,
    first: _First = None,
    last: _Last = None,
    network: _Text = "",
    schedule: _Text = "",
    state: Annotated[list[EntryState] | None, Query(max_length=20)] = None,
    after: Annotated[str, Query(max_length=CURSOR_MAX, pattern=r"^[^\x00]*$")] = "",
    limit: Limit = PAGE,
) -> PlanPage:
    """List starts from an instant to before another, those of the past with what became of them."""
    begin = first or services.store.now()
    page = services.plans.show(
        PlanWish(
            first=begin,
            last=last or begin + SHOWN,
            network=NetworkName(network) if network else None,
            schedule=schedule or None,
            states=frozenset(state or ()),
            after=after,
            limit=limit,
        )
    )
    fixed = {"first": begin.isoformat(), "last": (last or begin + SHOWN).isoformat()}
    following = address_after(request, {**fixed, "after": page.next}) if page.next else None
    return PlanPage(
        items=[start_of(one) for one in page.entries],
        next=following,
        lost=[change_of(one) for one in page.lost],
        problems=list(page.problems),
    )


@router.get("/entry")
def show_start(
    network: _Name, operating_day: date, nominal: _Nominal, services: Services, schedule: _Text = ""
) -> Start:
    """Show one start by its key, with how it came about and what was changed of it."""
    key = OccurrenceKey(
        schedule=schedule, network=network, operating_day=operating_day, nominal=nominal
    )
    return start_of(services.plans.entry(key))


@router.post("", status_code=status.HTTP_201_CREATED)
def add_start(request: AddStartRequest, by: Operator, key: Key, services: Services) -> Start:
    """Add a start that no rule gives."""
    act = Act(by=by, reason=request.reason, key=key)
    entry = services.plans.add(
        request.network, request.start, request.operating_day, request.params, act
    )
    return start_of(entry)


@router.post("/move")
def move_start(request: MoveStartRequest, by: Operator, key: Key, services: Services) -> Start:
    """Let it start at another instant; its operating day and its key stay."""
    act = Act(by=by, reason=request.reason, key=key)
    return start_of(services.plans.move(request.key.key(), request.to, act))


@router.post("/skip")
def skip_start(request: ChangeStartRequest, by: Operator, key: Key, services: Services) -> Start:
    """Leave it out, this once."""
    act = Act(by=by, reason=request.reason, key=key)
    return start_of(services.plans.skip(request.key.key(), act))


@router.post("/hold")
def hold_start(request: ChangeStartRequest, by: Operator, key: Key, services: Services) -> Start:
    """Keep it back until it is released."""
    act = Act(by=by, reason=request.reason, key=key)
    return start_of(services.plans.hold(request.key.key(), act))


@router.post("/release")
def release_start(request: ChangeStartRequest, by: Operator, key: Key, services: Services) -> Start:
    """Let it start as planned; at once where its time has passed."""
    act = Act(by=by, reason=request.reason, key=key)
    return start_of(services.plans.release(request.key.key(), act))


@router.post("/start")
def start_now(request: ChangeStartRequest, by: Operator, key: Key, services: Services) -> Start:
    """Start it now with its own operating day; also one that was missed or skipped."""
    act = Act(by=by, reason=request.reason, key=key)
    return start_of(services.plans.start_now(request.key.key(), act))


@router.post("/copy", status_code=status.HTTP_201_CREATED)
def copy_start(request: CopyStartRequest, by: Operator, key: Key, services: Services) -> Start:
    """Add the same start to another operating day, at the same clock time."""
    act = Act(by=by, reason=request.reason, key=key)
    return start_of(services.plans.copy(request.key.key(), request.operating_day, act))


@router.post("/params")
def change_params(
    request: ChangeParamsRequest, by: Operator, key: Key, services: Services
) -> Start:
    """Start it with other params; those that are not named stay."""
    act = Act(by=by, reason=request.reason, key=key)
    return start_of(services.plans.set_params(request.key.key(), request.params, act))


@router.delete("/changes/{change}")
def take_back_change(
    change: Annotated[str, Path(max_length=CHANGE_ID_MAX, pattern=r"^[^\x00]+$")],
    by: Operator,
    key: Key,
    services: Services,
    reason: Annotated[Reason, Query()] = "",
) -> Start | None:
    """Take a change on the day back; null where no start is left, as of an added one."""
    entry = services.plans.take_back(change, Act(by=by, reason=reason, key=key))
    return None if entry is None else start_of(entry)


@router.post("/diff")
def compare_plans(request: GivenDefinitions, services: Services) -> PlanDifference:
    """Say how the plan of the next 13 months would differ if definitions were applied."""
    plans = services.plans
    if request.paths:
        return difference_of(plans.diff(request.paths, prune=request.prune))
    texts = [(file.path, file.text) for file in request.files]
    return difference_of(plans.diff_texts(texts, base=request.base or None, prune=request.prune))
