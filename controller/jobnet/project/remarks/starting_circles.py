"""Finds networks that start each other when they end, round and round."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.telling import document_remark
from jobnet.project.schedule_bundles import PlannedTrigger
from jobnet.project.shelf import Document
from jobnet.project.start_conditions import path_of
from jobnet.schedules import AllOf, Condition, Leaf, NetworkEnded

CIRCLES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """The end of a network that starts another; ``is_alone``: nothing else has to happen."""

    document: Document
    leaf: Leaf
    ended: str
    started: str
    is_alone: bool


def circle_remarks(
    reading: Reading, triggers: Sequence[tuple[Document, PlannedTrigger]]
) -> Iterator[Problem]:
    """Yield one problem for each circle, at the first start of the text that is part of it.

    Where something else has to happen as well, the circle may stop, and it is a warning. What
    starts at most once per operating day goes round no second time.
    """
    starts = [
        start
        for document, trigger in triggers
        if not trigger.condition.once_per_day
        for start in _starts(document, trigger)
    ]
    for _ in range(CIRCLES_MAX):
        circle = _circle(starts)
        if not circle:
            return
        met = [one for one in starts if (one.ended, one.started) in circle]
        yield _problem(reading, met)
        starts = [one for one in starts if one is not met[0]]


def _starts(document: Document, trigger: PlannedTrigger) -> Iterator[_Start]:
    for leaf, is_alone in _ends(trigger.condition.when, is_alone=True):
        assert isinstance(leaf.source, NetworkEnded), "only ends are yielded"
        for network in trigger.networks:
            yield _Start(
                document=document,
                leaf=leaf,
                ended=leaf.source.network,
                started=network,
                is_alone=is_alone,
            )


def _ends(condition: Condition, *, is_alone: bool) -> Iterator[tuple[Leaf, bool]]:
    if isinstance(condition, Leaf):
        if isinstance(condition.source, NetworkEnded):
            yield condition, is_alone
        return
    alone = is_alone and not (isinstance(condition, AllOf) and len(condition.conditions) > 1)
    for inner in condition.conditions:
        yield from _ends(inner, is_alone=alone)


def _circle(starts: Iterable[_Start]) -> frozenset[tuple[str, str]]:
    """Return the steps of a circle, each from the network that ends to the one that starts."""
    graph: dict[str, list[str]] = {}
    for one in starts:
        graph.setdefault(one.started, []).append(one.ended)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return frozenset(pairwise(error.args[1]))
    return frozenset()


def _problem(reading: Reading, met: Sequence[_Start]) -> Problem:
    first = min(met, key=lambda one: one.document.position)
    names = sorted({one.started for one in met})
    if len(names) == 1:
        what = f"`{names[0]}` starts itself whenever it ends"
    else:
        what = f"These networks start each other whenever they end: {', '.join(names)}"
    hint = "Let one of them start by something else, or add `once_per: operating_day`"
    level = Level.ERROR if all(one.is_alone for one in met) else Level.WARNING
    at = path_of(first.leaf, "network")
    return document_remark(
        reading.shelf, first.document, "start_circle", what, hint, at=at, level=level
    )
