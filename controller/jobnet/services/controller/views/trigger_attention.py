"""Lists start conditions that cannot start what they should."""

from collections.abc import Iterator

from jobnet.ports.store import Transaction
from jobnet.services.controller.views.concerns import AttentionView, Concern


def trigger_attention(tx: Transaction) -> Iterator[AttentionView]:
    """Yield the start conditions that have a problem; what has come for them is kept."""
    for row in tx.triggers.all():
        if row.problem:
            yield AttentionView(
                kind=Concern.START_CONDITION,
                run="",
                part="",
                network=row.trigger.partition(" ")[2],
                what=f"the start condition of {row.trigger} has a problem: {row.problem}",
                since=row.since,
                commands=("jobnet trigger list",),
            )
