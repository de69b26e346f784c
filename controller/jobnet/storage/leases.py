"""Keeps who of several processes does something, until when, and how often that has changed."""

from datetime import datetime

from sqlalchemy import bindparam, case, or_, select, update
from sqlmodel import Field

from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, bound, given, table_of
from jobnet.storage.statements import Kind, Statement
from jobnet.storage.types import Name, UtcDateTime


class LeaseRecord(Record, table=True):
    """One lease; ``holder`` "" means that it was given back."""

    __tablename__ = "lease"

    name: str = Field(sa_type=Name, primary_key=True)
    holder: str = Field(sa_type=Name)
    epoch: int
    until: datetime = Field(sa_type=UtcDateTime)


_LEASE = table_of(LeaseRecord)


def _take(kind: Kind) -> object:
    """Return an INSERT that takes over a lease that is one's own, or over, in one statement."""
    begun = kind.insert(_LEASE).values(
        {each.name: bound(each) for each in _LEASE.c if each.name != "epoch"} | {"epoch": 1}
    )
    now = bindparam("now", type_=_LEASE.c.until.type)
    is_own = (_LEASE.c.holder == begun.excluded.holder) & (_LEASE.c.until > now)
    return begun.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": begun.excluded.holder,
            "until": begun.excluded.until,
            "epoch": case((is_own, _LEASE.c.epoch), else_=_LEASE.c.epoch + 1),
        },
        where=or_(
            _LEASE.c.holder == begun.excluded.holder, _LEASE.c.holder == "", _LEASE.c.until <= now
        ),
    )


_TAKE = Statement(_take)  # type: ignore[arg-type]
_EPOCH = Statement(
    lambda _: select(_LEASE.c.epoch).where(given(_LEASE.c.name), given(_LEASE.c.holder))
)
_HOLD = Statement(
    lambda _: (
        select(_LEASE.c.epoch)
        .where(given(_LEASE.c.name), given(_LEASE.c.epoch))
        .with_for_update(read=True)
    )
)
"""SQLite leaves the lock out: there one transaction writes at a time."""
_GIVE_BACK = Statement(
    lambda _: (
        update(_LEASE)
        .where(given(_LEASE.c.name, "of_name"), given(_LEASE.c.epoch, "of_epoch"))
        .values(holder="", epoch=_LEASE.c.epoch + 1)
    )
)


class Leases:
    """Leases, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> int | None:
        """Take a lease or prolong one's own; return its epoch, None where another holds it."""
        values = {"name": name, "holder": holder, "now": now, "until": until}
        if not self._connection.change(_TAKE, values):
            return None
        found = self._connection.row(_EPOCH, {"name": name, "holder": holder})
        assert found is not None, "it was taken just now"
        return int(found[0])

    def is_held(self, name: str, epoch: int) -> bool:
        """Return whether a lease is still that of an epoch; it stays so until the commit."""
        return self._connection.row(_HOLD, {"name": name, "epoch": epoch}) is not None

    def give_back(self, name: str, epoch: int) -> None:
        """End a lease; one that another has is left alone."""
        self._connection.change(_GIVE_BACK, {"of_name": name, "of_epoch": epoch})
