"""Asking for a slot a second time: an operator has given the part another place in line."""

from datetime import UTC, datetime, timedelta

from jobnet.definition import Placement, Queue
from jobnet.engine.commands import AskSlot, ReturnSlot
from jobnet.engine.inputs import SlotGranted
from jobnet.ids import PartKey
from jobnet.services.line import Line

from tests.engine.building import bundle, job, network

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)


def line_of_one() -> Line:
    """A line before a queue that lets one job run at a time."""
    return Line(bundle(network(job("load")), queues=(Queue(name="narrow", limit=1),)), jobs_max=8)


def ask(part: str, priority: int | None = None) -> AskSlot:
    return AskSlot(
        part=PartKey(part), attempt=1, placement=Placement(queue="narrow", priority=priority)
    )


def granted(line: Line) -> list[str]:
    return [str(each.part) for each in line.verdicts() if isinstance(each, SlotGranted)]


def test_a_slot_that_was_granted_is_not_given_away_when_its_part_asks_again() -> None:
    line = line_of_one()
    line.ask(ask("load"), NOON)
    assert granted(line) == ["load"]

    line.ask(ask("load", priority=90), NOON)
    line.ask(ask("report"), NOON)

    assert granted(line) == []


def test_who_asks_again_has_the_new_priority_and_the_old_arrival() -> None:
    line = line_of_one()
    line.ask(ask("running"), NOON)
    assert granted(line) == ["running"]
    for minutes, part in enumerate(("load", "report", "mend")):
        line.ask(ask(part), NOON + timedelta(minutes=minutes))
    line.ask(ask("mend", priority=90), NOON + timedelta(hours=1))
    line.ask(ask("load", priority=50), NOON + timedelta(hours=1))

    order: list[str] = []
    for _ in range(3):
        line.give_back(ReturnSlot(part=PartKey(order[-1] if order else "running"), attempt=1))
        order += granted(line)

    assert order == ["mend", "load", "report"]
