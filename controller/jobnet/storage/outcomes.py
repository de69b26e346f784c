"""Keeps what became of operators' orders."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field

from jobnet.ports.store import OrderOutcome
from jobnet.storage.records import Record, run_reference, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import Name, UtcDateTime, Words


class OrderOutcomeRecord(Record, table=True):
    """What became of one order, by its idempotency key."""

    __tablename__ = "order_outcome"

    run_id: str = run_reference()
    key: str = Field(sa_type=Name, primary_key=True)
    refusal: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=UtcDateTime)


OUTCOMES = Shape(OrderOutcome, OrderOutcomeRecord, key=("run_id", "key"))
_OUTCOME = table_of(OrderOutcomeRecord)
ADD_OUTCOME = Statement(
    lambda kind: (
        OUTCOMES.insert(kind)
        .values(run_id=bindparam("run_id", type_=_OUTCOME.c.run_id.type))
        .on_conflict_do_nothing(index_elements=["run_id", "key"])
    )
)
FIND_OUTCOME = Statement(lambda _: OUTCOMES.selected().where(*OUTCOMES.key_given()))
