"""Keeps alerts back while a window is open for what they are about, and counts them."""

from typing import Final

from jobnet.ports.store import Transaction
from jobnet.schedules.windows import WindowSpan

SILENCE: Final = "silence"
COUNTED_MAX: Final = 1_000
"""More silenced alerts of one window are not counted."""


def subject_of(span: WindowSpan) -> str:
    """Return under which name the audit log keeps what a window has silenced."""
    return f"window {span.window}"


def silenced_in(tx: Transaction, span: WindowSpan) -> int:
    """Return how many alerts were not sent since a window is open."""
    rows = tx.audits.page(
        before=None, limit=COUNTED_MAX, subject=subject_of(span), since=span.first
    )
    subject = subject_of(span)
    return sum(row.act == SILENCE and row.subject == subject and row.at < span.last for row in rows)
