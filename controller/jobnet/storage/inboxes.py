"""Keeps the inboxes of runs: what has reached one and was not taken yet."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, bindparam, delete, func, select
from sqlmodel import Field

from jobnet.ports.store import NewInput, StoredInput
from jobnet.storage.records import Record, given, run_reference, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import JsonText, Name, Number, UtcDateTime


class RunInput(Record, table=True):
    """Something that has reached a run: an answer, a timer, an order, an event, a grant.

    It is written in the transaction of its cause; ``key`` lets it in once, as long as it is here.
    """

    __tablename__ = "run_input"
    __table_args__ = (
        UniqueConstraint("run_id", "key", name="uq_run_input_run_key"),
        Index("ix_run_input_run", "run_id", "id"),
    )

    id: int | None = Field(default=None, sa_type=Number, primary_key=True)
    run_id: str = run_reference(primary_key=False)
    key: str = Field(sa_type=Name)
    kind: str = Field(sa_type=Name)
    payload: str = Field(sa_type=JsonText)
    at: datetime = Field(sa_type=UtcDateTime)


NEW_INPUTS = Shape(NewInput, RunInput, key=("run_id", "key"))
STORED_INPUTS = Shape(StoredInput, RunInput, key=("id",), counted=("id",))
_INPUT = table_of(RunInput)

INPUTS_OF_RUN = Statement(
    lambda _: (
        STORED_INPUTS.selected()
        .where(given(_INPUT.c.run_id))
        .order_by(_INPUT.c.id)
        .limit(bindparam("inputs_max", 0))
    )
)
TAKE_INPUT = Statement(lambda _: delete(_INPUT).where(given(_INPUT.c.id), given(_INPUT.c.run_id)))
RUNS_WITH_INPUTS = Statement(
    lambda _: select(_INPUT.c.run_id).group_by(_INPUT.c.run_id).order_by(func.min(_INPUT.c.id))
)
