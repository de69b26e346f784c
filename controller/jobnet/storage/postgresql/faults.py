"""Says what PostgreSQL's own errors mean to an operator, and which pass when asked again."""

import psycopg
from psycopg import errors

from jobnet.errors import ControllerError
from jobnet.errors.storage import DatabaseAway, DatabaseFull, DatabaseReadOnly

_AGAIN = (errors.DeadlockDetected, errors.SerializationFailure)
_LOST = (psycopg.OperationalError, psycopg.InterfaceError)


def may_pass(error: BaseException) -> bool:
    """Return whether the database asks to do the same work again."""
    return isinstance(error, _AGAIN)


def is_lost(error: BaseException) -> bool:
    """Return whether the connection, or the server behind it, is gone."""
    return isinstance(error, _LOST) and not isinstance(error, (*_AGAIN, errors.DiskFull))


def refusal_of(error: psycopg.Error, place: str) -> ControllerError | None:
    """Return what an error means, or None where it is a mistake of ours."""
    if isinstance(error, errors.DiskFull):
        return DatabaseFull(place)
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return DatabaseReadOnly(place)
    if is_lost(error) or may_pass(error):
        return DatabaseAway(place, problem=" ".join(str(error).split()) or type(error).__name__)
    return None
