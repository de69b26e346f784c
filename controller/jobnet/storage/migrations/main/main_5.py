"""Makes the tables of start conditions: what each remembers, and what has come for it."""

import sqlalchemy as sa
from alembic import op

from jobnet.storage.types import JsonText, Name, NameOrNothing, UtcDateTime, Words

revision = "main_5"
down_revision = "main_4"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "trigger_state",
        sa.Column("trigger", Name(), nullable=False),
        sa.Column("condition", Name(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("memory", JsonText(), nullable=False),
        sa.Column("problem", Words(), nullable=False),
        sa.PrimaryKeyConstraint("trigger", name=op.f("pk_trigger_state")),
    )
    op.create_table(
        "trigger_seen",
        sa.Column("trigger", Name(), nullable=False),
        sa.Column("leaf", Name(), nullable=False),
        sa.Column("key", Name(), nullable=False),
        sa.Column("operating_day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("what", JsonText(), nullable=False),
        sa.Column("run_id", NameOrNothing(), nullable=False),
        sa.PrimaryKeyConstraint("trigger", "leaf", "key", name=op.f("pk_trigger_seen")),
    )
    op.create_index("ix_trigger_seen_at", "trigger_seen", ["at"])
    op.create_index("ix_trigger_seen_run", "trigger_seen", ["trigger", "run_id", "at"])
