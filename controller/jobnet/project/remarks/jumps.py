"""Remarks on continuities that leave a block whose ``always`` somebody relies on."""

from collections.abc import Iterator

from jobnet.definition import Block, ContinueFrom, Network
from jobnet.project.problems import Problem
from jobnet.project.remarks.telling import remark
from jobnet.project.structure import Standing, standings


def jump_remarks(network: Network) -> Iterator[Problem]:
    """Yield the jumps that go past an ``always``: a new iteration does not run it."""
    for standing in standings(network.flow):
        body = standing.part.body
        if not isinstance(body, ContinueFrom):
            continue
        for around in _left_behind(standing, body.target):
            block = around.part.body
            if isinstance(block, Block) and block.always:
                what = f"This jump leaves `{around.part.id}` without running its `always`"
                hint = "Put the loop inside the block, or around it"
                yield remark(standing.part, "jump_past_always", what, hint)


def _left_behind(standing: Standing, target: str) -> Iterator[Standing]:
    """Yield the containers that a jump leaves, the innermost first."""
    place: Standing | None = standing
    while place is not None and all(part.id != target for part in place.flow):
        place = place.around
        if place is not None:
            yield place
