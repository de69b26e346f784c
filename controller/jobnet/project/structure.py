"""Checks what the parts of one network say about each other: jumps back, waits inside the run."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobnet.definition import (
    AnyOf,
    ContinueFrom,
    Flow,
    ForEach,
    Parallel,
    Part,
    WaitPart,
    flows_of,
)
from jobnet.project.circles import circle_numbers
from jobnet.project.problems import Problem
from jobnet.project.suggestions import suggest


@dataclass(frozen=True, slots=True)
class Standing:
    """One part with its surroundings: the sequence it is in, its index, the part around it."""

    part: Part
    flow: Flow
    index: int
    around: "Standing | None"


def standings(flow: Flow, around: Standing | None = None) -> Iterator[Standing]:
    """Yield every part with its surroundings."""
    for index, part in enumerate(flow):
        standing = Standing(part, flow, index, around)
        yield standing
        for _, inner in flows_of(part):
            yield from standings(inner, standing)


def structure_problems(flow: Flow, known: frozenset[str]) -> Iterator[Problem]:
    """Return what can never work; ``known`` are the ids of parts that were left out, too."""
    placed = {str(standing.part.id): standing for standing in standings(flow)}
    for standing in placed.values():
        body = standing.part.body
        if isinstance(body, ContinueFrom):
            objection = _jump_objection(standing, body.target, placed, known)
        elif isinstance(body, WaitPart) and body.network is None:
            objection = _wait_objection(standing, body.part, placed, known)
        else:
            continue
        if objection:
            yield _problem(standing.part, *objection)
    yield from _circles(placed)


def _problem(part: Part, code: str, what: str, hint: str) -> Problem:
    return Problem(code=code, position=part.position, path=part.path, what=what, hint=hint)


def _unknown(
    word: str, placed: dict[str, Standing], known: frozenset[str]
) -> tuple[str, str, str] | None:
    if word in known:
        return None
    return "unknown_part", f"No part has the id `{word}`", suggest(word, placed)


def _jump_objection(
    standing: Standing, target: str, placed: dict[str, Standing], known: frozenset[str]
) -> tuple[str, str, str] | None:
    if target not in placed:
        return _unknown(target, placed, known)
    aim = placed[target]
    place: Standing | None = standing
    while place is not None:
        if aim.flow is place.flow:
            if aim.index < place.index:
                return None
            what = f"`{target}` does not stand before this part"
            return "jump_forward", what, "A continuity goes back to an earlier part"
        place = place.around
        if place is not None and isinstance(place.part.body, Parallel | AnyOf | ForEach):
            if _is_inside(aim, place):
                break
            what = f"`{target}` stands outside of `{place.part.id}`"
            hint = "A continuity stays inside its parallel, OR branch or for-each"
            return "jump_out", what, hint
    around = aim.around.part.id if aim.around else ""
    what = f"`{target}` stands inside `{around}`, and nothing can be begun in the middle of it"
    return "jump_into", what, f"Continue from `{around}`"


def _is_inside(standing: Standing, container: Standing) -> bool:
    place: Standing | None = standing
    while place is not None:
        if place.part.id == container.part.id:
            return True
        place = place.around
    return False


def _wait_objection(
    standing: Standing, target: str, placed: dict[str, Standing], known: frozenset[str]
) -> tuple[str, str, str] | None:
    if target not in placed:
        return _unknown(target, placed, known)
    if _is_inside(standing, placed[target]):
        what = f"`{target}` holds this part and cannot end before it"
        return "wait_circle", what, "Wait for a part that stands beside it"
    return None


def _circles(placed: dict[str, Standing]) -> Iterator[Problem]:
    """Find waits that wait for each other, each once.

    A part begins when the one before it in its sequence has ended, a container ends when
    all in it have, and a wait ends when its part has; a circle of these never moves.
    """
    waits = [
        (standing, standing.part.body.part)
        for standing in placed.values()
        if isinstance(standing.part.body, WaitPart)
        and standing.part.body.network is None
        and standing.part.body.part in placed
    ]
    ends = [("end", str(standing.part.id)) for standing, _ in waits]
    numbers = circle_numbers(ends, lambda step: _needed_for(step[0], placed[step[1]], placed))
    for standing, target in waits:
        if _is_inside(standing, placed[target]):
            continue
        if numbers["end", target] == numbers["end", standing.part.id]:
            what = f"`{target}` waits itself until this part has ended"
            hint = "One of the two must go on without the other"
            yield _problem(standing.part, "wait_circle", what, hint)


def _needed_for(
    event: str, standing: Standing, placed: dict[str, Standing]
) -> list[tuple[str, str]]:
    part = standing.part
    if event == "begin":
        if standing.index > 0:
            return [("end", standing.flow[standing.index - 1].id)]
        return [("begin", standing.around.part.id)] if standing.around else []
    needed: list[tuple[str, str]] = [("begin", part.id)]
    if isinstance(part.body, WaitPart) and part.body.network is None and part.body.part in placed:
        needed.append(("end", part.body.part))
    if not isinstance(part.body, AnyOf):
        needed += [("end", inner.id) for _, flow in flows_of(part) for inner in flow]
    return needed
