"""Names operators' orders as they are typed, in every place where one can be typed.

An order is ``AT ORDER [PART] [VALUE]`` in a scenario and ``ORDER [PART] [VALUE]`` of
``jobnet play-control``; what PART and VALUE may be is the same in both.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import get_args

from jobnet.engine.orders import Order

RERUN = "rerun"
WHOLE_RUN = "-"


def order_name(kind: type) -> str:
    """Return an order as it is typed.

    >>> order_name(type("ChangeTime", (), {}))
    'change-time'
    """
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in kind.__name__)[1:]


ORDERS: Mapping[str, type] = {order_name(kind): kind for kind in get_args(Order)}

VALUE_OF: Mapping[str, str] = {
    "answer": "choice",
    "change-time": "to",
    "change-result": "result",
    "set-priority": "priority",
    "move-queue": "queue",
    "comment": "text",
    RERUN: "start",
}
"""The field that VALUE fills; ``rerun`` does without one."""


def needs_part(name: str) -> bool:
    """Return whether an order is always for one part.

    >>> needs_part("skip"), needs_part("kill"), needs_part("rerun")
    (True, False, False)
    """
    return any(
        each.name == "part" and each.default is MISSING and each.default_factory is MISSING
        for each in fields(ORDERS[name])
    )


def needs_value(name: str) -> bool:
    """Return whether an order says nothing without its value.

    >>> needs_value("answer"), needs_value("skip"), needs_value("rerun")
    (True, False, False)
    """
    return name in VALUE_OF and name != RERUN
