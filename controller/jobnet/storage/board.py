"""Keeps events that were sent and ends of executions: what waits of other runs are given."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Date, Index, and_, bindparam, delete, or_
from sqlmodel import Field

from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.ids import EventName, NetworkName, RunId
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, given, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import Name, NameOrNothing, PlainData, UtcDateTime


class EventRecord(Record, table=True):
    """One event that a run or somebody outside has sent."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_name", "name", "sent_at"),)

    id: str = Field(sa_type=Name, primary_key=True)
    name: str = Field(sa_type=Name)
    data: object = Field(sa_type=PlainData, nullable=False)
    sender: str = Field(sa_type=Name)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    operating_day: date = Field(sa_type=Date)
    keep_until: datetime | None = Field(sa_type=UtcDateTime)


class ExecutionEndRecord(Record, table=True):
    """The latest end of an execution (``part`` "") or of a part in it."""

    __tablename__ = "execution_end"
    __table_args__ = (
        Index("ix_execution_end_network", "network", "part", "ended_at"),
        Index("ix_execution_end_run", "run_id", "part", "ended_at"),
    )

    execution: str = Field(sa_type=Name, primary_key=True)
    part: str = Field(sa_type=NameOrNothing, primary_key=True)
    is_own_key: bool = Field(primary_key=True)
    network: str = Field(sa_type=Name)
    run_id: str = Field(sa_type=Name)
    state: str = Field(sa_type=Name)
    is_fine_or_warning: bool
    operating_day: date = Field(sa_type=Date)
    planned_start: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    outputs: object = Field(sa_type=PlainData, nullable=False)


EVENTS = Shape(SentEvent, EventRecord, key=("id",))
ENDS = Shape(ExecutionEnd, ExecutionEndRecord, key=("execution", "part", "is_own_key"))
_EVENT, _END = table_of(EventRecord), table_of(ExecutionEndRecord)

_EVENTS_OF_NAME = Statement(
    lambda _: (
        EVENTS.selected()
        .where(
            given(_EVENT.c.name),
            or_(
                _EVENT.c.sent_at >= bindparam("since", type_=_EVENT.c.sent_at.type),
                _EVENT.c.keep_until >= bindparam("since", type_=_EVENT.c.sent_at.type),
            ),
        )
        .order_by(_EVENT.c.sent_at, _EVENT.c.id)
    )
)
_FORGET_EVENTS = Statement(
    lambda _: delete(_EVENT).where(
        _EVENT.c.sent_at < bindparam("older_than", type_=_EVENT.c.sent_at.type),
        or_(
            _EVENT.c.keep_until.is_(None),
            _EVENT.c.keep_until < bindparam("now", type_=_EVENT.c.sent_at.type),
        ),
    )
)
_SINCE = _END.c.ended_at >= bindparam("since", type_=_END.c.ended_at.type)
_IN_ORDER = (_END.c.ended_at, _END.c.execution, _END.c.part)
_ENDS_OF_NETWORK = Statement(
    lambda _: (
        ENDS.selected()
        .where(
            and_(given(_END.c.network), given(_END.c.part), _END.c.is_own_key.is_(False), _SINCE)
        )
        .order_by(*_IN_ORDER)
    )
)
_OWN_ENDS = Statement(
    lambda _: (
        ENDS.selected()
        .where(and_(given(_END.c.run_id), given(_END.c.part), _END.c.is_own_key.is_(True), _SINCE))
        .order_by(*_IN_ORDER)
    )
)
_ALL_OWN_ENDS = Statement(
    lambda _: (
        ENDS.selected()
        .where(and_(given(_END.c.run_id), _END.c.is_own_key.is_(True), _SINCE))
        .order_by(*_IN_ORDER)
    )
)


class Board:
    """Events and ends, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_event(self, event: SentEvent) -> bool:
        """Add an event; False where its id is known."""
        return bool(self.add_events([event]))

    def add_events(self, events: Collection[SentEvent]) -> int:
        """Add events; return how many were new."""
        return self._connection.change_many(EVENTS.add, map(EVENTS.values, events))

    def put_ends(self, ends: Collection[ExecutionEnd]) -> None:
        """Keep ends; they replace earlier ones of the same execution and part."""
        self._connection.send_many(ENDS.put, map(ENDS.values, ends))

    def events(self, name: EventName, *, since: datetime) -> Sequence[SentEvent]:
        """Return events of a name: those kept until ``since`` or later, or sent since then."""
        return EVENTS.all(self._connection.rows(_EVENTS_OF_NAME, {"name": name, "since": since}))

    def forget_events(self, now: datetime, *, older_than: datetime) -> int:
        """Remove events that nobody can get any more; return how many."""
        return self._connection.change(_FORGET_EVENTS, {"now": now, "older_than": older_than})

    def ends(
        self, network: NetworkName | None, part: str | None, *, run: RunId | None, since: datetime
    ) -> Sequence[ExecutionEnd]:
        """Return ends of a network's executions (part None) or of a part, the latest last.

        ``run`` given: own ends of that run's parts, of all of them where no part is told.
        """
        statement = _ENDS_OF_NETWORK
        if run is not None:
            statement = _ALL_OWN_ENDS if part is None else _OWN_ENDS
        values = {"network": network, "part": part, "run_id": run, "since": since}
        return ENDS.all(self._connection.rows(statement, values))
