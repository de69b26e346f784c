"""Gives the orders of a scenario, each at its instant, as ``jobnet play-control`` would.

What does not fit is a warning, and so is an order that was never given because the run had ended:
an order that never came proves nothing. Only a rerun may come after the end of a run.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from jobnet.calendars import ClockTime, parse_clock_time
from jobnet.engine import Tracker
from jobnet.engine.orders import Order
from jobnet.errors.calendars import ClockTimeRefused
from jobnet.ids import OperatorName
from jobnet.project.order_words import RERUN, VALUE_OF
from jobnet.project.scenarios import GivenOrder
from jobnet.services.control import read_order
from jobnet.services.requests import RequestUnfit


class Orders:
    """The orders of one simulated run that are still to come."""

    def __init__(self, given: Iterable[GivenOrder], operator: OperatorName) -> None:
        self._to_come = list(given)
        self._operator = operator

    @property
    def can_reopen(self) -> bool:
        """Whether an order is to come that lets an ended run go on."""
        return any(each.order == RERUN for each in self._to_come)

    def take(
        self, given: GivenOrder, tracker: Tracker, instant: Callable[[ClockTime], datetime]
    ) -> tuple[Order, OperatorName]:
        """Return the order and who gives it; ``RequestUnfit`` if it does not fit."""
        self._to_come.remove(given)
        request = {"order": given.order, "fields": _fields(given, instant)}
        by = self._operator if given.by is None else OperatorName(given.by)
        return read_order(request, tracker), by

    def never_given(self) -> Iterator[str]:
        """Yield what was to come when all was over."""
        for each in self._to_come:
            yield f"{each} was never given: the run had ended"


def _fields(given: GivenOrder, instant: Callable[[ClockTime], datetime]) -> dict[str, object]:
    found: dict[str, object] = {} if given.part is None else {"part": given.part}
    if given.value is not None:
        found[VALUE_OF[given.order]] = _value(given, instant)
    if given.exit_code is not None:
        found["exit_code"] = given.exit_code
    if given.form:
        found["form"] = dict(given.form)
    if given.now:
        found["now"] = True
    return found


def _value(given: GivenOrder, instant: Callable[[ClockTime], datetime]) -> object:
    """Return the value as a request has it; a time may be a clock time of the operating day."""
    text = given.value or ""
    match VALUE_OF[given.order]:
        case "priority":
            if text.removeprefix("-").isdecimal() and text.isascii():
                return int(text)
            raise RequestUnfit(f"priority {text[:40]!r} is no whole number")
        case "to":
            try:
                return instant(parse_clock_time(text)).isoformat()
            except ClockTimeRefused:
                return text
        case _:
            return text
